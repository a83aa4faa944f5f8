"""Articles from elsewhere: readers yield what they find, one place turns it into new files."""

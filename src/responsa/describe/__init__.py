"""What stands around an answer, taken from it: its description, its keywords, and the shelf where it belongs."""

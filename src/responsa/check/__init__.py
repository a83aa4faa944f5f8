"""Rules that say what is wrong with a library, and where."""

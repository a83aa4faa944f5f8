"""A library as other tools want it: each format is written whole or not at all, the same at every run."""

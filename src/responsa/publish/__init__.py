"""A library becomes a static site."""

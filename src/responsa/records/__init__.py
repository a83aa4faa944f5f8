"""Text to record and back, without losing a byte."""

"""Text to record and back without losing a byte; answers, TeX and code spans; layouts."""

"""What multiplies small matrices does so in one thread."""

import os


def alone() -> None:
    """Called before NumPy is loaded: its threads would wait for each other longer than they work, at such sizes."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

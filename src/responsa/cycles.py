"""Python looks for cycles after every 700 new objects, which a command that walks many files makes in no time."""

import gc


def seldom() -> None:
    """Look after 50,000: what a command or a shard makes goes without being looked for, nearly all of it."""
    gc.set_threshold(50_000, 20, 100)

"""Commands: one function each. Nothing is worked out here; a command reads, calls a stage and prints."""

import gc
import os
import signal
from typing import NoReturn

INTERRUPTED = 130
SELDOM = (50_000, 20, 100)
"""When Python looks for cycles: after 700 new objects by itself, which takes a sixth of a walk over many files."""

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run one command line, this process's own unless given. Ctrl-C while parts are loaded ends it without a word."""
    gc.set_threshold(*SELDOM)
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from responsa.cli.app import main as run  # noqa: PLC0415 - takes a fifth of a second, in which Ctrl-C may come

    signal.signal(signal.SIGINT, before)
    return run(arguments)


def _leave(*_: object) -> NoReturn:
    # Nothing was begun: there is nothing to put in order, and no frame that should see an exception.
    os._exit(INTERRUPTED)

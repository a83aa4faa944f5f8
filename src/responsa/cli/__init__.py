"""Commands: one function each. Nothing is worked out here; a command reads, calls a stage and prints."""

import os
import signal
from typing import NoReturn

from responsa.cycles import seldom

INTERRUPTED = 130

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run one command line, this process's own unless given. Ctrl-C while parts are loaded ends it without a word."""
    seldom()
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from responsa.cli.app import main as run  # noqa: PLC0415 - takes a fifth of a second, in which Ctrl-C may come

    signal.signal(signal.SIGINT, before)
    return run(arguments)


def _leave(*_: object) -> NoReturn:
    # Nothing was begun: there is nothing to put in order, and no frame that should see an exception.
    os._exit(INTERRUPTED)

"""How far a command has come, on a terminal."""

from typing import Self

from rich.console import Console
from rich.progress import Progress


class Meter:
    """A bar on standard error; it leaves nothing behind."""

    def __init__(self, thing: str, *, shown: bool) -> None:
        self._bar = Progress(console=Console(stderr=True), transient=True, disable=not shown)
        self._task = self._bar.add_task(thing, total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, done: int, total: int) -> None:
        """So many of so many."""
        self._bar.update(self._task, completed=done, total=total)

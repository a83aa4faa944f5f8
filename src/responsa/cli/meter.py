"""How far a command has come, on a terminal."""

from collections.abc import Callable
from typing import Any, Self


class Meter:
    """A bar on standard error; it leaves nothing behind."""

    def __init__(self, thing: str, *, shown: bool) -> None:
        self._bar = _bar() if shown else None
        self._task = self._bar.add_task(thing, total=None) if self._bar else None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def of(self, thing: str) -> Callable[[int, int], None]:
        """``advance`` for another thing, one after the other on the same line."""

        def advance(done: int, total: int) -> None:
            if self._bar:
                self._bar.update(self._task, description=thing, completed=done, total=total)

        return advance

    def advance(self, done: int, total: int) -> None:
        """So many of so many."""
        if self._bar:
            self._bar.update(self._task, completed=done, total=total)


def _bar() -> Any:  # noqa: ANN401 - rich's Progress
    # Imported here: it takes 0.2 s, which a build that only looks for changes would spend on nothing.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    return Progress(console=Console(stderr=True), transient=True)

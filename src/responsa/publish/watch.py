"""Building again whenever something of the library changes, until told to stop."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Final

from watchfiles import Change, watch

from responsa.errors import ResponsaError
from responsa.library.library import read
from responsa.library.lock import PRIVATE
from responsa.publish.build import Build, Wish, build

STEP: Final = 10
"""Milliseconds without a further change after which a build begins."""
LONGEST: Final = 200
"""Milliseconds that a build waits at most while changes keep coming."""
_IGNORED: Final = {PRIVATE, ".git", ".hg", "node_modules", "__pycache__"}


def rebuilds(folder: Path, out: Path, wish: Wish, stop: Event | None = None) -> Iterator[Build | ResponsaError]:
    """What each build after a change gave, or why it failed; a failed one leaves the site as it was."""
    folder = folder.absolute()
    changes = watch(
        folder,
        watch_filter=_relevant(folder, out.resolve()),
        debounce=LONGEST,
        step=STEP,
        stop_event=stop,
        raise_interrupt=False,
        rust_timeout=1000,
    )
    for _ in changes:
        try:
            yield build(read(folder), out, wish)
        except ResponsaError as error:
            yield error


def _relevant(folder: Path, out: Path) -> Callable[[Change, str], bool]:
    """Whether a change is the library's own: neither the site nor what is derived."""

    def relevant(_change: Change, name: str) -> bool:
        path = Path(name)
        if out in (path, *path.parents) or (path.parent == out.parent and path.name.startswith(f".{out.name}.")):
            return False
        inner = path.relative_to(folder) if path.is_relative_to(folder) else path
        hidden = any(part.startswith(f".{out.name}.") for part in inner.parts)
        return not hidden and _IGNORED.isdisjoint(inner.parts)

    return relevant

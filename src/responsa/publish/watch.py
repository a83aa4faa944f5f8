"""Building again whenever something of the library changes, until told to stop."""

from collections.abc import Callable, Generator, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath
from threading import Event
from typing import Final

from msgspec import structs
from watchfiles import Change, watch
from watchfiles._rust_notify import WatchfilesRustInternalError

from responsa.errors import ResponsaError
from responsa.library.library import read
from responsa.library.lock import PRIVATE
from responsa.publish.build import Build, Wish, build

STEP: Final = 10
"""Milliseconds without a further change after which a build begins."""
FIRST_LOOK: Final = 1000
"""Milliseconds after which a watch without a change looks at all files, once."""
LONGEST: Final = 200
"""Milliseconds that a build waits at most while changes keep coming."""
_IGNORED: Final = {PRIVATE, ".git", ".hg", "node_modules", "__pycache__"}


def rebuilds(folder: Path, out: Path, wish: Wish, stop: Event | None = None) -> Iterator[Build | ResponsaError]:
    """What each build after a change gave, or why it failed; a failed one leaves the site as it was.

    The first one looks at every file, for what changed before the watch began; later ones at those that changed.
    """
    folder = folder.absolute()
    pending: AbstractSet[PurePosixPath] | None = None
    looked = False
    for change in changes(folder, out, stop, FIRST_LOOK):
        if looked and change == frozenset():
            continue
        looked = True
        pending = joined(pending, change)
        try:
            made = build(read(folder), out, structs.replace(wish, touched=pending))
        except ResponsaError as error:
            yield error
            continue
        pending = frozenset()
        if change != frozenset() or made.written or made.removed:
            yield made


def changes(folder: Path, out: Path, stop: Event | None, rest: int) -> Iterator[AbstractSet[PurePosixPath] | None]:
    """The articles' files that changed, each time any did; ``None`` where more than articles may have changed.

    An empty set every ``rest`` milliseconds in which nothing changed.
    """
    # Where the folder really lies: a watcher names files so, whatever link led there.
    folder, lost = folder.resolve(), False
    while True:
        found = watch(
            folder,
            watch_filter=_relevant(folder, out.resolve()),
            debounce=LONGEST,
            step=STEP,
            stop_event=stop,
            raise_interrupt=False,
            rust_timeout=rest,
            yield_on_timeout=True,
        )
        lost = yield from _told(folder, found, lost=lost)
        if not lost:
            return


def _told(
    folder: Path, found: Iterator[set[tuple[Change, str]]], *, lost: bool
) -> Generator[AbstractSet[PurePosixPath] | None, None, bool]:
    """Changes until the watcher ends, or until it breaks at a name that is no UTF-8, so that a new one is needed.

    What it had to tell is ``lost`` with it, and so the new one begins with a look at everything.
    """
    try:
        for change in found:
            yield None if lost else _articles(folder, change)
            lost = False
    except WatchfilesRustInternalError as error:
        if "decode path" not in str(error):
            raise ResponsaError(f"{folder}: cannot be watched: {error}") from error
        return True
    except OSError as error:
        raise ResponsaError(f"{folder}: cannot be watched: {error.strerror or error}") from error
    return False


def joined(
    one: AbstractSet[PurePosixPath] | None, other: AbstractSet[PurePosixPath] | None
) -> AbstractSet[PurePosixPath] | None:
    """Both changes as one."""
    return None if one is None or other is None else one | other


def _articles(folder: Path, change: set[tuple[Change, str]]) -> AbstractSet[PurePosixPath] | None:
    """The changed files, relative to the library's folder; ``None`` where more than articles may have changed."""
    paths = [Path(name) for _, name in change]
    if not all(path.suffix == ".md" and path.is_relative_to(folder) for path in paths):
        return None
    return {PurePosixPath(path.relative_to(folder)) for path in paths}


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

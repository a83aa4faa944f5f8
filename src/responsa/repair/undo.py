"""Taking a run of repairs back: every file holds again what it held before the first of them."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.errors import EditError, UnreadableError, UsageError
from responsa.library.create import New, create
from responsa.library.library import Change, Library
from responsa.library.write import write
from responsa.repair.journal import Before, Run, digest, runs

FEW: Final = 20
"""Files that are named where a run cannot be taken back."""


class Undone(Struct, frozen=True):
    """What taking a run back did: files whose bytes came back, and files that were there again."""

    run: Run
    changed: tuple[PurePosixPath, ...]
    made: tuple[PurePosixPath, ...]


def undo(library: Library) -> Undone:
    """Take the last run back, one that was cut off too. Raises ``EditError`` with the files that were changed since.

    Nothing is written then. Cut off itself, it goes on when it is called again.
    """
    known = runs(library.folder)
    if not known:
        raise UsageError(f"{library.folder}: there is no run of `responsa fix --write` that could be taken back")
    run = known[-1]
    first = _firsts(library, run)
    changed: list[PurePosixPath] = []
    made: list[PurePosixPath] = []
    for number, batch in enumerate(run.batches()):
        mine = [one for one in batch.files if first[one.path] == number]
        changed += _restored(library, mine)
        made += _made(library, mine)
    sweep(library, run)
    return Undone(run, tuple(changed), tuple(made))


def _firsts(library: Library, run: Run) -> dict[str, int]:
    """The batch that first changed each file; every file must hold what one of the run's steps left."""
    first: dict[str, int] = {}
    states: dict[str, set[bytes]] = {}
    for number, batch in enumerate(run.batches()):
        for one in batch.files:
            first.setdefault(one.path, number)
            states.setdefault(one.path, set()).update((digest(one.held), one.after))
    strange = [path for path, known in sorted(states.items()) if _state(library, path) not in known]
    if strange:
        more = f"\n... and {len(strange) - FEW:,} more" if len(strange) > FEW else ""
        listed = "\n".join(strange[:FEW])
        raise EditError(f"changed since the repairs, nothing was taken back; put these back yourself:\n{listed}{more}")
    return first


def _state(library: Library, path: str) -> bytes:
    held = _held(library, PurePosixPath(path))
    return b"" if held is None else digest(held)


def _held(library: Library, path: PurePosixPath) -> bytes | None:
    with suppress(UnreadableError):
        return library.data(path)
    return None


def _restored(library: Library, files: list[Before]) -> Iterator[PurePosixPath]:
    changes = []
    for one in files:
        path = PurePosixPath(one.path)
        held = _held(library, path)
        if held is not None and held != one.held:
            changes.append(Change(path, held, one.held, ()))
    write(library, changes)
    return iter([change.path for change in changes])


def _made(library: Library, files: list[Before]) -> list[PurePosixPath]:
    missing = [one for one in files if _held(library, PurePosixPath(one.path)) is None]
    create(library, [New(PurePosixPath(one.path), one.held) for one in missing])
    return [PurePosixPath(one.path) for one in missing]


def sweep(library: Library, run: Run) -> None:
    """Remove what a kill left half written beside the files of a run."""
    names = {PurePosixPath(one.path) for batch in run.batches() for one in batch.files}
    starts: dict[PurePosixPath, set[str]] = {}
    for path in names:
        starts.setdefault(path.parent, set()).add(f".{path.name[:40]}.")
    for folder, wanted in starts.items():
        for half in (library.folder / folder).glob(".*.tmp"):
            if half.name.rsplit(".", 2)[0] + "." in wanted and half.is_file() and not half.is_symlink():
                half.unlink(missing_ok=True)

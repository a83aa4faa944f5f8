"""Removing records, as safely as they are written: only what still holds what the removal was decided on."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from msgspec import Struct

from responsa.errors import EditError
from responsa.library.library import Change, Library
from responsa.library.lock import lock
from responsa.library.write import _verified, sweep, sync_folder


class Removal(Struct, frozen=True):
    """A file to be removed; ``before`` is what it held when that was decided."""

    path: PurePosixPath
    before: bytes
    reason: str = ""


def remove(library: Library, removals: Iterable[Removal]) -> list[Path]:
    """Carry ``removals`` out and return the files removed.

    Nothing at all is removed if a file no longer holds what it held, is a link or lies outside the library. Whoever
    merges articles writes the one that stays first, so that a crash on the way never loses a question.
    """
    planned = list({removal.path: removal for removal in removals}.values())
    if not planned:
        return []
    with lock(library.folder):
        files = [_verified(library, Change(one.path, one.before, b"", ())) for one in planned]
        sweep({file.parent for file in files})
        for file in files:
            try:
                file.unlink()
            except OSError as error:
                raise EditError(f"{file}: cannot be removed: {error.strerror}") from error
        for folder in sorted({file.parent for file in files}):
            sync_folder(folder)
    return files

"""The one place that makes new records: a file appears whole or not at all, and never in the place of another."""

import errno
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.errors import EditError
from responsa.library.library import Library
from responsa.library.lock import lock
from responsa.library.write import sweep, sync_folder

MANY: Final = 64
"""From so many files on, the disk is told once to write everything out instead of once a file."""
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK})
"""What a file system says that has no hard links."""


class New(Struct, frozen=True):
    """A file to be made: where, relative to the library's folder, and what it holds."""

    path: PurePosixPath
    data: bytes


def create(library: Library, files: Iterable[New]) -> list[Path]:
    """Make ``files`` and return where they are. Raises ``EditError``; then nothing that was there has changed.

    Nothing at all is made if one of them is there already, is named twice or would lie outside the library. A crash on
    the way leaves each file whole or missing.
    """
    planned = list(files)
    if not planned:
        return []
    with lock(library.folder):
        places = [_free(library.folder, one.path) for one in planned]
        if len(set(places)) < len(places):
            twice = next(place for number, place in enumerate(places) if place in places[:number])
            raise EditError(f"{twice}: is to be made twice; nothing was written")
        sweep({place.parent for place in places})
        made = {folder for place in places for folder in _folders(place.parent)}
        _fill(places, planned)
        for folder in sorted({*made, *(place.parent for place in places)}):
            sync_folder(folder)
    return places


def _free(folder: Path, path: PurePosixPath) -> Path:
    """The place itself; refuses one that is taken, or that a link leads out of the library."""
    place = folder / path
    if path.is_absolute() or ".." in path.parts or not path.name or "\0" in str(path):
        raise EditError(f"{path}: lies outside the library; nothing was written")
    try:
        inside = place.parent.resolve().is_relative_to(folder.resolve())
        taken = os.path.lexists(place)
    except OSError as error:
        raise EditError(f"{path}: cannot be written: {error.strerror}") from error
    if not inside:
        raise EditError(f"{path}: lies outside the library; nothing was written")
    if taken:
        raise EditError(f"{path}: is there already; nothing was written")
    return place


def _folders(folder: Path) -> list[Path]:
    """Makes ``folder``; returns the folders that hold a new one, to be synced."""
    missing = [folder, *folder.parents]
    missing = missing[: next((n for n, one in enumerate(missing) if one.is_dir()), len(missing))]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EditError(f"{folder}: cannot be made: {error.strerror}") from error
    return [one.parent for one in missing]


def _fill(places: Sequence[Path], planned: Sequence[New]) -> None:
    temporary: list[Path] = []
    try:
        for place, one in zip(places, planned, strict=True):
            temporary.append(_written(place, one.data, sync=len(planned) < MANY))
        if len(planned) >= MANY:
            os.sync()
        for place, file in zip(places, temporary, strict=True):
            _show(file, place)
    finally:
        for file in temporary:
            with suppress(OSError):
                file.unlink()


def _written(place: Path, data: bytes, *, sync: bool) -> Path:
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{place.name[:40]}.", suffix=".tmp", dir=place.parent)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fchmod(out.fileno(), 0o666 & ~_umask())
            if sync:
                os.fsync(out.fileno())
    except OSError as error:
        raise EditError(f"{place}: cannot be written: {error.strerror}") from error
    return Path(name)


def _umask() -> int:
    """What a new file may not grant; asking for it means setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _show(file: Path, place: Path) -> None:
    """A link never replaces what is there; where there are no links, the lock has kept the place free."""
    try:
        os.link(file, place)
    except FileExistsError as error:
        raise EditError(f"{place}: appeared meanwhile; it was left as it is") from error
    except OSError as error:
        if error.errno not in _NO_LINKS or os.path.lexists(place):
            raise EditError(f"{place}: cannot be written: {error.strerror}") from error
        file.rename(place)

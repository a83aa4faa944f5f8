"""The one place that writes records: every file holds either what it held or what it should, whatever happens."""

import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from responsa.errors import EditError
from responsa.library.library import Change, Library
from responsa.library.lock import lock

_HALF: Final = re.compile(r"\..{1,40}\.[a-z0-9_]{8}\.tmp", re.DOTALL)
"""The name of a file that is being written: what it will be called, shortened, and eight signs of its own."""


def write(library: Library, changes: Iterable[Change]) -> list[Path]:
    """Carry ``changes`` out and return the files written.

    Nothing at all is written if a file no longer holds what its change started from, or lies outside the library.
    A crash on the way leaves each file whole; those already renamed stay changed.
    """
    planned = list(changes)
    if not planned:
        return []
    with lock(library.folder):
        files = [_verified(library, change) for change in planned]
        folders = sorted({file.parent for file in files})
        sweep(folders)
        for file, change in zip(files, planned, strict=True):
            _replace(file, change.after)
        for folder in folders:
            sync_folder(folder)
    return files


def _verified(library: Library, change: Change) -> Path:
    file = _inside(library.folder, change.path)
    try:
        held = file.read_bytes()
    except OSError as error:
        raise EditError(f"{change.path}: cannot be read: {error.strerror}; nothing was written") from error
    if held != change.before:
        raise EditError(f"{change.path}: was changed meanwhile; nothing was written, run the command again")
    return file


def _inside(folder: Path, path: PurePosixPath) -> Path:
    """The file itself; refuses what is no plain file or what a link leads out of the library."""
    file = folder / path
    root = folder.resolve()
    if path.is_absolute() or ".." in path.parts or not file.resolve().is_relative_to(root):
        raise EditError(f"{path}: lies outside the library; nothing was written")
    try:
        mode = file.lstat().st_mode
    except OSError as error:
        raise EditError(f"{path}: cannot be read: {error.strerror}; nothing was written") from error
    if not stat.S_ISREG(mode):
        raise EditError(f"{path}: is a link or no plain file; nothing was written")
    return file


def _replace(file: Path, content: bytes) -> None:
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name[:40]}.", suffix=".tmp", dir=file.parent)
    except OSError as error:
        raise EditError(f"{file}: cannot be written: {error.strerror}") from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fchmod(out.fileno(), stat.S_IMODE(file.stat().st_mode))
            os.fsync(out.fileno())
        temporary.replace(file)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise EditError(f"{file}: cannot be written: {error.strerror}") from error
        raise


def sweep(folders: Iterable[Path]) -> None:
    """Remove halves of files that a killed writer left. Whoever holds the lock knows that nobody is writing them."""
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            halves = [entry.path for entry in entries if _HALF.fullmatch(entry.name)]
            for half in halves:
                Path(half).unlink()


def sync_folder(folder: Path) -> None:
    """A rename lasts through a power cut once its folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""One writer at a time: a lock that the operating system gives back when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from responsa.errors import LockedError, ResponsaError

PRIVATE: Final = ".responsa"
"""The folder of what is derived; it can be deleted."""


@contextmanager
def lock(folder: Path, name: str = "lock", *, wait: bool = False) -> Iterator[None]:
    """Hold the lock ``name`` of the library in ``folder``. Raises ``LockedError`` at once unless told to wait."""
    path = private(folder) / name
    descriptor = _opened(path)
    try:
        _hold(descriptor, path, wait=wait)
        yield
    finally:
        os.close(descriptor)


def private(folder: Path) -> Path:
    """The folder of derived files, made where it is missing and kept out of Git."""
    path = folder / PRIVATE
    if path.is_symlink():
        raise ResponsaError(f"{path}: is a link; remove it, Responsa keeps derived files in a folder of the library")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = "a copy of the library serves where this one may not be written"
        raise ResponsaError(
            f"{path}: cannot be made: {error.strerror}; Responsa keeps derived files there, {what}"
        ) from error
    _kept_out_of_git(path / ".gitignore")
    return path


def _kept_out_of_git(ignored: Path) -> None:
    """Asked for at every call: whoever made the folder may have been killed before this."""
    if not ignored.exists():
        with suppress(OSError):
            ignored.write_text("*\n", encoding="utf-8")


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise ResponsaError(f"{path}: cannot be written: {error.strerror}") from error


def _hold(descriptor: int, path: Path, *, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        raise LockedError(f"{path}: another command is writing this library; wait for it to end") from error

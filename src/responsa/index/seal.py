"""Files with what they were when they were written, so that damage is seen before they are read.

A file whose size and time are as noted counts as whole; for any other its bytes are summed and compared. What is
damaged without leaving a trace in size or time (a failing disk) is not seen: ``.responsa`` can always be deleted.
"""

import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.errors import ResponsaError


class Seal(Struct, frozen=True, array_like=True):
    """A file as it was left: bytes, nanoseconds of the last change, CRC-32."""

    size: int
    changed: int
    crc: int


Seals = dict[str, Seal]
"""By the name of the file in its folder."""


def save(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> Seals:
    """Write arrays into a new folder, synced; they count once their seals are kept."""
    try:
        folder.mkdir(parents=True)
        seals = {name: _written(folder / f"{name}.npy", values) for name, values in arrays.items()}
        sync(folder)
    except OSError as error:
        raise ResponsaError(f"{folder}: cannot be written: {error.strerror}") from error
    return seals


def load(folder: Path, seals: Seals) -> dict[str, NDArray[Any]]:
    """The arrays, memory-mapped. Raises ``ValueError`` where one is not as it was written."""
    return {name: _mapped(folder / f"{name}.npy", seal) for name, seal in seals.items()}


def commit(path: Path, body: bytes) -> None:
    """Make ``body`` what the file at ``path`` says, durably: a kill leaves what it said before, or this."""
    half = path.with_name(f"{path.name}.part")
    with half.open("wb") as file:
        file.write(b"%08x\n%s" % (zlib.crc32(body), body))
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    sync(path.parent)


def committed(path: Path) -> bytes:
    """What was committed. Raises ``OSError`` where nothing is there, ``ValueError`` where it is damaged."""
    crc, _, body = path.read_bytes().partition(b"\n")
    if int(crc, 16) != zlib.crc32(body):
        raise ValueError(f"{path}: is not as it was written")
    return body


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(path: Path, values: NDArray[Any]) -> Seal:
    with path.open("xb") as file:
        np.save(file, np.ascontiguousarray(values), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    stat = path.stat()
    return Seal(stat.st_size, stat.st_mtime_ns, _crc(path))


def _mapped(path: Path, seal: Seal) -> NDArray[Any]:
    try:
        stat = path.lstat()
        same = (stat.st_size, stat.st_mtime_ns) == (seal.size, seal.changed)
        if not same and (stat.st_size != seal.size or path.is_symlink() or _crc(path) != seal.crc):
            raise ValueError(f"{path}: is not as it was written")
        # A plain view of the mapping: np.memmap itself takes microseconds at every look at it.
        found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error
    return found


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            crc = zlib.crc32(part, crc)
    return crc

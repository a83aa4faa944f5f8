"""Vectors on disk, found by the content they stand for: one file that only grows.

A record is the key (16 bytes), the CRC-32 of the vector and the vector in half precision. A kill while one is written
leaves a torn end, which is cut off at the next opening, as is everything from the first damaged record on.
"""

import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from responsa.errors import ResponsaError
from responsa.index.encoder import Floats

KEY: Final = 16
WASTE: Final = 2
"""Times as many rows as are in use: from there on the file is rewritten."""
LITTLE: Final = 1024
"""Rows that are no waste worth a rewriting."""


class Rows:
    """A growing table of vectors. One process opens or changes it at a time (the index' lock sees to it).

    Vectors can be read after the lock is given back: rows stay where they are, and a rewritten file is a new one.
    """

    def __init__(self, folder: Path, name: str, dims: int) -> None:
        self.dims, self._path = dims, folder / f"{name}.rows"
        self._record = np.dtype([("key", f"V{KEY}"), ("crc", "<u4"), ("vector", "<f2", (dims,))])
        self._table = np.zeros(0, self._record)
        self._keys: dict[bytes, int] = {}
        self._open()

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: bytes) -> bool:
        return key in self._keys

    def missing(self, keys: Sequence[bytes]) -> list[int]:
        """Positions in ``keys`` of those that have no row, each key once."""
        first: dict[bytes, int] = {}
        for position, key in enumerate(keys):
            if key not in self._keys:
                first.setdefault(key, position)
        return list(first.values())

    def add(self, keys: Sequence[bytes], vectors: Floats) -> None:
        """Append rows. They are safe on disk when this returns."""
        if keys:
            _write(self._path, self._records(keys, vectors), os.O_APPEND)
            start = len(self._keys)
            self._keys.update((key, start + at) for at, key in enumerate(keys))
            self._table = self._mapped(len(self._keys))

    def of(self, keys: Sequence[bytes]) -> Floats:
        """The vectors of keys that all have one, shape ``(len(keys), dims)``."""
        if not keys:
            return np.zeros((0, self.dims), np.float32)
        return np.asarray(self._table["vector"][[self._keys[key] for key in keys]], np.float32)

    def keep(self, keys: Sequence[bytes]) -> None:
        """Drop rows that nothing uses any more, where they are most of the file."""
        used = [key for key in dict.fromkeys(keys) if key in self._keys]
        if len(self._keys) <= WASTE * len(used) + LITTLE:
            return
        half = self._path.with_suffix(".part")
        _write(half, self._records(used, self.of(used)) if used else b"", os.O_TRUNC)
        half.replace(self._path)
        self._open()

    def _records(self, keys: Sequence[bytes], vectors: Floats) -> bytes:
        records = np.zeros(len(keys), self._record)
        records["key"] = np.frombuffer(b"".join(keys), f"V{KEY}")
        records["vector"] = vectors
        records["crc"] = [zlib.crc32(vector) for vector in np.ascontiguousarray(records["vector"])]
        return records.tobytes()

    def _open(self) -> None:
        size = self._path.stat().st_size if self._path.is_file() else 0
        table = self._mapped(size // self._record.itemsize)
        sound = next(
            (at for at, (crc, vector) in enumerate(zip(table["crc"], table["vector"], strict=True))
             if crc != zlib.crc32(vector)), len(table)
        )  # fmt: skip
        if sound * self._record.itemsize != size:
            with _opened(self._path, 0) as file:
                file.truncate(sound * self._record.itemsize)
        self._table = self._mapped(sound)
        self._keys = {key: at for at, key in enumerate(_keys(self._table["key"]))}

    def _mapped(self, count: int) -> NDArray[Any]:
        return np.memmap(self._path, self._record, "r", shape=(count,)) if count else np.zeros(0, self._record)


def _keys(column: NDArray[Any]) -> list[bytes]:
    packed = np.ascontiguousarray(column).tobytes()
    return [packed[at : at + KEY] for at in range(0, len(packed), KEY)]


def _opened(path: Path, flags: int) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | flags, 0o644), "r+b")
    except OSError as error:
        raise ResponsaError(f"{path}: cannot be written: {error.strerror}") from error


def _write(path: Path, data: bytes, flags: int) -> None:
    try:
        with _opened(path, flags) as file:
            if flags & os.O_APPEND:
                file.seek(0, os.SEEK_END)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ResponsaError(f"{path}: cannot be written: {error.strerror}") from error

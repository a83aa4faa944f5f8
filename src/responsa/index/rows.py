"""Vectors on disk, found by the content they stand for: two files that only grow.

``NAME.keys`` holds 20 bytes a row (16 of the key, 4 of the row's CRC-32), ``NAME.f16`` the rows. Rows are written and
synced before their keys, so a kill leaves at most rows without a key: they are cut off at the next opening.
"""

import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from responsa.errors import ResponsaError
from responsa.index.encoder import Floats

KEY: Final = 16
_ENTRY: Final = KEY + 4
WASTE: Final = 2
"""Times as many rows as are in use: from there on the store is rewritten."""


class Rows:
    """A growing table of half-precision vectors. One process writes at a time (the index' lock sees to it)."""

    def __init__(self, folder: Path, name: str, dims: int) -> None:
        self.dims, self.width = dims, dims * 2
        self._keys_file, self._data_file = folder / f"{name}.keys", folder / f"{name}.f16"
        self._keys = self._sound()

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
        if not keys:
            return
        rows = np.ascontiguousarray(vectors, np.float16)
        entries = b"".join(
            key + zlib.crc32(row.tobytes()).to_bytes(4, "little") for key, row in zip(keys, rows, strict=True)
        )
        _append(self._data_file, rows.tobytes())
        _append(self._keys_file, entries)
        start = len(self._keys)
        self._keys.update((key, start + number) for number, key in enumerate(keys))

    def of(self, keys: Sequence[bytes]) -> Floats:
        """The vectors of keys that all have one, shape ``(len(keys), dims)``."""
        if not keys:
            return np.zeros((0, self.dims), np.float32)
        return self._table()[[self._keys[key] for key in keys]].astype(np.float32)

    def keep(self, keys: Sequence[bytes]) -> None:
        """Drop rows that nothing uses any more, where they are most of the store."""
        used = [key for key in dict.fromkeys(keys) if key in self._keys]
        if len(self._keys) <= WASTE * len(used):
            return
        vectors = self.of(used)
        self._cut(0)
        self._keys = {}
        self.add(used, vectors)

    def _table(self) -> NDArray[np.float16]:
        return np.memmap(self._data_file, np.float16, "r", shape=(len(self._keys), self.dims))

    def _sound(self) -> dict[bytes, int]:
        """Keys with their rows as far as the files agree; what follows is cut off."""
        entries, size = _bytes(self._keys_file), _size(self._data_file)
        whole = min(len(entries) // _ENTRY, size // self.width)
        sound = self._agreeing(entries, whole)
        if sound * _ENTRY != len(entries) or sound * self.width != size:
            self._cut(sound)
        return {entries[at * _ENTRY : at * _ENTRY + KEY]: at for at in range(sound)}

    def _agreeing(self, entries: bytes, whole: int) -> int:
        """How many rows from the first on are as they were written."""
        if not whole:
            return 0
        data = memoryview(np.memmap(self._data_file, np.uint8, "r", shape=(whole * self.width,)))  # type: ignore[arg-type]
        for at in range(whole):
            crc = zlib.crc32(data[at * self.width : (at + 1) * self.width])
            if crc.to_bytes(4, "little") != entries[at * _ENTRY + KEY : (at + 1) * _ENTRY]:
                return at
        return whole

    def _cut(self, rows: int) -> None:
        for path, width in ((self._keys_file, _ENTRY), (self._data_file, self.width)):
            with _opened(path) as file:
                file.truncate(rows * width)


def _opened(path: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644), "r+b")
    except OSError as error:
        raise ResponsaError(f"{path}: cannot be written: {error.strerror}") from error


def _append(path: Path, data: bytes) -> None:
    try:
        with _opened(path) as file:
            file.seek(0, os.SEEK_END)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ResponsaError(f"{path}: cannot be written: {error.strerror}") from error


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0

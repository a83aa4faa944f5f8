"""The vectors that a search compares with: one row a listed article, memory-mapped, replaced as a whole."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 - no TYPE_CHECKING blocks

from responsa.index.encoder import Floats

_DENSE, _NUMBERS, _SHELVES = "dense.npy", "numbers.npy", "shelves.npy"


class View:
    """Rows in the order of numbers. ``shelves`` gives each row's place in the list of subjects."""

    def __init__(self, folder: Path) -> None:
        self.dense: Floats = np.load(folder / _DENSE, mmap_mode="r")
        self.numbers: NDArray[np.int64] = np.load(folder / _NUMBERS)
        self.shelves: NDArray[np.int32] = np.load(folder / _SHELVES)
        if not len(self.dense) == len(self.numbers) == len(self.shelves):
            raise ValueError(f"{folder}: its parts do not fit together")

    def nearest(self, vector: Floats, limit: int, shelf: int | None = None) -> list[tuple[int, float]]:
        """(number, similarity) of the rows nearest to a vector, best first; ties by number."""
        scores = self.dense @ vector
        rows = np.arange(len(scores)) if shelf is None else np.flatnonzero(self.shelves == shelf)
        if len(rows) > limit:
            rows = rows[np.argpartition(-scores[rows], limit)[:limit]]
        order = np.lexsort((self.numbers[rows], -scores[rows]))
        return [(int(self.numbers[row]), float(scores[row])) for row in rows[order]]

    def similarity(self, vector: Floats, numbers: Sequence[int]) -> dict[int, float]:
        """How near articles are; those without a row are left out."""
        wanted = np.asarray(numbers, np.int64)
        at = np.searchsorted(self.numbers, wanted)
        inside = at < len(self.numbers)
        there = inside & (self.numbers[np.where(inside, at, 0)] == wanted) if len(self.numbers) else inside
        rows = at[there]
        return dict(zip(wanted[there].tolist(), (self.dense[rows] @ vector).tolist(), strict=True))


def save(folder: Path, dense: Floats, numbers: Sequence[int], shelves: Sequence[int]) -> None:
    """Write a view where none is seen yet: it counts once its name is kept."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts: dict[str, NDArray[Any]] = {
        _DENSE: np.ascontiguousarray(dense, np.float32),
        _NUMBERS: np.asarray(numbers, np.int64),
        _SHELVES: np.asarray(shelves, np.int32),
    }
    for name, values in parts.items():
        with (folder / name).open("wb") as file:
            np.save(file, values)
            file.flush()
            os.fsync(file.fileno())

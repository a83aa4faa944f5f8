"""The vectors that a search compares with: one row a listed article, memory-mapped, replaced as a whole.

Eight bits a number, scaled by each row's largest: whole-number products are the same in any order and on any
processor, and 36,000 rows are read in a millisecond where 32 bits take six. Ranks were not changed by it
(bench/quality/search.py).
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import simsimd
from numpy.typing import NDArray

from responsa.index.encoder import Floats

_LEVELS: Final = 127
_BLOCK: Final = 4096

Bytes = NDArray[np.int8]


class View:
    """Rows in the order of ``numbers``, ascending. ``shelves`` gives each row's place in the list of subjects.

    ``lengths`` are those of the rows, which are the same for every query.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        try:
            self.dense: Bytes = arrays["dense"]
            self.numbers: NDArray[np.int64] = arrays["numbers"]
            self.shelves: NDArray[np.int32] = arrays["shelves"]
            self.lengths: NDArray[np.float32] = arrays["lengths"]
        except KeyError as error:
            raise ValueError(f"a view lacks {error}") from error
        if not len(self.dense) == len(self.numbers) == len(self.shelves) == len(self.lengths):
            raise ValueError("the parts of a view do not fit together")

    def __len__(self) -> int:
        return len(self.numbers)

    def similarity(self, vector: Floats) -> NDArray[np.float32]:
        """The cosine of every row with a vector."""
        return cosines(self.dense, self.lengths, vector)


def cosines(rows: Bytes, lengths: NDArray[np.float32], vector: Floats) -> NDArray[np.float32]:
    """The cosine of every row with a vector; 0 for a row or vector of zeros."""
    asked = quantised(vector.reshape(1, -1))
    if not len(rows) or not asked.any():
        return np.zeros(len(rows), np.float32)
    # simsimd's own cosine sums up both lengths for every row again. Dots are whole numbers that 32 bits hold exactly.
    dots = np.asarray(simsimd.cdist(asked, rows, metric="dot"), np.float64).reshape(-1)
    found: NDArray[np.float32] = dots.astype(np.float32)
    found /= lengths
    found /= lengths_of(asked)
    return found


def lengths_of(rows: Bytes) -> NDArray[np.float32]:
    """The length of each row; 1 for a row of zeros, which is like nothing then."""
    squares = np.einsum("ij,ij->i", rows, rows, dtype=np.int32)
    return np.asarray(np.sqrt(np.maximum(squares, 1)), np.float32)


def quantised(vectors: Floats) -> Bytes:
    """Rows as whole numbers from -127 to 127."""
    high = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    return np.asarray(np.rint(vectors * (_LEVELS / np.maximum(high, np.float32(1e-12)))), np.int8)


def blocks(count: int) -> Iterator[slice]:
    """Rows a few thousand at a time."""
    return (slice(at, min(at + _BLOCK, count)) for at in range(0, count, _BLOCK))

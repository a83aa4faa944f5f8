"""What questions are about: their content words, weighed by how rare they are in the library."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

COMMON: Final = 6
"""A word in more than one of 2**6 articles tells nothing of what one is about.

Weights come in whole steps of the logarithm: those of a whole library must not move with every edit of one article.
"""
MANY: Final = 256
"""Rows from which common words are dropped; in a small library every word counts."""
TINY: Final = 1e-12


class Bags(Struct, frozen=True):
    """Weighed words, a row a question: ``ids[start[r]:start[r+1]]`` with ``weights``, rows of length 1.

    ``holders`` and ``shares`` are the same by word: which rows hold it, with their weights.
    """

    start: NDArray[np.int64]
    ids: Ints
    weights: Floats
    first: NDArray[np.int64]
    holders: Ints
    shares: Floats

    def __len__(self) -> int:
        return len(self.start) - 1

    def overlap(self, rows: Ints) -> Floats:
        """The cosine of each of ``rows`` with every row, shape ``(len(rows), len(self))``."""
        spans = [np.arange(self.start[row], self.start[row + 1]) for row in rows]
        places = np.concatenate(spans) if spans else np.zeros(0, np.int64)
        owner = np.repeat(np.arange(len(rows)), [len(span) for span in spans])
        words = self.ids[places]
        counts = self.first[words + 1] - self.first[words]
        reach = np.cumsum(counts)
        # For each word of each row, all positions of its holders: one flat range a word, laid end to end.
        flat = np.arange(reach[-1] if len(reach) else 0) + np.repeat(self.first[words] - reach + counts, counts)
        cells = np.repeat(owner * len(self), counts) + self.holders[flat]
        values = np.repeat(self.weights[places], counts) * self.shares[flat]
        size = len(rows) * len(self)
        return np.bincount(cells, values, minlength=size).astype(np.float32).reshape(len(rows), len(self))

    def shared(self, one: int, other: int, most: int = 3) -> list[int]:
        """The words of both rows that weigh most, heaviest first."""
        first, second = self._row(one), self._row(other)
        both = sorted(set(first) & set(second), key=lambda word: (-first[word] * second[word], word))
        return both[:most]

    def _row(self, row: int) -> dict[int, float]:
        here = slice(self.start[row], self.start[row + 1])
        return dict(zip(self.ids[here].tolist(), self.weights[here].tolist(), strict=True))


def weigh(rows: Sequence[Mapping[int, float]]) -> Bags:
    """Bags of rows that are given as the numbers of their words with what each counts beside how rare it is."""
    sizes = [len(row) for row in rows]
    names = np.fromiter(chain.from_iterable(rows), np.int64, sum(sizes))
    counted = np.fromiter(chain.from_iterable(row.values() for row in rows), np.float32, sum(sizes))
    _, ids, frequencies = np.unique(names, return_inverse=True, return_counts=True)
    owner = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    weights = _rarity(len(sizes), frequencies)[ids] * counted
    kept = weights > 0
    numbers: Ints = ids[kept].astype(np.int32)
    holder: Ints = owner[kept].astype(np.int32)
    weights = weights[kept]
    lengths = np.sqrt(np.bincount(holder, weights.astype(np.float64) ** 2, minlength=len(sizes)))
    weights = (weights / np.maximum(lengths[holder], TINY)).astype(np.float32)
    return _turned(_ends(holder, len(sizes)), numbers, holder, weights, len(frequencies))


def _rarity(rows: int, frequencies: NDArray[np.int64]) -> Floats:
    """The logarithm of how many rows there are for each that holds the word, in whole steps; 0 drops the word."""
    top = rows.bit_length()
    levels = np.frexp(frequencies.astype(np.float64))[1]
    limit = top - COMMON if rows >= MANY else top
    return np.where(levels <= limit, top - levels + 1, 0).astype(np.float32)


def _turned(start: NDArray[np.int64], ids: Ints, owner: Ints, weights: Floats, vocabulary: int) -> Bags:
    order = np.argsort(ids, kind="stable")
    return Bags(start, ids, weights, _ends(ids, vocabulary), owner[order], weights[order])


def _ends(places: Ints, size: int) -> NDArray[np.int64]:
    ends = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(places, minlength=size), out=ends[1:])
    return ends

"""What questions are about: their content words, weighed by how rare they are in the library."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.relate.whole import Floats, Ints

COMMON: Final = 6
"""A word in more than one of 2**6 articles tells nothing of what one is about.

Weights come in whole steps of the logarithm: those of a whole library must not move with every edit of one article.
"""
MANY: Final = 256
"""Rows from which common words are dropped; in a small library every word counts."""
TINY: Final = 1e-12

Spans = NDArray[np.int64]


class Words(Struct, frozen=True):
    """The words of rows: ``ids[start[r]:start[r + 1]]``, each with what it counts beside how rare it is.

    ``names`` are the words by their ids, in any order; some may be in no row.
    """

    start: Spans
    ids: Ints
    counts: Floats
    names: NDArray[np.uint32]


class Bags(Struct, frozen=True):
    """Weighed words, a row a question: ``ids[start[r]:start[r+1]]`` with ``weights``, whole numbers, of one length.

    ``names`` are the words by their ids.
    """

    start: Spans
    ids: Ints
    weights: Floats
    names: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.start) - 1

    def row(self, row: int) -> tuple[Ints, Floats]:
        """The words of a row with their weights."""
        here = slice(int(self.start[row]), int(self.start[row + 1]))
        return self.ids[here], self.weights[here]

    def holders(self, first: int, last: int, among: Ints | None = None) -> "Holders":
        """Who of the rows from ``first`` to ``last`` holds each word; of the words ``among``, if given."""
        here = slice(int(self.start[first]), int(self.start[last]))
        owner = np.repeat(np.arange(last - first), np.diff(self.start[first : last + 1]))
        ids, weights = self.ids[here], self.weights[here]
        if among is not None:
            wanted = np.zeros(len(self.names), np.bool_)
            wanted[among] = True
            met = np.flatnonzero(wanted[ids])
            owner, ids, weights = owner[met], ids[met], weights[met]
        order = np.argsort(ids, kind="stable")
        begins = _ends(ids, len(self.names))
        return Holders(last - first, begins, owner[order], weights[order], np.zeros(len(self.names), int))


class Holders(Struct, frozen=True):
    """Rows by word: ``rows[first[w]:first[w + 1]]``, ascending, with ``shares``; ``passed`` of them are done with."""

    count: int
    first: Spans
    rows: NDArray[np.int64]
    shares: Floats
    passed: NDArray[np.int64]

    def overlap(self, ids: Ints, weights: Floats) -> NDArray[np.float64]:
        """The overlap of a row that has these words with every row that holds them and is not passed."""
        begins, ends = self.first[ids] + self.passed[ids], self.first[ids + 1]
        met = np.flatnonzero(begins < ends)
        if not len(met):
            return np.zeros(self.count)
        parts = [slice(*span) for span in zip(begins[met].tolist(), ends[met].tolist(), strict=True)]
        rows = np.concatenate([self.rows[part] for part in parts])
        shares = np.concatenate([self.shares[part] for part in parts])
        shares *= np.repeat(weights[met], ends[met] - begins[met])
        return np.asarray(np.bincount(rows, shares, minlength=self.count), np.float64)

    def passing(self, ids: Ints) -> None:
        """The next row, which has these words, is done with; rows are passed in their order."""
        self.passed[ids] += 1


def words_of(rows: Sequence[Mapping[int, float]]) -> Words:
    """Rows that are given as the numbers of their words with what each counts."""
    start = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=start[1:])
    named = np.fromiter(chain.from_iterable(rows), np.uint32, start[-1])
    counts = np.fromiter(chain.from_iterable(row.values() for row in rows), np.float32, start[-1])
    names, ids = np.unique(named, return_inverse=True)
    return Words(start, ids.astype(np.int32), counts, names)


def renamed(words: Words, names: NDArray[np.uint32]) -> Words:
    """The same words, by ids in ``names``, to which those that are not there are added."""
    order = np.argsort(names)
    at = np.minimum(np.searchsorted(names[order], words.names), len(names) - 1) if len(names) else np.zeros(0, np.int64)
    place = order[at] if len(names) else np.zeros(len(words.names), np.int64)
    new = names[place] != words.names if len(names) else np.ones(len(words.names), np.bool_)
    place[new] = len(names) + np.arange(new.sum())
    return Words(words.start, place[words.ids].astype(np.int32), words.counts, np.append(names, words.names[new]))


def weigh(words: Words, length: float) -> Bags:
    """Bags of ``length``, in whole numbers. Words that too many rows hold have no weight."""
    rows = len(words.start) - 1
    frequencies = np.bincount(words.ids, minlength=len(words.names))
    owner = np.repeat(np.arange(rows), np.diff(words.start))
    weights = _rarity(rows, frequencies)[words.ids] * words.counts
    lengths = np.sqrt(np.bincount(owner, weights.astype(np.float64) ** 2, minlength=rows))
    weights = np.rint(weights * (length / np.maximum(lengths, TINY))[owner]).astype(np.float32)
    kept = weights > 0
    return Bags(_ends(owner[kept], rows), words.ids[kept], weights[kept], words.names)


def _rarity(rows: int, frequencies: NDArray[np.int64]) -> Floats:
    """The logarithm of how many rows there are for each that holds the word, in whole steps; 0 drops the word."""
    top = rows.bit_length()
    levels = np.frexp(frequencies.astype(np.float64))[1]
    limit = top - COMMON if rows >= MANY else top
    return np.where(levels <= limit, top - levels + 1, 0).astype(np.float32)


def _ends(places: NDArray[np.int64] | Ints, size: int) -> Spans:
    ends = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(places, minlength=size), out=ends[1:])
    return ends

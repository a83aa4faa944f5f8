"""The best few of each row, gathered in any order: an entry is one whole number, score first, then the lower row."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from responsa.relate.whole import EXACT, Floats, Ints

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]

NOTHING: Final = np.uint64(0)
_LAST: Final = (1 << 32) - 1
_MANY: Final = 1 << 21
"""Entries that wait before they are sorted in: enough to pay for looking at every row."""


class Best:
    """The best ``size`` of each of ``count`` rows among all that was offered, and what an entry must score to count."""

    def __init__(self, count: int, size: int) -> None:
        self._size = size
        self._kept: Keys = np.zeros((count, size), np.uint64)
        self.least: Floats = np.full(count, -np.inf, np.float32)
        self._waiting: list[tuple[Places, Keys]] = []
        self._held = 0

    def offer(self, owners: Places, others: Places, scores: Floats) -> None:
        """Entries: for each of ``owners`` one of ``others``. Those below ``least`` may be left out."""
        self._waiting.append((owners, keys(others, scores)))
        self._held += len(owners)
        if self._held >= _MANY:
            self.settle()

    def settle(self) -> None:
        """Sort in what waits; ``least`` rises."""
        if not self._held:
            return
        owners = np.concatenate([owners for owners, _ in self._waiting])
        entries = np.concatenate([entries for _, entries in self._waiting])
        self._waiting, self._held = [], 0
        order = _ascending(owners)
        owners, entries = owners[order], entries[order]
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        counts = np.diff(starts, append=len(owners))
        # Rows that were offered about as much together, so that few stand wide for the sake of one.
        for low, high in pairwise(_STEPS):
            some = np.flatnonzero((counts > low) & (counts <= high))
            if len(some):
                self._sort_in(owners, entries, starts[some], counts[some])

    def _sort_in(self, owners: Places, entries: Keys, starts: Places, counts: Places) -> None:
        width, rows = int(counts.max()), owners[starts]
        wide = np.zeros((len(rows), width + self._size), np.uint64)
        wide[:, width:] = self._kept[rows]
        place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        line = np.repeat(np.arange(len(rows)), counts)
        wide[line, place] = entries[np.repeat(starts, counts) + place]
        wide.partition(width, axis=1)
        self._kept[rows] = wide[:, width:]
        full = wide[:, width] > NOTHING
        self.least[rows[full]] = scores_of(wide[full, width])

    def best(self) -> tuple[Ints, Floats]:
        """Each row's best with their scores, best first; -1 with -inf where there are no more."""
        self.settle()
        return entries_of(np.sort(self._kept, axis=1)[:, ::-1])


def _ascending(owners: Places) -> Places:
    """The order of numbers below 2**32: sixteen bits at a time, which NumPy sorts several times faster than more."""
    order = np.argsort((owners & 0xFFFF).astype(np.uint16), kind="stable")
    high = owners >> 16
    return order[np.argsort(high[order].astype(np.uint16), kind="stable")] if high.any() else order


_STEPS: Final = (0, *(1 << power for power in range(2, 33, 2)))


def keys(others: Places | Ints, scores: Floats) -> Keys:
    """Greater is better."""
    high = (scores + np.float32(EXACT)).astype(np.uint64) << np.uint64(32)
    return np.asarray(high | (np.uint64(_LAST) - others.astype(np.uint64)), np.uint64)


def scores_of(entries: Keys) -> Floats:
    """What was scored."""
    return (entries >> np.uint64(32)).astype(np.float32) - np.float32(EXACT)


def entries_of(entries: Keys) -> tuple[Ints, Floats]:
    """Rows and scores; -1 with -inf for nothing."""
    there = entries > NOTHING
    rows = np.where(there, np.uint64(_LAST) - (entries & np.uint64(_LAST)), 0).astype(np.int32)
    return np.where(there, rows, -1).astype(np.int32), np.where(there, scores_of(entries), -np.inf).astype(np.float32)

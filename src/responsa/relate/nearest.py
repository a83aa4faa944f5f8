"""Every question's neighbours: by the meaning of the question, and by the words of question, description and answer.

All scores are whole numbers, so that comparing a few rows anew gives what comparing all of them would. Likeness is the
same both ways: a sweep over all rows compares each pair once.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.relate.bags import Bags
from responsa.relate.best import Best
from responsa.relate.whole import Floats, Ints, side

POOL: Final = 48
"""Neighbours of a question among which the five are chosen."""
SPARE: Final = 16
"""Neighbours kept beyond them, so that a row which loses some need not be compared with all others again."""
KEPT: Final = POOL + SPARE
WORDS: Final = 1.2
"""What the overlap of words weighs beside the cosine of the questions."""
TOGETHER: Final = 0.2
"""What it adds that two questions were numbered one after the other: they were asked together, of one text."""
SPAN: Final = 20
"""Numbers between two questions from which on that tells nothing."""
LENGTH: Final = side(1.0, WORDS, TOGETHER)
"""Of a question's vector."""
UNIT: Final = LENGTH**2
"""What a cosine of 1 scores."""
SPREAD: Final = LENGTH * WORDS**0.5
"""The length of a bag of words."""
FEW: Final = 4
"""One in so many scores of a tile that reach the best is more than a tile can have."""
BLOCK: Final = 256
COLUMNS: Final = 1 << 13
STRIPE: Final = 1 << 16
"""Rows and columns of a tile, which takes 8 MB, and columns whose words are looked up together."""


class Pools(Struct, frozen=True):
    """Each row's nearest rows, best first, ties by row; where there are fewer, -1 with the score -inf.

    All that score more than ``sure`` are there.
    """

    rows: Ints
    scores: Floats
    sure: Floats


class Compared(Struct, frozen=True):
    """What questions are compared by, a row each. ``numbers`` are the publisher's, nan where there is none."""

    vectors: Floats
    bags: Bags
    numbers: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.vectors)


def pools(given: Compared) -> Pools:
    """The pools of all rows; a row is never in its own."""
    found = Best(len(given), KEPT)
    pairs = _Together(given.numbers)
    for first in range(0, len(given), STRIPE):
        last = min(first + STRIPE, len(given))
        stripe = _Stripe(given, first, last)
        for at in range(0, last, BLOCK):
            for columns, tile in stripe.tiles(at, min(at + BLOCK, last)):
                pairs.add(tile, at, columns)
                _take(tile, at, columns, found)
    return _pools(*found.best(), len(given))


def pools_of(given: Compared, rows: Ints) -> Pools:
    """The pools of some rows."""
    found = Best(len(rows), KEPT)
    for at in range(0, len(rows), BLOCK):
        block = rows[at : at + BLOCK]
        scores = likeness(given, block)
        scores[np.arange(len(block)), block] = -np.inf
        line, other = np.nonzero((scores >= _least(scores)[:, None]) & (scores > -np.inf))
        found.offer(line + at, other, scores[line, other])
    return _pools(*found.best(), len(given))


def likeness(given: Compared, rows: Ints) -> Floats:
    """How near each of ``rows`` is to every row, shape ``(len(rows), all)``; the same both ways."""
    found: Floats = given.vectors[rows] @ given.vectors.T
    words = [given.bags.row(row) for row in rows.tolist()]
    holders = given.bags.holders(0, len(given), np.concatenate([ids for ids, _ in words]))
    ranked = np.argsort(given.numbers, kind="stable")
    numbers = given.numbers[ranked]
    for line, row in enumerate(rows.tolist()):
        found[line] += holders.overlap(*words[line])
        number = given.numbers[row]
        if not np.isnan(number):
            near = slice(*np.searchsorted(numbers, (number - SPAN, number + SPAN)))
            found[line, ranked[near]] += _added(numbers[near] - number)
    return found


def _pools(rows: Ints, scores: Floats, count: int) -> Pools:
    # Where a row's pool holds all others, nothing can be missing from it.
    least = np.where(count - 1 > KEPT, scores[:, -1], -np.inf)
    return Pools(rows, scores, least.astype(np.float32))


def _least(scores: Floats) -> Floats:
    """A score that at least ``KEPT`` of each line reach, and not many more; -inf where there are no more."""
    count = scores.shape[1]
    if count <= KEPT:
        return np.full(len(scores), -np.inf, np.float32)
    return np.asarray(np.partition(scores, count - KEPT, axis=1)[:, count - KEPT], np.float32)


def _take(tile: Floats, at: int, columns: slice, found: Best) -> None:
    """Offer what may be among the best of its row, and of its column."""
    for axis, least in ((1, found.least[at : at + len(tile)]), (0, found.least[columns])):
        place = _reaching(tile, np.expand_dims(least, axis))
        if len(place) > tile.size // FEW and tile.shape[axis] > KEPT:
            # As long as little is known of a row, what this tile alone has to offer says more.
            place = _reaching(tile, np.partition(tile, -KEPT, axis).take([-KEPT], axis))
        line, other = np.divmod(place, tile.shape[1])
        line, other = line + at, other + columns.start
        owners, others = (line, other) if axis else (other, line)
        found.offer(owners, others, tile.reshape(-1)[place])


def _reaching(tile: Floats, least: Floats) -> NDArray[np.int64]:
    return np.flatnonzero(tile >= np.maximum(least, -2 * UNIT))


def _added(apart: NDArray[np.float64]) -> Floats:
    """What numbers that lie so far apart add."""
    return np.rint(np.maximum(1 - np.abs(apart) / SPAN, 0) * (TOGETHER * UNIT)).astype(np.float32)


class _Stripe:
    """The columns from ``first`` to ``last`` with who holds their words, against all rows before them and their own."""

    def __init__(self, given: Compared, first: int, last: int) -> None:
        self._given, self._first, self._last = given, first, last
        self._holders = given.bags.holders(first, last)

    def tiles(self, at: int, end: int) -> Iterator[tuple[slice, Floats]]:
        """The rows from ``at`` to ``end`` against all later rows of the stripe; what is not later is -inf."""
        overlap = [self._overlap(row) for row in range(at, end)]
        for start in range(max(at, self._first), self._last, COLUMNS):
            stop = min(start + COLUMNS, self._last)
            tile: Floats = self._given.vectors[at:end] @ self._given.vectors[start:stop].T
            for line, row in enumerate(overlap):
                tile[line] += row[start - self._first : stop - self._first]
            for line in range(max(0, start - at), min(end, stop) - at):
                tile[line, : line + at - start + 1] = -np.inf
            yield slice(start, stop), tile

    def _overlap(self, row: int) -> Floats:
        words = self._given.bags.row(row)
        if row >= self._first:
            self._holders.passing(words[0])
        return self._holders.overlap(*words).astype(np.float32)


class _Together:
    """Pairs of rows whose numbers are near, by the lower row."""

    def __init__(self, numbers: NDArray[np.float64]) -> None:
        order = np.argsort(numbers, kind="stable")
        order = order[~np.isnan(numbers[order])]
        one, other, apart = [], [], []
        for step in range(1, len(order)):
            gap = numbers[order[step:]] - numbers[order[:-step]]
            near = np.flatnonzero(gap < SPAN)
            if not len(near):
                break
            one.append(order[near])
            other.append(order[near + step])
            apart.append(gap[near])
        pairs = np.array([np.concatenate(part) if part else [] for part in (one, other)], np.int64).reshape(2, -1)
        low, high = pairs.min(axis=0), pairs.max(axis=0)
        sort = np.argsort(low, kind="stable")
        self._low, self._high = low[sort], high[sort]
        self._added = _added(np.concatenate(apart) if apart else np.zeros(0))[sort]

    def add(self, tile: Floats, at: int, columns: slice) -> None:
        """Add what they add to a tile of the rows from ``at`` on; no pair is there twice."""
        here = slice(*np.searchsorted(self._low, (at, at + len(tile))))
        high = self._high[here]
        met = (high >= columns.start) & (high < columns.stop)
        tile[self._low[here][met] - at, high[met] - columns.start] += self._added[here][met]

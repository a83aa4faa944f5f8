"""Every question's neighbours: by the meaning of the question and by the words of question and description."""

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.relate.bags import Bags, Floats, Ints

POOL: Final = 48
"""Neighbours kept of a question; the five are chosen among them."""
WORDS: Final = 1.2
"""What the overlap of words weighs beside the cosine of the questions."""
TOGETHER: Final = 0.2
"""What it adds that two questions were numbered one after the other: they were asked together, of one text."""
SPAN: Final = 20
"""Numbers between two questions from which on that tells nothing."""
BLOCK: Final = 96
"""Rows compared at once: a block takes 4 bytes for each of its pairs, and the sums of words 20 more."""
GROUP: Final = 32
DIGITS: Final = 5
"""Of a score: beyond them, sums depend on what else is in the block."""
TIES: Final = 4


class Pools(Struct, frozen=True):
    """Each row's nearest rows, best first, ties by row; where there are fewer, -1 with the score -inf."""

    rows: Ints
    scores: Floats


class Compared(Struct, frozen=True):
    """What questions are compared by, a row each. ``numbers`` are the publisher's, nan where there is none."""

    vectors: Floats
    bags: Bags
    numbers: NDArray[np.float64]


def pools(compared: Compared, wanted: Ints, size: int = POOL) -> Pools:
    """The pools of the rows ``wanted``; a row is never in its own."""
    rows = np.full((len(wanted), size), -1, np.int32)
    scores = np.full((len(wanted), size), -np.inf, np.float32)
    for at in range(0, len(wanted), BLOCK):
        block = wanted[at : at + BLOCK]
        found = likeness(compared, block)
        found[np.arange(len(block)), block] = -np.inf
        count = min(size, max(found.shape[1] - 1, 0))
        rows[at : at + len(block), :count], scores[at : at + len(block), :count] = _best(found, count)
    return Pools(rows, scores)


def ordered(rows: Ints, scores: Floats, count: int) -> tuple[Ints, Floats]:
    """The ``count`` best of each line, best first, ties by row."""
    order = np.lexsort((rows, -scores))[:, :count]
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)


def likeness(compared: Compared, rows: Ints) -> Floats:
    """How near each of ``rows`` is to every row, shape ``(len(rows), all)``; the same both ways."""
    found: Floats = compared.vectors[rows] @ compared.vectors.T
    found += WORDS * compared.bags.overlap(rows)
    order = np.argsort(compared.numbers, kind="stable")
    ranked = compared.numbers[order]
    for line, number in enumerate(compared.numbers[rows]):
        near = slice(*np.searchsorted(ranked, (number - SPAN, number + SPAN)))
        if not np.isnan(number):
            found[line, order[near]] += TOGETHER * (1 - np.abs(ranked[near] - number) / SPAN)
    return found


def _best(scores: Floats, count: int) -> tuple[Ints, Floats]:
    """The ``count`` highest of each line with their positions."""
    places = _candidates(scores, count)
    held = np.take_along_axis(scores, places, axis=1)
    if held.shape[1] > count + TIES:
        kept = np.argpartition(-held, count + TIES - 1, axis=1)[:, : count + TIES]
        places, held = np.take_along_axis(places, kept, axis=1), np.take_along_axis(held, kept, axis=1)
    return ordered(places.astype(np.int32), np.round(held, DIGITS), count)


def _candidates(scores: Floats, count: int) -> NDArray[np.int64]:
    """Positions that hold the best: those of the groups with the highest maxima. A tenth of sorting all."""
    width = scores.shape[1] // GROUP
    if width <= count:
        return np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    whole = width * GROUP
    highest = scores[:, :whole].reshape(len(scores), GROUP, width).max(axis=1)
    groups = np.argpartition(-highest, count - 1, axis=1)[:, :count]
    inside = (groups[:, :, None] + np.arange(GROUP) * width).reshape(len(scores), -1)
    rest = np.broadcast_to(np.arange(whole, scores.shape[1]), (len(scores), scores.shape[1] - whole))
    return np.concatenate([inside, rest], axis=1)

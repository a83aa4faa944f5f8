"""The order in which a reader wants a question's neighbours: near, on the same shelf, and each other than the rest."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.relate.nearest import UNIT, Pools
from responsa.relate.roll import Hashes
from responsa.relate.whole import Floats, Ints

ORDERED: Final = 12
"""Neighbours put in order: five, and some for places that an editor's bans or an article's own links leave open."""
REPEAT: Final = 0.9
"""From this cosine on, two questions are too near to be worth two links."""
SHELF: Final = 0.12
"""What the same subject adds: half of the articles in a wrong one are next to nothing else."""
ABROAD: Final = 0.35
"""The share of the words' weight that counts less in another subject, where a word may mean something else."""
PARAPHRASE: Final = 0.76
STEEP: Final = 2.5
"""A neighbour nearer than ``PARAPHRASE`` is less welcome the nearer it is: it says the same again."""
COVERED, REPHRASED = 0.75, 0.25
"""One whose telling words are, to this share, those of the other loses this much, from ``NEAR_ENOUGH`` on."""
NEAR_ENOUGH: Final = 0.75
CIRCLE, COMPANY = 6, 1.0
"""What nearness to the page's first neighbours adds: one that shares but a word with the page is far from them."""
SPREAD: Final = 0.4
"""What nearness to a link already chosen costs, beyond ``APART``."""
APART: Final = 0.6
AGAIN: Final = 0.7
"""From this cosine on, two links of one list say the same again and cost as ``STEEP`` says."""
BLOCK: Final = 128


class Traits(Struct, frozen=True):
    """What is known of every row beside its words.

    Its vector in whole numbers, its subject, whether lists show it, its answer, and what it asks: equal numbers, equal
    things. ``telling`` are the words that say it.
    """

    vectors: NDArray[np.int16]
    shelves: Hashes
    shown: NDArray[np.bool_]
    answers: Hashes
    askings: Hashes
    telling: Sequence[frozenset[str]]


class Order(Struct, frozen=True):
    """``best``: each row's neighbours as a reader wants them, best first, -1 where there are no more.

    ``worth`` is what each of the whole pool is worth to the row, -inf for what is no neighbour.
    """

    best: Ints
    worth: Floats


def order(pools: Pools, rows: Ints, traits: Traits) -> Order:
    """The order of the pools of ``rows``."""
    best = np.full((len(rows), ORDERED), -1, np.int32)
    worth = np.full(pools.rows.shape, -np.inf, np.float32)
    for at in range(0, len(rows), BLOCK):
        here = slice(at, at + BLOCK)
        worth[here], among = _worth(pools.rows[here], pools.scores[here], rows[here], traits)
        best[here] = _spread(pools.rows[here], worth[here].copy(), among, traits.askings)
    return Order(best, worth)


def _worth(pool: Ints, scores: Floats, rows: Ints, traits: Traits) -> tuple[Floats, Floats]:
    """What each of a pool is worth, and the cosines within each pool."""
    held = traits.vectors[pool].astype(np.float32)
    held[pool < 0] = 0.0
    cosine = np.einsum("bkd,bd->bk", held, traits.vectors[rows].astype(np.float32)) / np.float32(UNIT)
    among = held @ held.transpose(0, 2, 1) / np.float32(UNIT)
    scores = scores / np.float32(UNIT)
    value = scores - STEEP * np.maximum(cosine - PARAPHRASE, 0.0) - REPHRASED * _covered(pool, cosine, rows, traits)
    abroad = (pool >= 0) & (traits.shelves[pool] != traits.shelves[rows][:, None])
    value[abroad] -= ABROAD * (scores - cosine)[abroad]
    value += SHELF * (traits.shelves[pool] == traits.shelves[rows][:, None])
    value += COMPANY * among[:, :, :CIRCLE].mean(axis=2)
    value[barred(pool, cosine, rows, traits)] = -np.inf
    return value, among


def _covered(pool: Ints, cosine: Floats, rows: Ints, traits: Traits) -> NDArray[np.bool_]:
    """Which neighbours say little that the page does not: the words of one are nearly all among the other's."""
    found = np.zeros(pool.shape, np.bool_)
    for line, place in np.argwhere(cosine >= NEAR_ENOUGH).tolist():
        one, other = traits.telling[rows[line]], traits.telling[pool[line, place]]
        found[line, place] = len(one & other) >= COVERED * min(len(one), len(other))
    return found


def _spread(pool: Ints, value: Floats, among: Floats, askings: Hashes) -> Ints:
    """Greedy: each next is the one worth most after what its nearness to those before costs; ties by the pool."""
    best = np.full((len(pool), ORDERED), -1, np.int32)
    crowd = np.full(value.shape, APART, np.float32)
    line = np.arange(len(pool))
    asking = askings[pool]
    for place in range(min(ORDERED, pool.shape[1])):
        cost = SPREAD * (crowd - APART) + STEEP * np.maximum(crowd - AGAIN, 0.0)
        chosen = np.argmax(value - cost, axis=1)
        found = value[line, chosen] > -np.inf
        best[found, place] = pool[line, chosen][found]
        beside = among[line, :, chosen]
        value[(beside >= REPEAT) | (asking == asking[line, chosen][:, None])] = -np.inf
        value[line, chosen] = -np.inf
        crowd = np.maximum(crowd, beside)
    return best


def barred(pool: Ints, cosine: Floats, rows: Ints, traits: Traits) -> NDArray[np.bool_]:
    """Which neighbours are none: not shown, a repeat of the question, or the same answer."""
    alike = traits.answers[pool] == traits.answers[rows][:, None]
    alike |= traits.askings[pool] == traits.askings[rows][:, None]
    return np.asarray((pool < 0) | (cosine >= REPEAT) | ~traits.shown[pool] | alike)

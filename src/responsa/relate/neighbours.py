"""Every question's neighbours and their order, brought up to date.

The result is the same as when all is worked out anew: a pool is only taken over where no row that entered is missed
and enough of those that were in it are still there.
"""

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.relate.best import Best
from responsa.relate.nearest import BLOCK, KEPT, POOL, Compared, Pools, likeness, pools, pools_of
from responsa.relate.questions import Questions
from responsa.relate.rank import ORDERED, Order, order
from responsa.relate.roll import NOWHERE, Hashes, Places
from responsa.relate.table import Table
from responsa.relate.whole import Floats, Ints

MOST: Final = 0.2
"""Share of rows to be compared anew from which on all are."""


class Neighbours(Struct, frozen=True):
    """``kept`` holds some more than those among which the five are chosen."""

    kept: Pools
    order: Order

    @property
    def pools(self) -> Pools:
        """Every row's neighbours."""
        return Pools(self.kept.rows[:, :POOL], self.kept.scores[:, :POOL], self.kept.sure)


def all_anew(table: Table) -> Neighbours:
    """Every row's neighbours."""
    found = Neighbours(pools(table.compared), _empty(len(table)))
    rows = np.arange(len(table), dtype=np.int32)
    return Neighbours(found.kept, order(found.pools, rows, table.traits))


def marks(table: Table) -> Hashes:
    """What a row is compared by, in short: its question, its number, its words with their weights."""
    rows, bags = table.questions, table.bags
    words = _mixed(bags.names[bags.ids].astype(np.uint64) << np.uint64(32) | bags.weights.astype(np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(words, dtype=np.uint64)])
    told = _mixed(sums[bags.start[1:]] - sums[bags.start[:-1]])
    return _mixed(told ^ _mixed(rows.titles + _mixed(np.nan_to_num(rows.numbers, nan=-1.5).view(np.uint64))))


class Before(Struct, frozen=True):
    """What was known: the questions, what each was compared by, and their neighbours."""

    questions: Questions
    marks: Hashes
    found: Neighbours


def brought_up(table: Table, now: Hashes, before: Before, moved: Places) -> Neighbours:
    """The neighbours of all rows, whose marks are ``now``. ``moved``: where old rows are that nobody touched."""
    place = _places(table, now, before, moved)
    anew = np.setdiff1d(np.arange(len(table), dtype=np.int32), place)
    if len(anew) > MOST * len(table):
        return all_anew(table)
    held = _carried(before.found.kept, place, len(table))
    kept = _with_entered(table.compared, held, anew)
    found = Neighbours(kept, _empty(len(table)))
    again = _to_order(table, before, place, found.pools)
    ranked = order(_some(found.pools, again), again, table.traits)
    best, worth = _followed(before.found.order.best, place), before.found.order.worth
    there = np.flatnonzero(place >= 0)
    found.order.best[place[there]], found.order.worth[place[there]] = best[there], worth[there]
    found.order.best[again], found.order.worth[again] = ranked.best, ranked.worth
    return found


def _places(table: Table, now: Hashes, before: Before, moved: Places) -> Places:
    """Where each old row is now, as far as it is compared by the same as before."""
    place = moved.copy()
    touched = np.flatnonzero(place < 0)
    keys = table.questions.keys
    sort = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys[sort], before.questions.keys[touched]), len(keys) - 1)
    if len(keys):
        same = keys[sort[at]] == before.questions.keys[touched]
        place[touched[same]] = sort[at[same]]
        there = np.flatnonzero(place >= 0)
        place[there[now[place[there]] != before.marks[there]]] = NOWHERE
    return place


def _followed(rows: Ints, place: Places) -> Ints:
    """Old rows as they are numbered now; -1 for those that are not as they were."""
    if not len(place):
        return rows
    return np.where(rows < 0, NOWHERE, place[rows]).astype(np.int32)


def _carried(old: Pools, place: Places, count: int) -> Pools:
    """The old pools by new rows. Rows without one have nothing, and are sure of nothing."""
    there = np.flatnonzero(place >= 0)
    home = place[there]
    rows, scores = np.full((count, KEPT), NOWHERE, np.int32), np.full((count, KEPT), -np.inf, np.float32)
    sure = np.full(count, np.inf, np.float32)
    rows[home], scores[home], sure[home] = _followed(old.rows[there], place), old.scores[there], old.sure[there]
    return Pools(rows, scores, sure)


def _with_entered(compared: Compared, held: Pools, anew: Ints) -> Pools:
    """Pools with those of ``anew`` that belong into them, and the pools of these."""
    owners, others, scores = _entering(compared, held, anew)
    lost = (held.rows < 0) & np.isfinite(held.scores)
    changed = np.zeros(len(held.rows), np.bool_)
    changed[lost.any(axis=1)] = True
    changed[owners] = True
    changed[anew] = False
    some = np.flatnonzero(changed)
    best = Best(len(some), KEPT)
    # What scores no more than a pool is sure of may stand behind something that is not there.
    line, column = np.nonzero((held.rows[some] >= 0) & (held.scores[some] > held.sure[some][:, None]))
    best.offer(line, held.rows[some][line, column].astype(np.int64), held.scores[some][line, column])
    above = scores > held.sure[owners]
    best.offer(np.searchsorted(some, owners[above]), others[above], scores[above])
    rows, found = best.best()
    held.rows[some], held.scores[some] = rows, found
    full = np.isfinite(found[:, -1])
    held.sure[some[full]] = np.maximum(held.sure[some[full]], found[full, -1])
    short = some[np.isfinite(found).sum(axis=1) < min(POOL, len(held.rows) - 1)]
    return _replaced(held, compared, np.union1d(anew, short).astype(np.int32))


def _entering(compared: Compared, held: Pools, anew: Ints) -> tuple[Places, Places, Floats]:
    """Rows whose pools one of ``anew`` may belong into, those, and how near they are."""
    found: list[tuple[Places, Places, Floats]] = []
    for at in range(0, len(anew), BLOCK):
        block = anew[at : at + BLOCK]
        near = likeness(compared, block)
        line, row = np.nonzero(near >= held.sure)
        found.append((row, block[line].astype(np.int64), near[line, row]))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    rows, others, scores = (np.concatenate([one[part] for one in found]) for part in range(3))
    return rows, others, scores


def _replaced(held: Pools, compared: Compared, rows: Ints) -> Pools:
    fresh = pools_of(compared, rows)
    held.rows[rows], held.scores[rows], held.sure[rows] = fresh.rows, fresh.scores, fresh.sure
    return held


def _to_order(table: Table, before: Before, place: Places, found: Pools) -> Ints:
    """Rows whose pools are not as they were, or hold a row of which ranking knows something else now."""
    again = np.ones(len(table), np.bool_)
    there = np.flatnonzero(place >= 0)
    home = place[there]
    old = before.found.pools
    same = (_followed(old.rows[there], place) == found.rows[home]) & (old.scores[there] == found.scores[home])
    again[home] = ~same.all(axis=1)
    other = np.zeros(len(table) + 1, np.bool_)
    for was, now in zip(_traits(before.questions), _traits(table.questions), strict=True):
        other[home] |= was[there] != now[home]
    # The last place stands for no row: -1.
    again |= other[:-1] | other[found.rows].any(axis=1)
    return np.flatnonzero(again).astype(np.int32)


def _traits(rows: Questions) -> tuple[Hashes | NDArray[np.bool_], ...]:
    return rows.shelves, rows.answers, rows.telling, rows.shown


def _some(found: Pools, rows: Ints) -> Pools:
    return Pools(found.rows[rows], found.scores[rows], found.sure[rows])


def _empty(count: int) -> Order:
    return Order(np.full((count, ORDERED), NOWHERE, np.int32), np.full((count, POOL), -np.inf, np.float32))


def _mixed(values: Hashes) -> Hashes:
    """Every bit of a value changes about half of the bits (splitmix64)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))

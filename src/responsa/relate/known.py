"""What relating worked out last time: derived, disposable, checked by its digest, brought up to date where it changed.

The result is the same as when all is worked out anew: a row's pool is only taken over where no row has come nearer and
none that was in it has changed.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.library.lock import private
from responsa.relate.bags import Floats, Ints
from responsa.relate.nearest import DIGITS, POOL, Pools, likeness, ordered, pools
from responsa.relate.pages import Page
from responsa.relate.rank import ORDERED, Order, order
from responsa.relate.table import Table

NAME: Final = "related.msgpack"
VERSION: Final = 6
DIGEST: Final = 16
MOST: Final = 0.2
"""Share of rows to be worked out anew from which on all are."""


class Known(Struct, frozen=True, array_like=True):
    """``stamp`` is the catalogue's, ``encoder`` whose vectors were compared; arrays are bytes, a row a mark."""

    version: int
    encoder: str
    stamp: str
    pages: list[Page]
    marks: list[bytes]
    rows: bytes
    scores: bytes
    best: bytes
    worth: bytes


class Neighbours(Struct, frozen=True):
    """Every row's pool and its order."""

    pools: Pools
    order: Order


def load(folder: Path, encoder: str) -> Known | None:
    """What is kept of the library in ``folder``, if it is whole and made with this encoder."""
    with suppress(OSError, msgspec.MsgspecError):
        data = (private(folder) / NAME).read_bytes()
        if hashlib.blake2b(data[DIGEST:], digest_size=DIGEST).digest() == data[:DIGEST]:
            known = msgspec.msgpack.decode(data[DIGEST:], type=Known)
            if (known.version, known.encoder) == (VERSION, encoder):
                return known
    return None


def save(folder: Path, known: Known) -> None:
    """Keep it; a kill leaves the old file or the new one."""
    data = msgspec.msgpack.encode(known)
    path = private(folder) / NAME
    half = path.with_name(f"{NAME}.{os.getpid()}.part")
    try:
        half.write_bytes(hashlib.blake2b(data, digest_size=DIGEST).digest() + data)
        half.replace(path)
    except OSError as error:
        with suppress(OSError):
            half.unlink()
        raise ResponsaError(f"{path}: cannot be written: {error.strerror}") from error


def kept(encoder: str, stamp: str, pages: list[Page], table: Table, found: Neighbours) -> Known:
    """What to keep."""
    arrays = (found.pools.rows, found.pools.scores, found.order.best, found.order.worth)
    return Known(VERSION, encoder, stamp, pages, table.marks, *(array.tobytes() for array in arrays))


def unchanged(known: Known) -> Neighbours:
    """The neighbours as they were kept, for rows that are the same."""
    rows, scores = np.frombuffer(known.rows, np.int32), np.frombuffer(known.scores, np.float32)
    best, worth = np.frombuffer(known.best, np.int32), np.frombuffer(known.worth, np.float32)
    held = Pools(rows.reshape(-1, POOL), scores.reshape(-1, POOL))
    return Neighbours(held, Order(best.reshape(-1, ORDERED), worth.reshape(-1, POOL)))


def neighbours(table: Table, known: Known | None) -> Neighbours:
    """Every row's neighbours, taken over from ``known`` where they must still be the same."""
    old = _carried(table, known) if known is not None else None
    if old is None:
        everything = np.arange(len(table), dtype=np.int32)
        found = pools(table.compared, everything)
        return Neighbours(found, order(found, everything, table.traits))
    held, ranked, anew = old
    return _renewed(table, held, ranked, anew)


def _carried(table: Table, known: Known) -> tuple[Pools, Order, Ints] | None:
    """The old pools in the new rows' numbers, and the rows that must be worked out anew; nothing if those are many."""
    size = len(table)
    place = {mark: row for row, mark in enumerate(table.marks)}
    # Two questions may look alike in everything that is compared; then neither mark tells which is which.
    if len(place) < size or len(set(known.marks)) < len(known.marks):
        return None
    moved = np.array([place.get(mark, -1) for mark in known.marks] or [-1], np.int32)
    old = unchanged(known)
    there = np.flatnonzero(moved[: len(old.pools.rows)] >= 0)
    pool, scores = np.full((size, POOL), -1, np.int32), np.full((size, POOL), -np.inf, np.float32)
    best, worth = np.full((size, ORDERED), -1, np.int32), np.full((size, POOL), -np.inf, np.float32)
    home = moved[there]
    pool[home] = np.where(old.pools.rows[there] < 0, -1, moved[old.pools.rows[there]])
    best[home] = np.where(old.order.best[there] < 0, -1, moved[old.order.best[there]])
    scores[home], worth[home] = old.pools.scores[there], old.order.worth[there]
    lost = np.isfinite(scores).sum(axis=1) > (pool >= 0).sum(axis=1)
    lost[np.setdiff1d(np.arange(size), home)] = True
    anew = np.flatnonzero(lost).astype(np.int32)
    return None if len(anew) > MOST * size else (Pools(pool, scores), Order(best, worth), anew)


def _renewed(table: Table, held: Pools, ranked: Order, anew: Ints) -> Neighbours:
    fresh = np.array([row for row in anew if not np.isfinite(held.scores[row]).any()], np.int32)
    rows, scores, touched = _entered(table, held, fresh, anew)
    found = pools(table.compared, anew)
    rows[anew], scores[anew] = found.rows, found.scores
    touched = np.union1d(touched, anew).astype(np.int32)
    again = order(Pools(rows[touched], scores[touched]), touched, table.traits)
    best, worth = ranked.best.copy(), ranked.worth.copy()
    best[touched], worth[touched] = again.best, again.worth
    return Neighbours(Pools(rows, scores), Order(best, worth))


def _entered(table: Table, held: Pools, fresh: Ints, anew: Ints) -> tuple[Ints, Floats, Ints]:
    """Pools with those ``fresh`` rows that are nearer than what was in them, and the rows whose pools they entered."""
    rows, scores = held.rows.copy(), held.scores.copy()
    if not len(fresh):
        return rows, scores, np.zeros(0, np.int32)
    near = np.round(likeness(table.compared, fresh), DIGITS)
    near[:, anew] = -np.inf
    entering = np.flatnonzero((near >= scores.min(axis=1)).any(axis=0) & ~np.isin(np.arange(len(rows)), anew))
    wide = np.concatenate([rows[entering], np.broadcast_to(fresh, (len(entering), len(fresh)))], axis=1)
    values: Floats = np.concatenate([scores[entering], near[:, entering].T], axis=1)
    rows[entering], scores[entering] = ordered(wide, values, POOL)
    return rows, scores, entering.astype(np.int32)

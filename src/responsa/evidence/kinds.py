"""What body parts, substances, foods and drugs are one of, from WordNet: two of one kind are two things.

Synonyms (`belly`, `abdomen`), and a thing and what it is one of (`artery`, `vessel`), may stand for each other.
"""

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

_APART: Final = 3
"""Steps up within which two must meet to be of one kind."""
_CLASS: Final = 25
"""Entries below, from which a word names a class (`tissue`, `medicine`), which may stand for any of it."""


@lru_cache(maxsize=1 << 12)
def are_two(one: str, other: str) -> bool:
    """Whether both are known things of near kinds, and neither is the other or one of it."""
    mine, their = (_entries().get(_singular(word), ()) for word in (one, other))
    if (
        not mine
        or not their
        or set(mine) & set(their)
        or any(_counts().get(place, 0) >= _CLASS for place in (*mine, *their))
    ):
        return False
    above, beside = ({place: _above(place) for place in places} for places in (mine, their))
    if any(place in up for place in mine for up in beside.values()):
        return False
    if any(place in up for place in their for up in above.values()):
        return False
    return any(set(a[:_APART]) & set(b[:_APART]) for a in above.values() for b in beside.values())


def _singular(word: str) -> str:
    known = _entries()
    forms = (word, word.removesuffix("s"), word.removesuffix("es"), f"{word.removesuffix('ies')}y")
    return next((form for form in forms if form in known), word)


@cache
def _table() -> dict[int, tuple[tuple[int, ...], tuple[str, ...]]]:
    rows = (line.split() for line in files("responsa.evidence").joinpath("kinds.txt").read_text("ascii").splitlines())
    return {
        int(place): (tuple(map(int, above.split(","))) if above != "-" else (), tuple(words))
        for place, above, *words in rows
    }


@cache
def _entries() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for place, (_, words) in _table().items():
        for word in words:
            found[word] = (*found.get(word, ()), place)
    return found


@cache
def _above(place: int) -> tuple[int, ...]:
    """What an entry is one of, the nearest first."""
    found: dict[int, None] = {}
    queue = list(_table()[place][0])
    while queue:
        now = queue.pop(0)
        if now not in found:
            found[now] = None
            queue += _table()[now][0]
    return tuple(found)


@cache
def _counts() -> dict[int, int]:
    """How many entries are one of each."""
    found: dict[int, int] = {}
    for place in _table():
        for above in _above(place):
            found[above] = found.get(above, 0) + 1
    return found

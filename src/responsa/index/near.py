"""Words that are spelled nearly as another: typos are forgiven where a word is in no article."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHORT, LONG = 4, 8
"""Letters from which one slip, or two, are forgiven."""
_LETTERS: Final = 27


class Spellings:
    """All words of an index, to be looked through for the nearest."""

    def __init__(self, terms: Iterable[bytes]) -> None:
        self._terms = sorted(set(terms))
        self._sizes = np.array([len(term) for term in self._terms], np.int16)
        self._letters = np.stack([_letters(term) for term in self._terms]) if self._terms else np.zeros((0, _LETTERS))

    def near(self, word: bytes) -> list[bytes]:
        """Words at the least number of slips (letter added, left out, changed, or two exchanged), in order."""
        most = 0 if len(word) < SHORT else 1 if len(word) < LONG else 2
        if not most or any(sign in b"0123456789" for sign in word):
            return []
        likely = np.flatnonzero(np.abs(self._sizes - len(word)) <= most)
        # A slip changes at most two counts of letters by one.
        apart = np.abs(self._letters[likely] - _letters(word)).sum(axis=1)
        found: dict[int, list[bytes]] = {}
        for at in likely[apart <= 2 * most]:
            slips = distance(word, self._terms[at], most)
            found.setdefault(slips, []).append(self._terms[at])
        return next((found[slips] for slips in range(1, most + 1) if slips in found), [])


def _letters(word: bytes) -> NDArray[np.int8]:
    counts = np.zeros(_LETTERS, np.int8)
    for sign in word:
        counts[sign - 97 if 97 <= sign <= 122 else 26] += 1  # noqa: PLR2004 - a to z, and all else
    return counts


def distance(one: bytes, other: bytes, most: int) -> int:
    """Slips between two words (Damerau 1964, adjacent exchange), or ``most + 1`` where there are more."""
    before, line = list[int](), list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        earlier, before, line = before, line, [row]
        for at, against in enumerate(other, 1):
            cost = min(before[at] + 1, line[at - 1] + 1, before[at - 1] + (sign != against))
            if row > 1 and at > 1 and sign == other[at - 2] and one[row - 2] == against:
                cost = min(cost, earlier[at - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
    return min(line[-1], most + 1)

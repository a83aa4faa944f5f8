"""Two sentences laid side by side: the stretches that match, and what was found where they do not."""

from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from msgspec import Struct

from responsa.evidence.verdict import Difference
from responsa.evidence.words import Word

Text = tuple[Word, ...]
Code = tuple[str, int, int, int, int]
CONTENT: Final = 0.6
"""Weight from which a word is no function word."""
LONGEST_EXCHANGE: Final = 5


class Negation(Struct, frozen=True):
    """A negation that one of the two has alone: ``at`` is its place in the claim, or in the source."""

    ours: bool
    at: int
    told: Difference


class Laid:
    """One comparison. Each kind of difference looks at the stretches that do not match and notes what it found.

    ``exchanged``: places of the claim that are accounted for; they say nothing about how near the copy is.
    ``negations`` and ``reversed`` are weighed together at the end: two of them say the same as none.
    """

    def __init__(self, ours: Text, theirs: Text, names: frozenset[str], beside: frozenset[str]) -> None:
        self.ours, self.theirs, self.names, self.beside = ours, theirs, names, beside
        self.codes = codes(ours, theirs)
        equal = [code for code in self.codes if code[0] == "equal"]
        self.window = (equal[0][3], equal[-1][4]) if equal else (0, 0)
        self.matched = {at for _, start, end, _, _ in equal for at in range(start, end)}
        self.held = {word.key for word in theirs}
        self.unanswered = {
            at
            for sort, start, end, begin, stop in self.codes
            if sort in {"delete", "replace"} and not content(theirs, range(begin, stop))
            for at in range(start, end)
        }
        self.exchanged: set[int] = set()
        self.differences: list[Difference] = []
        self.changed: list[tuple[str, str]] = []
        self.negations: list[Negation] = []
        self.reversed: list[Negation] = []

    def found(self, difference: Difference, *places: int) -> None:
        """Note a difference and the places of the claim that it accounts for."""
        self.differences.append(difference)
        self.exchanged.update(places)

    def settle(self, ours: set[int], theirs: set[int]) -> None:
        """What these places of the two say was weighed as a whole: their negations and advice count no more."""
        self.negations = [one for one in self.negations if one.at not in (ours if one.ours else theirs)]
        self.reversed = [one for one in self.reversed if one.at not in ours]
        self.differences = [one for one in self.differences if one.kind != "recommendation"]


def codes(ours: Text, theirs: Text) -> list[Code]:
    """The stretches, as ``difflib`` names them."""
    return _opcodes(tuple(word.key for word in ours), tuple(word.key for word in theirs))


@lru_cache(maxsize=1 << 12)
def _opcodes(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[Code]:
    return [
        (code[0], code[1], code[2], code[3], code[4])
        for code in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    ]


def content(text: Text, places: range) -> list[int]:
    """The words that are no function words and no numbers."""
    return [at for at in places if text[at].weight >= CONTENT and text[at].value is None]


def shown(text: Text, places: range | list[int]) -> str:
    """The words at these places, for a person."""
    return " ".join(text[at].text for at in places)

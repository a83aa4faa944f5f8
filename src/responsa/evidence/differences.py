"""A claim laid beside a sentence of a source: what is the same, and what was exchanged.

Near-copies are compared, meaning is not judged: a difference is reported only where the words around it agree.
"""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from msgspec import Struct

from responsa.evidence.lexicon import (
    AXES,
    FAMILIES,
    FRACTIONS,
    NEGATING,
    POPULATIONS,
    PREFIXES,
    RECOMMENDATIONS,
    TIMES,
    UNITS,
)
from responsa.evidence.verdict import Difference, Kind
from responsa.evidence.words import Word, stem


class Alignment(Struct, frozen=True):
    """``frame``: share of the claim's words, exchanged ones aside, that the source has in the same order.

    ``added``: share of words that the source has between them. ``changed``: words replaced otherwise, in pairs.
    ``unseen``: numbers and names of the claim that the sentence does not hold.
    """

    frame: float
    added: float
    differences: tuple[Difference, ...]
    changed: tuple[tuple[str, str], ...]
    unseen: tuple[str, ...]
    frame_words: int


_SAME: Final = 0.021
"""Relative: 12 months and one year are the same, 19.2 and 19.7 months are not."""
_LONGEST_EXCHANGE: Final = 5
_MOVED: Final = 0.35
"""What a word counts that the sentence has at another place."""
_BESIDE: Final = 0.6
"""What a word counts that stands around the sentence: the subject of which it goes on to speak."""
_PAIR: Final = tuple[int, int]


def align(
    claim: tuple[Word, ...],
    source: tuple[Word, ...],
    names: frozenset[str] = frozenset(),
    beside: frozenset[str] = frozenset(),
) -> Alignment:
    """Lay ``claim`` beside ``source``; ``names`` are words that the sources write with a capital.

    ``beside``: words that stand around ``source``; a claim may take its subject from there.
    """
    return _Pair(claim, source, names, beside).result()


class _Pair:
    """One comparison: gathers differences from the stretches that do not match."""

    def __init__(
        self, ours: tuple[Word, ...], theirs: tuple[Word, ...], names: frozenset[str], beside: frozenset[str]
    ) -> None:
        self.ours, self.theirs, self.names, self.beside = ours, theirs, names, beside
        self.codes = _codes(ours, theirs)
        equal = [code for code in self.codes if code[0] == "equal"]
        self.window = (equal[0][3], equal[-1][4]) if equal else (0, 0)
        self.matched = {at for _, start, end, _, _ in equal for at in range(start, end)}
        self.held = {word.key for word in theirs}
        self.unanswered = {
            at
            for sort, start, end, begin, stop in self.codes
            if sort in {"delete", "replace"} and not _content(theirs, range(begin, stop))
            for at in range(start, end)
        }
        self.exchanged: set[int] = set()
        self.differences: list[Difference] = []
        self.changed: list[tuple[str, str]] = []
        self.negations: list[tuple[int, str, str]] = []
        self.reversed: list[Difference] = []

    def result(self) -> Alignment:
        for sort, start, end, begin, stop in self.codes:
            if sort == "replace":
                self.replaced(start, end, begin, stop)
            if sort != "equal":
                self.negated(start, end, begin, stop)
        self.units()
        self.swaps()
        self.turned()
        if (len(self.negations) + len(self.reversed)) % 2:
            self.differences.append(
                self.reversed[0] if self.reversed else Difference("negation", *self.negations[0][1:])
            )
        elif len(self.reversed) > 1 and not self.negations:
            self.differences.extend(self.reversed)
        frame, count = self.frame()
        return Alignment(frame, self.added(), tuple(self.differences), tuple(self.changed), self.unseen(), count)

    def replaced(self, start: int, end: int, begin: int, stop: int) -> None:
        ours, theirs = range(start, end), range(begin, stop)
        self.numbers(ours, theirs)
        self.formulas(ours, theirs)
        self.measures(ours, theirs)
        self.opposites(ours, theirs)
        self.prefixes(ours, theirs)
        self.members(ours, theirs)
        if not self.exchanged.intersection(ours) and not self.named(ours, theirs):
            mine, other = _content(self.ours, ours), _content(self.theirs, theirs)
            if mine and other:
                self.changed.append((_shown(self.ours, mine), _shown(self.theirs, other)))

    def measures(self, ours: range, theirs: range) -> None:
        """A unit without a number (`within weeks`), a fraction (`a third`) or a multiple (`twice`) for another."""
        for at, place in zip(ours, theirs, strict=False):
            one, two = self.ours[at], self.theirs[place]
            mine, other = (_unit(word) if word.value is None else None for word in (one, two))
            kind: Kind | None = None
            if mine and other and mine != other and mine[0] == other[0] and not _counted(self.ours, at):
                kind = "unit"
            for family in (FRACTIONS, TIMES):
                if one.lower in family and two.lower in family and one.key != two.key:
                    kind = "number"
            if kind and at not in self.exchanged:
                self.exchanged.add(at)
                self.differences.append(Difference(kind, one.text, two.text))

    def members(self, ours: range, theirs: range) -> None:
        """One of a family in the place of another: a drug, a disease, an organ, a group of people."""
        if max(len(ours), len(theirs)) > _LONGEST_EXCHANGE:
            return
        held = {word.key for word in self.ours}
        for at in ours:
            if at in self.exchanged or self.ours[at].key in self.held:
                continue
            for place in theirs:
                one, two = self.ours[at], self.theirs[place]
                if two.key in held or one.key == two.key:
                    continue
                if _person(one) and _person(two) and not _alike(one.text, two.text):
                    self.differences.append(Difference("population", one.text, two.text))
                elif _family(one) & _family(two):
                    self.differences.append(Difference("name", one.text, two.text))
                else:
                    continue
                self.exchanged.add(at)
                break

    def numbers(self, ours: range, theirs: range) -> None:
        mine = [at for at in ours if self.ours[at].value is not None]
        other = [at for at in theirs if self.theirs[at].value is not None]
        if not mine or not other:
            return
        for at, place in zip(mine, other, strict=False):
            if self.same_amount(at, place):
                self.exchanged.add(at)
            elif (self.ours[at].key not in self.held or len(mine) == len(other)) and self.faces(
                at, place, ours, theirs
            ):
                self.exchanged.add(at)
                self.differences.append(Difference("number", _amount(self.ours, at), _amount(self.theirs, place)))

    def faces(self, at: int, place: int, ours: range, theirs: range) -> bool:
        """Whether two numbers stand in one place: between the same words, or before the same unit or word."""
        if len(ours) == len(theirs) == 1:
            return True
        mine, other = _quantity(self.ours, at)[1], _quantity(self.theirs, place)[1]
        if mine and other:
            return True
        before = at > 0 and place > 0 and self.ours[at - 1].key == self.theirs[place - 1].key
        after = (
            at + 1 < len(self.ours)
            and place + 1 < len(self.theirs)
            and self.ours[at + 1].key == self.theirs[place + 1].key
        )
        return before or after

    def formulas(self, ours: range, theirs: range) -> None:
        """Two formulas of one shape with other digits."""
        mine = [at for at in ours if self.ours[at].formula]
        other = [place for place in theirs if self.theirs[place].formula]
        for at, place in zip(mine, other, strict=False):
            one, two = self.ours[at], self.theirs[place]
            if one.key != two.key and _shape(one.key) == _shape(two.key):
                self.exchanged.add(at)
                self.differences.append(Difference("number", one.text, two.text))

    def same_amount(self, at: int, place: int) -> bool:
        mine, other = _quantity(self.ours, at), _quantity(self.theirs, place)
        if mine[0] == other[0] or _shortened(mine[0], other[0]) or _shortened(other[0], mine[0]):
            return True
        if mine[1] and other[1] and mine[1][0] == other[1][0]:
            one, two = mine[0] * mine[1][1], other[0] * other[1][1]
            return mine[1][1] != other[1][1] and abs(one - two) <= _SAME * max(abs(one), abs(two))
        return False

    def units(self) -> None:
        """Numbers that match but count something else: 5 mg, 5 g."""
        for sort, start, end, begin, _ in self.codes:
            if sort != "equal":
                continue
            for at in range(start, end):
                if self.ours[at].value is None:
                    continue
                place = begin + at - start
                mine, other = _quantity(self.ours, at)[1], _quantity(self.theirs, place)[1]
                if mine and other and mine != other:
                    self.differences.append(Difference("unit", _amount(self.ours, at), _amount(self.theirs, place)))
                    self.exchanged.update(range(at + 1, min(at + 3, len(self.ours))))

    def opposites(self, ours: range, theirs: range) -> None:
        for at in ours:
            axes = axes_of(self.ours[at])
            for place in theirs:
                opposed = any((axis, not pole) in axes_of(self.theirs[place]) for axis, pole in axes)
                if _prefixed(self.ours[at], self.theirs[place]) or (opposed and not axes & axes_of(self.theirs[place])):
                    kind = _sort(self.ours[at])
                    self.differences.append(Difference(kind, self.ours[at].text, self.theirs[place].text))
                    self.exchanged.add(at)
                    return

    def prefixes(self, ours: range, theirs: range) -> None:
        for at in ours:
            for place in theirs:
                one, two = self.ours[at], self.theirs[place]
                if one.lower and two.lower and at not in self.exchanged and _negates(one.lower, two.lower):
                    if not (one.negation or two.negation):  # `unable` counts as a word of negation already
                        self.reversed.append(Difference("negation", one.text, two.text))
                    self.exchanged.add(at)

    def negated(self, start: int, end: int, begin: int, stop: int) -> None:
        if begin == stop and start == end:
            return
        if not (self.window[0] <= begin and stop <= self.window[1]) and start == end:
            return  # the source goes on before or after what the claim takes from it
        for at in range(start, end):
            if self.ours[at].negation and not _denies(self.theirs, _denied(self.ours, at)):
                self.negations.append(
                    (at, _around(self.ours, at), _shown(self.theirs, range(begin, stop)) or _around(self.theirs, begin))
                )
        for place in range(begin, stop):
            if self.theirs[place].negation and not _denies(self.ours, _denied(self.theirs, place)):
                self.negations.append(
                    (start, _shown(self.ours, range(start, end)) or "without it", _around(self.theirs, place))
                )

    def named(self, ours: range, theirs: range) -> bool:
        mine, other = _content(self.ours, ours), _content(self.theirs, theirs)
        if not mine or not other or max(len(mine), len(other)) > _LONGEST_EXCHANGE:
            return False
        own = self.names_enough(self.ours, mine) and not _follows(self.ours, mine, self.theirs)
        their = self.names_enough(self.theirs, other)
        if not (own and their):
            return False
        one, two = _shown(self.ours, mine), _shown(self.theirs, other)
        if _is_short_for(one, two) or _is_short_for(two, one) or _alike(one, two):
            return False
        self.differences.append(Difference("name", one, two))
        self.exchanged.update(mine)
        return True

    def names_enough(self, text: tuple[Word, ...], places: list[int]) -> bool:
        """Half of the words: `due to the success of HomeCorp` is no name."""
        return 2 * sum(self.is_name(text[at]) for at in places) >= len(places)

    def is_name(self, word: Word) -> bool:
        return word.name or bool(_family(word)) or (word.key in self.names and not word.text.islower())

    def swaps(self) -> None:
        """Names exchanged with each other inside one sentence: both stand in the source, each at the other's place."""
        moved = [(a, b) for sort, a, e, b, s in self.codes if sort == "replace" and e - a == 1 == s - b]
        for index, (at, place) in enumerate(moved):
            for later, there in moved[index + 1 :]:
                crossed = self.ours[at].key == self.theirs[there].key and self.ours[later].key == self.theirs[place].key
                if crossed and at not in self.exchanged and self.ours[at].weight >= 1:
                    self.exchanged |= {at, later}
                    kind: Kind = "number" if self.ours[at].value is not None else "name"
                    one, two = self.ours[at].text, self.theirs[place].text
                    self.differences.append(Difference(kind, f"{one} where {two} stands", two))

    def turned(self) -> None:
        """`Men more often than women` for `women more often than men`: who is compared changed sides."""
        if not ({"than"} <= {word.lower for word in self.ours} & {word.lower for word in self.theirs}):
            return
        sides = [[word for word in text if _person(word)] for text in (self.ours, self.theirs)]
        if any(len(side) != 2 for side in sides) or sides[0][0].key == sides[0][1].key:  # noqa: PLR2004 - two sides
            return
        if [word.key for word in sides[0]] != [word.key for word in sides[1]][::-1]:
            return
        directions = [one for one in self.differences if one.kind == "direction"]
        people = [one for one in self.differences if one.kind == "population"]
        self.differences = [one for one in self.differences if one.kind not in {"direction", "population"}]
        if not directions and not people:
            self.differences.append(Difference("population", sides[0][0].text, sides[1][0].text))
        elif not directions:
            self.differences.extend(people)

    def frame(self) -> tuple[float, int]:
        total = kept = 0.0
        count = 0
        for at, word in enumerate(self.ours):
            if at in self.exchanged:
                continue
            total += word.weight
            if at in self.matched:
                kept += word.weight
            elif word.key in self.held:
                kept += _MOVED * word.weight
            elif at in self.unanswered and word.key in self.beside:
                kept += _BESIDE * word.weight
            count += at in self.matched and word.weight >= 1
        return (kept / total if total else 0.0), count

    def added(self) -> float:
        begin, stop = self.window
        places = {at for sort, _, _, first, last in self.codes if sort == "equal" for at in range(first, last)}
        extra = sum(self.theirs[at].weight for at in range(begin, stop) if at not in places)
        return extra / (sum(word.weight for word in self.theirs[begin:stop]) or 1.0)

    def unseen(self) -> tuple[str, ...]:
        values = [_quantity(self.theirs, at) for at, word in enumerate(self.theirs) if word.value is not None]
        lacking = []
        for at, word in enumerate(self.ours):
            if at in self.exchanged or at in self.matched or word.key in self.held:
                continue
            if word.value is not None and not any(_equals(_quantity(self.ours, at), other) for other in values):
                lacking.append(_amount(self.ours, at))
            elif word.value is None and word.name:
                lacking.append(word.text)
        return tuple(lacking)


def _person(word: Word) -> bool:
    return word.lower in POPULATIONS


def _family(word: Word) -> frozenset[int]:
    return FAMILIES.get(word.lower) or FAMILIES.get(word.lower.removesuffix("s")) or frozenset()


def _denied(text: tuple[Word, ...], at: int) -> str:
    """The word of content behind a negation."""
    return next((word.key for word in text[at + 1 :] if word.weight >= 0.6), "")  # noqa: PLR2004 - no function words


def _denies(text: tuple[Word, ...], key: str) -> bool:
    """Whether the same is denied there, at another place of the sentence."""
    return bool(key) and any(word.negation and _denied(text, at) == key for at, word in enumerate(text))


def _counted(text: tuple[Word, ...], at: int) -> bool:
    """Whether a number stands before the unit: then amounts are compared."""
    return at > 0 and text[at - 1].value is not None


def _prefixed(one: Word, two: Word) -> bool:
    """`hyperactive` and `hypoactive`."""
    if one.lower[-4:] != two.lower[-4:]:
        return False
    for first, second in PREFIXES:
        for mine, other in ((first, second), (second, first)):
            root = one.lower.removeprefix(mine)
            if len(root) > 3 and root != one.lower and two.lower == other + root:  # noqa: PLR2004 - `inform`, `exform`
                return True
    return False


def _shortened(short: float, year: float) -> bool:
    """`2018-19` names the year 2019."""
    return short < 100 and 1000 <= year < 2100 and year % 100 == short  # noqa: PLR2004 - years


def _shape(formula: str) -> str:
    return re.sub(r"\d+(?:\.\d+)?", "0", formula)


def _codes(ours: tuple[Word, ...], theirs: tuple[Word, ...]) -> list[tuple[str, int, int, int, int]]:
    return _opcodes(tuple(word.key for word in ours), tuple(word.key for word in theirs))


@lru_cache(maxsize=1 << 12)
def _opcodes(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[tuple[str, int, int, int, int]]:
    return [
        (code[0], code[1], code[2], code[3], code[4])
        for code in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    ]


Quantity = tuple[float, tuple[str, float] | None]


def _quantity(text: tuple[Word, ...], at: int) -> Quantity:
    """Value and unit (dimension, factor) of the number at ``at``; `60 to 70%` counts both in per cent."""
    value = text[at].value
    assert value is not None
    follows = at + 1
    if follows + 1 < len(text) and text[follows].lower in {"to", "and", "or"} and text[follows + 1].value is not None:
        follows += 2
    elif follows < len(text) and text[follows].value is not None:
        follows += 1
    if follows < len(text) and (unit := _unit(text[follows])):
        return value, unit
    before = text[at - 1] if at else None
    return value, _unit(before) if before is not None and before.text in {"$", "€", "£"} else None


def _unit(word: Word) -> tuple[str, float] | None:
    lower = word.lower
    return UNITS.get(lower) or UNITS.get(lower.removesuffix("s"))


def _equals(one: Quantity, two: Quantity) -> bool:
    if one[1] and two[1] and one[1][0] == two[1][0]:
        first, second = one[0] * one[1][1], two[0] * two[1][1]
        return abs(first - second) <= (_SAME if one[1] != two[1] else 1e-9) * max(abs(first), abs(second), 1e-12)
    return one[0] == two[0]


def _amount(text: tuple[Word, ...], at: int) -> str:
    follows = text[at + 1] if at + 1 < len(text) else None
    if follows is None or not (_unit(follows) or follows.text == "%"):
        return text[at].text
    return text[at].text + ("" if follows.text in {"%", "°"} else " ") + follows.text


@lru_cache(maxsize=1 << 14)
def _axes_of(lower: str, key: str) -> frozenset[tuple[int, bool]]:
    return AXES.get(lower, frozenset()) | _STEMMED.get(key, frozenset())


_STEMMED: Final = {
    key: frozenset[tuple[int, bool]]().union(*(axes for word, axes in AXES.items() if stem(word) == key))
    for key in {stem(word) for word in AXES}
}


def axes_of(word: Word) -> frozenset[tuple[int, bool]]:
    """The axes of opposites on which a word lies, and at which pole."""
    return _axes_of(word.lower, word.key)


def _sort(word: Word) -> Kind:
    if word.lower in POPULATIONS:
        return "population"
    return "recommendation" if word.lower in RECOMMENDATIONS or word.key in _RECOMMENDED else "direction"


_RECOMMENDED: Final = frozenset(stem(word) for word in RECOMMENDATIONS)


def _negates(one: str, two: str) -> bool:
    longer, shorter = (one, two) if len(one) > len(two) else (two, one)
    if len(shorter) < 4:  # noqa: PLR2004 - `to`, `into`
        return False
    if any(longer == prefix + shorter for prefix in NEGATING):
        return True
    return (
        {one[-4:], two[-4:]} == {"less", "eful"}
        or (one[:-4] == two[:-3] and {one[-4:], two[-3:]} == {"less", "ful"})
        or (two[:-4] == one[:-3] and {two[-4:], one[-3:]} == {"less", "ful"})
    )


def _content(text: tuple[Word, ...], places: range) -> list[int]:
    return [at for at in places if text[at].weight >= 0.6 and text[at].value is None]  # noqa: PLR2004 - no function words


def _follows(text: tuple[Word, ...], places: list[int], other: tuple[Word, ...]) -> bool:
    """Whether the words stand one behind the other in ``other`` too: then they only moved."""
    keys = [text[at].key for at in places]
    held = [word.key for word in other if word.weight >= 0.6]  # noqa: PLR2004 - no function words
    return any(held[at : at + len(keys)] == keys for at in range(len(held) - len(keys) + 1))


def _shown(text: tuple[Word, ...], places: range | list[int]) -> str:
    return " ".join(text[at].text for at in places)


def _around(text: tuple[Word, ...], at: int) -> str:
    return " ".join(word.text for word in text[max(0, at - 1) : at + 3])


def _is_short_for(short: str, long: str) -> bool:
    """`HCC` for `hepatocellular carcinoma`, `US` for `United States`."""
    letters = [sign.casefold() for sign in short if sign.isupper()]
    initials = [part[0].casefold() for part in long.split()]
    if len(letters) <= 1 or letters[0] != initials[0]:
        return False
    return letters == initials or all(letter in long.casefold() for letter in letters)


def _alike(one: str, two: str) -> bool:
    """One name in two forms: `Kantian`, `Kant's`; `Alzheimer`, `Alzheimers`."""
    first, second = one.casefold().replace(" ", ""), two.casefold().replace(" ", "")
    shared = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return shared >= max(4, 0.6 * max(len(first), len(second)))

"""Numbers, units, fractions and formulas: another amount in the place of one."""

import re
from typing import Final

from responsa.evidence.differences.laid import Laid, Text
from responsa.evidence.lexicon import FRACTIONS, TIMES, UNITS
from responsa.evidence.verdict import Difference
from responsa.evidence.words import Word

Quantity = tuple[float, tuple[str, float] | None]
_SAME: Final = 0.021
"""Relative: 12 months and one year are the same, 19.2 and 19.7 months are not."""


def numbers(laid: Laid, ours: range, theirs: range) -> None:
    """Another number in the same place."""
    mine = [at for at in ours if laid.ours[at].value is not None]
    other = [at for at in theirs if laid.theirs[at].value is not None]
    if not (mine and other):
        _ones(laid, ours, theirs)
    for at, place in zip(mine, other, strict=False):
        if _same_amount(laid, at, place):
            laid.exchanged.add(at)
        elif (laid.ours[at].key not in laid.held or len(mine) == len(other)) and _faces(laid, at, place, ours, theirs):
            laid.found(Difference("number", amount(laid.ours, at), amount(laid.theirs, place)), at)


def _ones(laid: Laid, ours: range, theirs: range) -> None:
    """`One of` for `two of`: elsewhere the word `one` is no number."""
    if len(ours) != 1 or len(theirs) != 1:
        return
    one, two = laid.ours[ours[0]], laid.theirs[theirs[0]]
    for word, number in ((one, two), (two, one)):
        if word.lower == "one" and number.value not in {None, 1.0}:
            laid.found(Difference("number", one.text, two.text), ours[0])


def formulas(laid: Laid, ours: range, theirs: range) -> None:
    """Two formulas of one shape with other digits."""
    mine = [at for at in ours if laid.ours[at].formula]
    other = [place for place in theirs if laid.theirs[place].formula]
    for at, place in zip(mine, other, strict=False):
        one, two = laid.ours[at], laid.theirs[place]
        if one.key != two.key and _shape(one.key) == _shape(two.key):
            laid.found(Difference("number", one.text, two.text), at)


def measures(laid: Laid, ours: range, theirs: range) -> None:
    """A unit without a number (`within weeks`), a fraction (`a third`) or a multiple (`twice`) for another."""
    for at, place in zip(ours, theirs, strict=False):
        one, two = laid.ours[at], laid.theirs[place]
        mine, other = (unit_of(word) if word.value is None else None for word in (one, two))
        if mine and other and mine != other and mine[0] == other[0] and not _counted(laid.ours, at):
            laid.found(Difference("unit", one.text, two.text), at)
    for family in (FRACTIONS, TIMES):
        own = [at for at in ours if laid.ours[at].lower in family and at not in laid.exchanged]
        their = [at for at in theirs if laid.theirs[at].lower in family]
        if own and their and laid.ours[own[0]].key != laid.theirs[their[0]].key:
            laid.found(Difference("number", laid.ours[own[0]].text, laid.theirs[their[0]].text), own[0])


def units(laid: Laid) -> None:
    """Numbers that match but count something else: 5 mg, 5 g."""
    for sort, start, end, begin, _ in laid.codes:
        for at in range(start, end) if sort == "equal" else ():
            if laid.ours[at].value is None:
                continue
            place = begin + at - start
            mine, other = _quantity(laid.ours, at)[1], _quantity(laid.theirs, place)[1]
            if mine and other and mine != other:
                told = Difference("unit", amount(laid.ours, at), amount(laid.theirs, place))
                laid.found(told, *range(at + 1, min(at + 3, len(laid.ours))))


def unseen_numbers(laid: Laid) -> dict[int, str]:
    """The numbers of the claim that the sentence does not hold in any unit, by place."""
    values = [_quantity(laid.theirs, at) for at, word in enumerate(laid.theirs) if word.value is not None]
    return {
        at: amount(laid.ours, at)
        for at, word in enumerate(laid.ours)
        if word.value is not None and not any(_equals(_quantity(laid.ours, at), other) for other in values)
    }


def amount(text: Text, at: int) -> str:
    """A number with its unit, as written."""
    follows = text[at + 1] if at + 1 < len(text) else None
    if follows is None or not (unit_of(follows) or follows.text == "%"):
        return text[at].text
    return text[at].text + ("" if follows.text in {"%", "°"} else " ") + follows.text


def unit_of(word: Word) -> tuple[str, float] | None:
    """Dimension and factor, where the word names a unit."""
    return UNITS.get(word.lower) or UNITS.get(word.lower.removesuffix("s"))


def _faces(laid: Laid, at: int, place: int, ours: range, theirs: range) -> bool:
    """Whether two numbers stand in one place: between the same words, or before the same unit or word."""
    if len(ours) == len(theirs) == 1:
        return True
    if _quantity(laid.ours, at)[1] and _quantity(laid.theirs, place)[1]:
        return True
    before = at > 0 and place > 0 and laid.ours[at - 1].key == laid.theirs[place - 1].key
    inside = at + 1 < len(laid.ours) and place + 1 < len(laid.theirs)
    return before or (inside and laid.ours[at + 1].key == laid.theirs[place + 1].key)


def _same_amount(laid: Laid, at: int, place: int) -> bool:
    mine, other = _quantity(laid.ours, at), _quantity(laid.theirs, place)
    if mine[0] == other[0] or _shortened(mine[0], other[0]) or _shortened(other[0], mine[0]):
        return True
    if mine[1] and other[1] and mine[1][0] == other[1][0]:
        one, two = mine[0] * mine[1][1], other[0] * other[1][1]
        return mine[1][1] != other[1][1] and abs(one - two) <= _SAME * max(abs(one), abs(two))
    return False


def _counted(text: Text, at: int) -> bool:
    """Whether a number stands before the unit: then amounts are compared."""
    return at > 0 and text[at - 1].value is not None


def _shortened(short: float, year: float) -> bool:
    """`2018-19` names the year 2019."""
    return short < 100 and 1000 <= year < 2100 and year % 100 == short  # noqa: PLR2004 - years


def _shape(formula: str) -> str:
    return re.sub(r"\d+(?:\.\d+)?", "0", formula)


def _quantity(text: Text, at: int) -> Quantity:
    """Value and unit (dimension, factor) of the number at ``at``; `60 to 70%` counts both in per cent."""
    value = text[at].value
    assert value is not None
    follows = at + 1
    if follows + 1 < len(text) and text[follows].lower in {"to", "and", "or"} and text[follows + 1].value is not None:
        follows += 2
    elif follows < len(text) and text[follows].value is not None:
        follows += 1
    if follows < len(text) and (unit := unit_of(text[follows])):
        return value, unit
    before = text[at - 1] if at else None
    return value, unit_of(before) if before is not None and before.text in {"$", "€", "£"} else None


def _equals(one: Quantity, two: Quantity) -> bool:
    if one[1] and two[1] and one[1][0] == two[1][0]:
        first, second = one[0] * one[1][1], two[0] * two[1][1]
        return abs(first - second) <= (_SAME if one[1] != two[1] else 1e-9) * max(abs(first), abs(second), 1e-12)
    return one[0] == two[0]

"""The amounts of a sentence: value or range, what is counted, and whether two of them can both be right."""

import re
from typing import Final, Literal

from msgspec import Struct

from responsa.evidence.lexicon import UNITS
from responsa.evidence.words import Word, stem

Bound = Literal["", ">", "<"]
_CONTENT: Final = 0.6
_YEARS: Final = range(1000, 2101)
_BOUNDS: Final[dict[str, Bound]] = {"≥": ">", ">": ">", "≤": "<", "<": "<"}
_JOINS: Final = frozenset({"to", "and", "or", "–", "-"})
_BEHIND: Final = 3
_AROUND: Final = 6
_SKIPPED: Final = frozenset(
    "other distinct main major primary different key separate neighboring neighbouring new basic fundamental essential "
    "common most such of the a these those its their".split()
)
_SORTS: Final = frozenset(
    stem(word)
    for word in "types type ways kinds forms steps stages phases categories parts components factors sections methods "
    "approaches strategies elements aspects levels groups classes principles terms areas points features "
    "characteristics theories styles systems models reasons".split()
)
"""How many sorts there are is a matter of who lists them."""
_LABEL: Final = frozenset(
    "step phase stage grade class type level tier chapter section article part figure table title act amendment "
    "question item line rule version volume vol no number group shell period category schedule lesson page verse "
    "generation model scenario option case route apollo windows war pope ph element isotope paragraph protocol "
    "covid sars trimester layer unit module week day month quarter year b vitamin omega".split()
)
"""A number behind one of these names a thing; it counts nothing."""
_MONTHS: Final = frozenset(
    "january february march april may june july august september october november december".split()
)
_ERA: Final = frozenset("bc bce ce ad century centuries".split())


class Amount(Struct, frozen=True):
    """``low`` to ``high`` in the unit of ``dimension``, or of the things named by ``nouns``; ``shown`` as written."""

    low: float
    high: float
    dimension: str
    nouns: frozenset[str]
    bound: Bound
    shown: str
    exact: int

    def counts_as(self, other: "Amount") -> bool:
        """Whether both count the same kind of thing."""
        if self.dimension != other.dimension:
            return False
        if not self.dimension or self.dimension in {"share", "calendar"}:
            return bool(self.nouns & other.nouns)
        return True


def amounts(text: tuple[Word, ...]) -> list[Amount]:
    """In order; numbers that name (`type 2`, `carbon-14`) are left out."""
    found: list[Amount] = []
    at = 0
    while at < len(text):
        if text[at].value is None:
            at += 1
            continue
        last = _end_of_range(text, at)
        if not _names(text, at):
            found.append(_amount(text, at, last))
        at = last + 1
    return found


def _end_of_range(text: tuple[Word, ...], at: int) -> int:
    after = at + 1
    if after < len(text) and text[after].value is None and _unit(text, after - 1) and text[after].lower:
        after += 1  # `5 mg to 10 mg`
    if after < len(text) and text[after].lower in _JOINS:
        after += 1
    reached = after < len(text) and text[after].value is not None and after - at <= 3  # noqa: PLR2004 - unit and joint
    if reached and after == at + 1 and (text[after].value in _YEARS) != (text[at].value in _YEARS):
        return at  # `February 13, 2024`
    return after if reached else at


def _names(text: tuple[Word, ...], at: int) -> bool:
    before = text[at - 1] if at else None
    return before is not None and (before.key in _LABEL or before.lower in _LABEL)


def _amount(text: tuple[Word, ...], first: int, last: int) -> Amount:
    ends = [value for at in (first, last) if (value := text[at].value) is not None]
    unit = _unit(text, last) or _unit(text, first) or _money(text, first)
    scale = unit[1] if unit else 1.0
    low, high = min(ends) * scale, max(ends) * scale
    dimension = unit[0] if unit else _calendar(text, first, last)
    bound: Bound = _BOUNDS.get(text[first - 1].text, "") if first else ""
    shown = " ".join(word.text for word in text[first : last + 2])
    exact = max(len(text[at].text.partition(".")[2]) for at in (first, last))
    return Amount(low, high, dimension, _counted(text, first, last, dimension), bound, shown, exact)


def _counted(text: tuple[Word, ...], first: int, last: int, dimension: str) -> frozenset[str]:
    """What a bare number counts; what a share is of; what happened in a year."""
    if dimension == "calendar":
        return frozenset(word.key for word in text[max(0, first - _AROUND) : first] if word.weight >= _CONTENT)
    if dimension == "share":
        near = text[last + 2 : last + 2 + _AROUND] or text[max(0, first - _AROUND) : first]
        return frozenset(word.key for word in near if word.weight >= _CONTENT and word.value is None)
    keys: list[str] = []
    for word in text[last + 1 : last + 1 + 2 * _BEHIND]:
        if word.lower in _SKIPPED:
            continue
        if word.weight < _CONTENT or word.value is not None or len(keys) == _BEHIND:
            break
        keys.append(word.key)
    return frozenset(keys[:1]) if keys and not _SORTS & set(keys) else frozenset()


def _unit(text: tuple[Word, ...], at: int) -> tuple[str, float] | None:
    if at + 1 >= len(text):
        return None
    lower = text[at + 1].lower
    return UNITS.get(lower) or UNITS.get(lower.removesuffix("s"))


def _money(text: tuple[Word, ...], at: int) -> tuple[str, float] | None:
    before = text[at - 1].text if at else ""
    return UNITS.get(before) if before in {"$", "€", "£"} else None


def _calendar(text: tuple[Word, ...], first: int, last: int) -> str:
    if last + 1 < len(text) and re.sub(r"\W", "", text[last + 1].lower) in _ERA:
        return "century"
    if first and text[first - 1].lower in _MONTHS and first == last:
        return "calendar"
    whole = all(
        text[at].value in _YEARS and "," not in text[at].text and text[at].text.isdigit() for at in (first, last)
    )
    return "calendar" if whole else ""


def apart(one: Amount, other: Amount) -> float:
    """0 where both can be right (one inside the other, rounded, bounded otherwise), else how far off, to 1."""
    if one.bound != other.bound:
        return 0.0
    if one.low == one.high and other.low == other.high:
        return _single(one, other)
    if one.low == one.high or other.low == other.high:
        point, span = (one, other) if one.low == one.high else (other, one)
        if span.low <= point.low <= span.high:
            return 0.0
        return _relative(point.low, span.low if point.low < span.low else span.high)
    shared = min(one.high, other.high) - max(one.low, other.low)
    return min(1.0, 1 - max(0.0, shared) / (max(one.high, other.high) - min(one.low, other.low)))


def _single(one: Amount, other: Amount) -> float:
    if one.exact != other.exact and abs(one.low - other.low) < 10 ** -min(one.exact, other.exact):
        return 0.0
    if one.dimension == "calendar":
        return 0.0 if one.low == other.low else max(0.2, min(1.0, abs(one.low - other.low) / 50))
    return _relative(one.low, other.low)


def _relative(one: float, other: float) -> float:
    return abs(one - other) / (max(abs(one), abs(other)) or 1.0)

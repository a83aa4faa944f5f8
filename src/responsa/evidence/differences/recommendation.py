"""What a sentence advises: to do a thing, that it may be done, that it need not or should not.

A stand can be taken in many words (*should avoid*, *is not an option*, *there is no need to*): stands are compared, not
words. Two sentences with one stand in other words do not differ in a negation either.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from responsa.evidence.differences.laid import Laid, Text, shown
from responsa.evidence.verdict import Difference


class Stand(Enum):
    """From urging to ruling out."""

    ADVISED = 3
    ALLOWED = 2
    UNPROVEN = 1
    NEEDLESS = -1
    RULED_OUT = -2


class Advice(Struct, frozen=True):
    """Where in a sentence a stand is taken: words from ``start`` up to ``end``."""

    stand: Stand
    start: int
    end: int


_AGAINST: Final = (
    {Stand.ADVISED, Stand.RULED_OUT},
    {Stand.ADVISED, Stand.NEEDLESS},
    {Stand.ADVISED, Stand.UNPROVEN},
    {Stand.ALLOWED, Stand.RULED_OUT},
)
_DENIED: Final = {
    Stand.ADVISED: Stand.RULED_OUT,
    Stand.ALLOWED: Stand.RULED_OUT,
    Stand.UNPROVEN: Stand.ALLOWED,
    Stand.NEEDLESS: Stand.ADVISED,
    Stand.RULED_OUT: Stand.ALLOWED,
}
_MODAL: Final = r"(?:may|might|can|could)"
_DONE: Final = r"(?:considered|used|given|offered|tried|prescribed|recommended|advised|taken)"
_NEED: Final = re.compile(r"needs?|needed|require[sd]?|necessary|essential|mandatory|ha[sd]|have|urgent")
"""What is needed and denied is needless; what else is advised and denied is ruled out."""
_CUES: Final = re.compile(
    "|".join(
        rf"(?P<{name}>\b(?:{'|'.join(patterns)})\b)"
        for name, patterns in (
            (
                "NEEDLESS",
                ("unnecessary", "needless", "superfluous", "optional", "(?:without|no) (?:any )?need", "need not",
                 "ignored?", "disregard(?:ed)?"),
            ),
            ("UNPROVEN", ("experimental", "investigational", "under (?:study|investigation)", "unproven")),
            (
                "RULED_OUT",
                (
                    "avoid(?:ed|s|ing)?", "contraindicated", "discouraged?", "ruled out", "rules? out", "unsuitable",
                    "inappropriate", "obsolete", "prohibited", "forbidden",
                    "(?:advise[sd]?|recommend(?:ed|s)?) against", "refrain(?:ed|s)?", "abstain(?:ed|s)?",
                    "inadvisable", "abandoned",
                ),
            ),
            (
                "ALLOWED",
                (
                    rf"{_MODAL} (?:\w+ly |also )?be (?:\w+ly )?{_DONE}",
                    rf"{_MODAL} (?:\w+ly |also )?(?:recommend|prescribe|advise|consider|suggest)",
                    r"an? (?:\w+ )?option", "allow(?:ed|s)?", "permitted", "permissible", "acceptable", "accepted",
                    "safe(?:ly)?", "suitable", "appropriate", "candidates?", "offered", "tolerable",
                    "beneficial", "helpful",
                ),
            ),
            (
                "ADVISED",
                (
                    "should", "must", "ought to", "needs?(?= (?:to|a|an|no|the|regular|further|more)\\b)", "needed",
                    "ha(?:s|ve) to", "require[sd]?", "necessary", "essential", "mandatory", "recommend(?:ed|s)?",
                    "advis(?:ed?|es|able)", "indicated", "prefer(?:red)?", "of choice", "first (?:option|choice|line)",
                    "firstline", "standard(?= of care| treatment| therapy| care|$)", "(?<=is )standard",
                    "(?<=are )standard",
                    "the usual advice", "established", "encouraged", "urged",
                ),
            ),
        )
    )
)  # fmt: skip
_MODALS: Final = re.compile(r"should|must|ought")
_NOT: Final = frozenset({"not", "no", "never", "neither", "nor"})
_LEFT: Final = 3
"""Words before a cue among which a negation is looked for."""


def advised(laid: Laid) -> None:
    """Notes where the two stand against each other; where they agree, their negations say nothing."""
    mine, other = _apart(laid)
    if other and not mine:
        mine = _permitted(laid, other)
    if not mine or not other:
        return
    against = all({one.stand, two.stand} in _AGAINST for one in mine for two in other)
    if not against and {one.stand for one in mine} != {two.stand for two in other}:
        return
    ours, theirs = _places(mine), _places(other)
    laid.settle(ours, theirs)
    laid.exchanged |= ours - laid.matched
    if against:
        told = (shown(laid.ours, sorted(ours)), shown(laid.theirs, sorted(theirs)))
        laid.differences.append(Difference("recommendation", *told))


def _permitted(laid: Laid, other: list[Advice]) -> list[Advice]:
    """`May eat` in the place of `avoid eating`: elsewhere `may` tells of a chance."""
    if any(two.stand is not Stand.RULED_OUT for two in other):
        return []
    ruled = _places(other)
    stretches = (code for code in laid.codes if code[0] == "replace" and ruled & set(range(code[3], code[4])))
    places = [at for _, start, end, _, _ in stretches for at in range(start, end)]
    return [Advice(Stand.ALLOWED, at, at + 1) for at in places if laid.ours[at].lower in {"may", "can"}]


def _places(found: list[Advice]) -> set[int]:
    return {at for one in found for at in range(one.start, one.end)}


def _apart(laid: Laid) -> tuple[list[Advice], list[Advice]]:
    """The stands of each that are not those of the other word for word; a negation between them is one of its kind."""
    mine, other = list(stands(laid.ours)), list(stands(laid.theirs))
    for one in tuple(mine):
        twin = next((two for two in other if _keys(laid.theirs, two) == _keys(laid.ours, one)), None)
        if twin:
            mine.remove(one)
            other.remove(twin)
    return mine, other


def _keys(text: Text, one: Advice) -> list[str]:
    return [word.key for word in text[one.start : one.end] if not word.negation]


@lru_cache(maxsize=1 << 12)
def stands(text: Text) -> tuple[Advice, ...]:
    """In order. `Should be avoided` is one stand, that of its last cue."""
    found: list[Advice] = []
    for one in _cues(text):
        before = found[-1] if found and one.start - found[-1].end <= 1 else None
        if before:
            found[-1] = Advice(one.stand, before.start, one.end)
        else:
            found.append(one)
    return tuple(found)


def _cues(text: Text) -> Iterator[Advice]:
    joined = " ".join(word.lower or "-" for word in text)
    for match in _CUES.finditer(joined):
        start = joined.count(" ", 0, match.start())
        end = start + match.group().count(" ") + 1
        stand = Stand[match.lastgroup or ""]
        at = _denial(text, start, end, modal=_MODALS.fullmatch(match.group()) is not None)
        if at is not None:
            needed = stand is Stand.ADVISED and _NEED.match(match.group())
            stand = Stand.NEEDLESS if needed else _DENIED[stand]
            start, end = min(start, at), max(end, at + 1)
        yield Advice(stand, start, end)


def _denial(text: Text, start: int, end: int, *, modal: bool) -> int | None:
    """The place of the negation that denies a cue: shortly before it, or behind `should`."""
    places = range(end, min(end + 1, len(text))) if modal else range(start - 1, max(-1, start - 1 - _LEFT), -1)
    return next((at for at in places if text[at].lower in _NOT), None)

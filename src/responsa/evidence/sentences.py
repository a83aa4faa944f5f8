"""Where sentences begin and end. Abbreviations, initials, decimals, formulas and code end none."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

# The mark, what closes behind it, and citations that belong to what they follow: `text.[1] Next`.
# A run of marks is tried once and taken whole: a line of a million dots would else cost a million times as much.
_END: Final = re.compile(
    r"(?:(?<![.!?…])[.!?…]++[\"'”’»)\]*_]*+|[:;](?=[^\S\n]*+\n[^\S\n]*+\n))"
    r"(?:\s?(?:\\?\[\^?[\w@,; –-]{1,40}\\?\](?!\()|[¹²³⁴-⁹]++))*"
    r"(?=\s)"
)
_OPENER: Final = re.compile(r"\s+[\"'“‘«(\[*_<$\\`#-]*\s?([^\W_]|[$`\\<≥≤>~+−-])")
_SHOWN: Final = re.compile(r"\S")
_SHORT: Final = frozenset(
    "e.g i.e et al etc vs cf ca approx resp viz dr mr mrs ms prof st sr jr fig figs eq eqs no nos vol pp p ch sec ed "
    "eds inc ltd co corp dept univ jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m ph.d m.d b.c a.d "
    "op cit ibid spp sp var subsp max min avg est gen gov sen rep art nr incl excl".split()
)
_ENDING: Final = frozenset("etc u.s u.k a.m p.m no co inc sp var ed art rep min max".split())
"""Short forms that also end sentences, or are words."""
_WORD_BEFORE: Final = re.compile(r"([^\s(\[\"'“‘*_]+)\.\Z")
_INITIAL: Final = re.compile(r"[A-Z]\Z")
_BEFORE_INITIAL: Final = re.compile(r"(?:^|[.,;(&]\s?|\b[A-Z][a-z]+ )[A-Z]\.\Z")
_OPENING_WORD: Final = re.compile(r"\s+(?:The|This|These|It|In|A|An|They|Their|If|For|As|At|On|He|She|We|Its)\b")
_LONGEST_WORD: Final = 24


def sentences(text: str, whole: Sequence[tuple[int, int]] = ()) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of ``text``, without the blank space around them; none ends inside ``whole``."""
    at = 0
    starts = [start for start, _ in whole]
    for match in _END.finditer(text):
        if _inside(match.start(), whole, starts) or not _ends(text, match):
            continue
        yield from _trimmed(text, at, match.end())
        at = match.end()
    yield from _trimmed(text, at, len(text))


def _inside(place: int, whole: Sequence[tuple[int, int]], starts: list[int]) -> bool:
    index = bisect_right(starts, place) - 1
    return index >= 0 and place < whole[index][1]


def _ends(text: str, match: re.Match[str]) -> bool:
    opener = _OPENER.match(text, match.end())
    if opener is None:
        return _SHOWN.search(text, match.end()) is None
    first = opener[1]
    mark = match.group()
    if mark[0] != ".":
        return not (mark[0] in "!?" and first.islower() and ")" in mark)
    if first.islower():
        return False
    closed = len(mark) > 1 and mark[1] != "*"
    before = text[max(0, match.start() - _LONGEST_WORD) : match.start() + 1]
    return closed or not _abbreviated(before, first, text[match.end() : match.end() + 12])


def _abbreviated(before: str, first: str, following: str) -> bool:
    found = _WORD_BEFORE.search(before)
    if found is None:
        return False
    word = found[1]
    if _INITIAL.fullmatch(word):
        # `J. Smith` but `vitamin C. The`: an initial stands behind another initial, a comma or at the start.
        return bool(_BEFORE_INITIAL.search(before)) and first.isupper() and not _OPENING_WORD.match(following)
    if word.casefold() in _ENDING:
        return word.casefold() in {"no", "art"} and first.isdigit()
    return word.casefold() in _SHORT


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end

"""An answer as its page shows it, with every claim marked by its verdict."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from responsa.evidence.report import Checked
from responsa.publish.citations import CLOSE, OPEN
from responsa.publish.html import Html, render

_MARK: Final = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_TAG: Final = re.compile(r'<[A-Za-z/](?:[^">]|"[^"]*")*>')
_WHOLE: Final = re.compile(r"<(math|pre|code|svg)\b.*?</\1>", re.DOTALL)
_SIGNS: Final = " \t\n|*_~#>"


class Marked(Struct, frozen=True):
    """``body`` is safe HTML; ``placed`` are the numbers of the claims that could be marked in it, from 1."""

    body: str
    placed: frozenset[int]


def marked(answer: str, checked: Sequence[Checked], kinds: Sequence[str]) -> Marked:
    """``kinds`` are the verdicts' names, one a claim: the class of its mark.

    Where a mark would change what the page says, that claim goes unmarked: marks never touch the text.
    """
    plain = render(answer).body
    if OPEN in answer or CLOSE in answer:
        return Marked(plain, frozenset())
    numbers = range(1, len(checked) + 1)
    html = _rendered(answer, checked, numbers)
    if _bare(html) != plain:
        numbers_kept = [number for number in numbers if _bare(_rendered(answer, checked, [number])) == plain]
        html = _rendered(answer, checked, numbers_kept)
        if _bare(html) != plain:
            return Marked(plain, frozenset())
    body, placed = _coloured(html, kinds)
    return Marked(body, placed)


def _rendered(answer: str, checked: Sequence[Checked], numbers: Sequence[int] | range) -> str:
    """Two signs around each claim: an even number opens, an odd one closes."""
    places: list[tuple[int, int]] = []
    for number in numbers:
        start, end = _inside(answer, checked[number - 1])
        if start < end:
            places += [(start, 2 * number), (end, 2 * number + 1)]
    parts, done = list[str](), 0
    # Where one claim ends another begins: what closes stands first.
    for place, sign in sorted(places, key=lambda one: (one[0], one[1] % 2 == 0, one[1])):
        parts += [answer[done:place], f"{OPEN}{sign}{CLOSE}"]
        done = place
    html: Html = render("".join((*parts, answer[done:])))
    return html.body


def _inside(answer: str, entry: Checked) -> tuple[int, int]:
    """Without emphasis at its ends, which a sign beside it would open or close otherwise (CommonMark 6.2)."""
    start, end = entry.claim.start, min(entry.claim.end, len(answer))
    while start < end and answer[start] in _SIGNS:
        start += 1
    while end > start and answer[end - 1] in _SIGNS:
        end -= 1
    return start, end


def _bare(html: str) -> str:
    return _MARK.sub("", html)


def _coloured(html: str, kinds: Sequence[str]) -> tuple[str, frozenset[int]]:
    """Every run of text of a claim in a ``mark`` of its own, so that tags nest whatever the claim spans."""
    parts: list[str] = []
    placed: set[int] = set()
    now, linked = 0, False
    for piece, is_tag in _pieces(html):
        if is_tag:
            parts.append(_bare(piece))
            linked = piece.startswith("<a ") or (linked and piece != "</a>")
        done = 0
        for sign in _MARK.finditer(piece):
            parts.append("" if is_tag else _run(piece[done : sign.start()], now, kinds, placed, linked=linked))
            number = int(sign[1])
            now = number // 2 if number % 2 == 0 else 0
            done = sign.end()
        parts.append("" if is_tag else _run(piece[done:], now, kinds, placed, linked=linked))
    return "".join(parts), frozenset(placed)


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """Tags, and formulas and code as a whole, apart from the text between them."""
    done = 0
    while found := min(
        filter(None, (_WHOLE.search(html, done), _TAG.search(html, done))), key=lambda one: one.start(), default=None
    ):
        yield html[done : found.start()], False
        yield found[0], True
        done = found.end()
    yield html[done:], False


def _run(text: str, number: int, kinds: Sequence[str], placed: set[int], *, linked: bool) -> str:
    if not number or not text.strip() or number > len(kinds):
        return text
    first = number not in placed
    placed.add(number)
    own = f' id="in-{number}"' if first else ""
    note = f'<a class="n" href="#claim-{number}">{number}</a>' if first and not linked else ""
    return f'{note}<mark class="v {kinds[number - 1]}" data-claim="{number}"{own}>{text}</mark>'

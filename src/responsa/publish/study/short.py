"""The back of a card: the beginning of an answer, as the page itself shows it.

What comes in is the page's own sanitised HTML, and what goes out is pieces of it: no text becomes markup here.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final

from msgspec import Struct, structs

MOST: Final = 600
"""Letters of a short answer; the sentence that passes them is left out."""
LEAST: Final = 80
"""Letters of a beginning that says enough alone."""
ITEMS: Final = 6
"""Points of a list."""
LONGEST: Final = 12_000
"""Signs of markup of a block that is taken as a whole: a table or a formula."""
_TOKEN: Final = re.compile(
    r'(?P<math><math\b.*?</math>)|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:[^>"]|"[^"]*")*>|(?P<text>[^<]+)',
    re.DOTALL,
)
_VOID: Final = frozenset(("br", "hr", "img", "wbr", "input", "col"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS: Final = frozenset(("ul", "ol"))
_SENTENCE: Final = re.compile(r"[.!?][\"')\]\u201d\u2019]*(?=\s+(?:[^\W_a-z]|$))")
_NOTE: Final = re.compile(r'<sup class="footnote-reference">.*?</sup>', re.DOTALL)
_ID: Final = re.compile(r'(<[A-Za-z][^>]*?) id="[^"]*"')
_NAMED: Final = re.compile(r"<li>\s*(?:<p>)?(<strong>(?:(?!</strong>).)+</strong>)", re.DOTALL)
_INNER: Final = re.compile(r"^<h[1-6][^>]*>|</h[1-6]>$")
_ENDS: Final = frozenset(("conclusion", "conclusions", "summary"))
"""Headings that name no point."""
_FORMULA: Final = 8
"""Letters for which a formula counts."""
_MORE: Final = " \N{HORIZONTAL ELLIPSIS}"


class _Spot(Struct, frozen=True):
    """Text that begins at a place of the markup, after so many letters, inside these elements."""

    at: int
    text: str
    said: int
    within: tuple[str, ...]


def short(body: str, url: str) -> str:
    """The first paragraph of ``body``, or so much of it as fits; with the list or formula that it leads up to.

    Empty where the answer has no text. Links into the page itself lead to ``url``.
    """
    taken = list[str]()
    said = 0
    blocks = _blocks(body)
    for name, html in blocks:
        leads_on = bool(taken) and _words(taken[-1]).endswith(":")
        if leads_on and name in _HEADINGS:
            taken.append(_outline(name, html, blocks))
            break
        if name in _HEADINGS or name == "hr":
            if taken:
                break
            continue
        if taken and said >= LEAST and not leads_on and name != "math":
            break
        piece = _piece(name, html, MOST - said)
        if piece:
            taken.append(piece)
            said += len(_words(piece))
        elif taken:
            break
        if said >= MOST or (piece and piece != html):
            break
    return _apart("".join(taken), url)


def _blocks(body: str) -> Iterator[tuple[str, str]]:
    """What stands side by side at the top, by the name of its element; a formula is ``math``, bare words ``text``."""
    depth, start, top = 0, 0, ""
    for token in _TOKEN.finditer(body):
        name = token["name"]
        if name is None:
            if not depth and token[0].strip():
                yield ("math" if token["math"] else "text"), token[0]
        elif name in _VOID:
            if not depth:
                yield name, token[0]
        elif token["end"]:
            depth -= 1
            if depth == 0:
                yield top, body[start : token.end()]
        else:
            if not depth:
                start, top = token.start(), name
            depth += 1


def _piece(name: str, html: str, room: int) -> str:
    """So much of a block as there is room for; nothing where it cannot be cut and is too large."""
    if name in _LISTS:
        return _items(html, room)
    if name in ("p", "text"):
        return _cut(html, room) if len(html) > room else html
    return html if len(html) <= LONGEST and len(_words(html)) <= max(room, LEAST) else ""


def _items(html: str, room: int) -> str:
    """The first points of a list; where they are long their names in bold alone, or whole ones for which there is room.

    The others are told by an ellipsis.
    """
    opening = html[: html.index(">") + 1]
    inner = html[len(opening) : html.rindex("</")]
    items = [item for name, item in _blocks(inner) if name == "li"]
    kept = items[:ITEMS]
    if sum(len(_words(item)) for item in kept) > room:
        named = [found[1] for item in kept if (found := _NAMED.match(item))]
        kept = [f"<li>{name}</li>" for name in named] if len(named) == len(kept) else _fitting(kept, room)
    rest = f"<li>{_MORE.strip()}</li>" if len(kept) < len(items) else ""
    return f"{opening}{''.join(kept)}{rest}{html[html.rindex('</') :]}" if kept else ""


def _fitting(items: list[str], room: int) -> list[str]:
    """At least one, cut where it is longer than an answer may be."""
    kept, said = list[str](), 0
    for item in items:
        said += len(_words(item))
        if kept and said > room:
            break
        kept.append(item if len(_words(item)) <= MOST else _cut(item, MOST))
    return kept


def _outline(level: str, first: str, rest: Iterable[tuple[str, str]]) -> str:
    """What a paragraph leads up to that sections follow: their headings as a list."""
    heads = [_INNER.sub("", html) for html in (first, *(html for name, html in rest if name == level))]
    points = [head for head in heads if _words(head).casefold() not in _ENDS]
    more = [_MORE.strip()] if len(points) > ITEMS else []
    return f"<ul>{''.join(f'<li>{point}</li>' for point in (*points[:ITEMS], *more))}</ul>" if points else ""


def _cut(html: str, room: int) -> str:
    """Whole sentences within ``room`` letters; where none ends so soon, whole words, with all elements closed."""
    if len(_words(html)) <= room:
        return html
    sentence: _Spot | None = None
    word: _Spot | None = None
    for spot in _texts(html):
        if spot.said > room:
            break
        sentence = _last_sentence(spot, room) or sentence
        word = _last_word(spot, room) or word
    cut = sentence or word
    if cut is None:
        return ""
    closing = "".join(f"</{name}>" for name in reversed(cut.within))
    return f"{html[: cut.at].rstrip()}{_MORE}{closing}"


def _texts(html: str) -> Iterator[_Spot]:
    """Stretches of text, in order."""
    said, within = 0, list[str]()
    for token in _TOKEN.finditer(html):
        if token["math"]:
            said += _FORMULA
        elif token["text"]:
            yield _Spot(token.start(), token[0], said, tuple(within))
            said += len(token[0])
        elif token["name"] not in _VOID:
            if token["end"]:
                within.pop()
            else:
                within.append(token["name"])


def _last_sentence(spot: _Spot, room: int) -> _Spot | None:
    """The last end of a sentence for which there is room; none inside emphasis or a link."""
    if len(spot.within) > 1:
        return None
    ends = [found.end() for found in _SENTENCE.finditer(spot.text) if spot.said + found.end() <= room]
    return structs.replace(spot, at=spot.at + ends[-1]) if ends else None


def _last_word(spot: _Spot, room: int) -> _Spot | None:
    left = room - spot.said
    end = len(spot.text) if len(spot.text) <= left else spot.text.rfind(" ", 0, left + 1)
    return structs.replace(spot, at=spot.at + end) if end > 0 else None


def _words(html: str) -> str:
    """The words of a piece."""
    return unescape("".join(token["text"] or "" for token in _TOKEN.finditer(html))).strip()


def _apart(html: str, url: str) -> str:
    """Fit to stand on another page: without footnotes' numbers and ids, links into the page made whole."""
    if "<sup" in html:
        html = _NOTE.sub("", html)
    if ' id="' in html:
        html = _ID.sub(r"\1", html)
    return html.replace('href="#', f'href="{url}#')

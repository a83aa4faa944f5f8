"""Raw HTML in Markdown: what an author opens ends with the block it stands in, and what is no HTML at all is text.

Without this an open ``<h2>`` or ``<b>`` would swallow the rest of the answer, and ``vector<int>`` its ``<int>``.
Safety is not decided here: what comes out goes through the sanitiser like everything else.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import pyromark
from msgspec import Struct

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_VOID: Final = frozenset(re.findall(r"\w+", "area base br col embed hr img input link meta source track wbr"))
_SPANNING: Final = frozenset(("details", "div", "figure"))
"""What may open in one block and close in a later one beside it, as GitHub's readers know from ``<details>``."""

_KNOWN: Final = frozenset(
    re.findall(
        r"\w+",
        "a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite"
        " code col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption"
        " figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input"
        " ins kbd label legend li link main map mark math menu meta meter nav noscript object ol optgroup"
        " option output p param picture plaintext pre progress q rp rt ruby s samp script search section"
        " select slot small source span strong style sub summary sup svg table tbody td template textarea"
        " tfoot th thead time title tr track u ul var video wbr xmp",
    )
)
"""Names of HTML; a tag of any other name is a word that an author put between angle brackets."""

_UNENDED: Final = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
_RAW_TEXT: Final = re.compile(r"<(script|style|textarea|title|xmp|iframe|noscript|template|svg|math)\b", re.IGNORECASE)


class _Open(Struct, frozen=True):
    """A tag that waits for its end: its name, how deep its block stands, and where that block ends."""

    name: str
    depth: int
    end: int


class _Changes:
    """Text to put into the source; ``at`` counts bytes."""

    def __init__(self) -> None:
        self.places: list[tuple[int, str]] = []

    def close(self, tags: list[_Open]) -> None:
        """End tags, the innermost first."""
        self.places += [(tag.end, f"</{tag.name}>") for tag in reversed(tags)]

    def applied(self, source: bytes) -> bytes:
        """``source`` with everything put in, what was noted first standing first."""
        parts: list[bytes] = []
        done = 0
        for at, text in sorted(self.places, key=lambda place: place[0]):
            parts += (source[done:at], text.encode())
            done = at
        return b"".join((*parts, source[done:]))


def contained(markdown: str, parser: pyromark.Markdown) -> str:
    """``markdown`` in which raw tags end where their block does and unknown ones are text."""
    source = markdown.encode("utf-8", "surrogatepass")
    escaped = _Changes()
    escaped.places = [(at, "\\") for at in _no_html(list(_raw(parser, markdown)))]
    if escaped.places:
        source = escaped.applied(source)
    closed = _Changes()
    _close(list(_raw(parser, source.decode("utf-8", "surrogatepass"))), closed)
    return closed.applied(source).decode("utf-8", "surrogatepass") if closed.places or escaped.places else markdown


class _Piece(Struct, frozen=True):
    """Raw HTML (``block`` or inline), or the start (+1) or end (-1) of a block of Markdown (``text`` is empty)."""

    start: int
    end: int
    text: str = ""
    block: bool = False
    step: int = 0


def _raw(parser: pyromark.Markdown, markdown: str) -> Iterator[_Piece]:
    """The raw HTML of a text among the starts and ends of its blocks; the lines of one HTML block are one piece."""
    lines: list[tuple[int, str]] = []
    for event, place in parser.events_with_range(markdown):
        kind, value = next(iter(event.items())) if isinstance(event, dict) else (event, None)
        if kind == "Html":
            lines.append((place["start"], str(value)))
        elif value == "HtmlBlock":
            if kind == "End" and lines:
                yield _block(lines)
            lines = []
        elif kind == "InlineHtml":
            yield _Piece(place["start"], place["end"], str(value))
        elif kind in ("Start", "End") and not _is_inline(value):
            yield _Piece(place["start"], place["end"], step=1 if kind == "Start" else -1)
        elif kind not in ("Start", "End"):
            yield _Piece(place["start"], place["end"])


def _block(lines: list[tuple[int, str]]) -> _Piece:
    at, last = lines[-1]
    return _Piece(lines[0][0], at + len(last.rstrip("\n").encode()), "".join(text for _, text in lines), block=True)


def _is_inline(tag: object) -> bool:
    name = next(iter(tag)) if isinstance(tag, dict) else tag
    return name in ("Emphasis", "Strong", "Strikethrough", "Link", "Image")


def _no_html(pieces: list[_Piece]) -> Iterator[int]:
    """Where a ``<`` is to be text: a name that HTML does not know, a comment that never ends."""
    for piece in pieces:
        if _is_word(piece.text) or (piece.block and _unended(piece.text)):
            yield piece.start


def _unended(text: str) -> bool:
    for opener, closer in _UNENDED:
        if text.startswith(opener):
            return closer not in text[len(opener) :]
    raw = _RAW_TEXT.match(text)
    return raw is not None and f"</{raw.group(1).lower()}" not in text.lower()


def _is_word(text: str) -> bool:
    tag = _TAG.match(text)
    return tag is not None and tag.group(2).lower() not in _KNOWN


def _close(pieces: list[_Piece], changes: _Changes) -> None:
    depth, last = 0, 0
    inline: list[_Open] = []
    waiting: list[_Open] = []
    for piece in pieces:
        if piece.step or piece.block:
            changes.close([_Open(tag.name, 0, last) for tag in inline])
            inline = []
        if piece.block:
            _end_block(piece, depth, waiting, changes)
        elif piece.text:
            _read(piece.text, inline, 0, _Open("", 0, piece.end))
        elif piece.step:
            depth += piece.step
            # Deeper ones were opened later, so that they stand last.
            while waiting and waiting[-1].depth > depth:
                changes.close([waiting.pop()])
        last = piece.end if not piece.step else last
    changes.close([_Open(tag.name, 0, last) for tag in inline])
    changes.close(waiting)


def _read(text: str, stack: list[_Open], floor: int, at: _Open) -> None:
    """Push what ``text`` opens; an end tag closes all down to its start tag, but none below ``floor``."""
    for closing, name in ((tag.group(1), tag.group(2).lower()) for tag in _TAG.finditer(text)):
        if not closing and name not in _VOID:
            stack.append(_Open(name, at.depth, at.end))
        elif closing:
            start = next(
                (number for number in range(len(stack) - 1, floor - 1, -1) if stack[number].name == name), None
            )
            if start is not None:
                del stack[start:]


def _end_block(piece: _Piece, depth: int, waiting: list[_Open], changes: _Changes) -> None:
    """At the end of an HTML block: what may span waits for its end, everything else ends here."""
    floor = bisect_left(waiting, depth, key=lambda tag: tag.depth)
    _read(piece.text, waiting, floor, _Open("", depth, piece.end))
    fresh: list[_Open] = []
    while waiting and waiting[-1].end == piece.end:
        fresh.append(waiting.pop())
    fresh.reverse()
    changes.close([tag for tag in fresh if tag.name not in _SPANNING])
    waiting += [tag for tag in fresh if tag.name in _SPANNING]

"""Pages of a finished site: questions in structured data, in folding parts, in lists of terms, and in headings."""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from responsa.exchange.imports.entry import Entry, Found, Place, Untaken
from responsa.exchange.imports.files import content, name_of, text_of, walk
from responsa.exchange.imports.html import text_of as words_of
from responsa.exchange.imports.html import to_markdown
from responsa.exchange.imports.rows import text_in
from responsa.exchange.imports.xml import XmlError, tree
from responsa.library.urls import slugify

SUFFIXES: Final = (".html", ".htm", ".xhtml")
_MOST_TAGS: Final = 400_000
_LONGEST: Final = 2_000
_MOST_QUESTIONS: Final = 1_000
_MOST_PIECES: Final = 5_000
"""Elements that matter of one page; those after them are left alone, so that a hostile page takes seconds at most."""
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
_WATCHED: Final = frozenset("details summary dt dd h1 h2 h3 h4 h5 h6 main article nav footer header".split())
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG: Final = re.compile(r"<[A-Za-z/!][^<>]*>?")
_BREAK: Final = re.compile(r"<(?:br|/?p|/?div)\b[^<>]*>", re.IGNORECASE)
_QUESTION: Final = re.compile(r"\?\s*$")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_DEEPEST: Final = 50


class Piece(Struct):
    """An element that matters: ``start:end`` is all of it, ``inner:stop`` what it holds."""

    tag: str
    attributes: dict[str, str]
    start: int
    inner: int
    stop: int = -1
    end: int = -1


class Pair(Struct, frozen=True):
    """A question with its answer's HTML, and what the page says of it."""

    question: str
    html: str
    author: str = ""
    date: str = ""


def is_site(start: Path) -> bool:
    """Whether it is a page, a sitemap, or a folder with pages."""
    if start.is_file():
        return start.suffix.lower() in SUFFIXES or _is_sitemap(start)
    return next(walk(start, SUFFIXES), None) is not None


def entries(start: Path) -> Iterator[Found]:
    """Every question of every page; of a sitemap, of the pages that it names, as far as their files lie beside it."""
    if start.is_file() and _is_sitemap(start):
        yield from _mapped(start)
        return
    for path in walk(start, SUFFIXES):
        address = "" if start.is_file() else f"/{path.relative_to(start).as_posix()}"
        yield from _of_page(path, name_of(path, start), address.removesuffix("index.html"))


def pairs(text: str) -> list[Pair]:
    """Questions as the page states them for machines, else as its form shows them; each only once."""
    page = _Page(text)
    found = [*page.linked_data(), *page.microdata()] or [*page.folding(), *page.terms()] or [*page.headings()]
    return list({pair.question.casefold(): pair for pair in reversed(found) if pair.question}.values())[::-1]


def _of_page(path: Path, name: str, address: str) -> Iterator[Found]:
    try:
        text = _COMMENT.sub("", text_of(content(path)))
    except (ValueError, OSError) as error:
        yield Untaken(Place(name), "cannot be read", str(error))
        return
    if text.count("<") > _MOST_TAGS:
        yield Untaken(Place(name), "cannot be read", f"more than {_MOST_TAGS:,} tags")
        return
    page = _Page(text)
    address = urlsplit(page.canonical).path or address
    found = pairs(text)
    if len(found) > _MOST_QUESTIONS:
        yield Untaken(Place(name), "cannot be read", f"more than {_MOST_QUESTIONS:,} questions on one page")
        return
    if not found:
        yield Untaken(Place(name), "no questions on the page", page.title)
    for number, pair in enumerate(found, 1):
        yield Entry(
            Place(name, f"question {number}"),
            f"site/{address or name}#{slugify(pair.question)}",
            pair.question,
            to_markdown(pair.html),
            subject=_shelf(address),
            # A page with one question was that question's page; one with many is the page of none.
            address=address if len(found) == 1 else "",
            author=pair.author,
            date=pair.date[:10] if _DAY.match(pair.date) else "",
            language=page.language,
            description=page.description if len(found) == 1 else "",
        )


def _shelf(address: str) -> str:
    parts = [part for part in address.split("/") if part]
    name = parts[-2] if len(parts) > 1 else ""
    return unquote(name).replace("-", " ").replace("_", " ").capitalize()


def _mapped(sitemap: Path) -> Iterator[Found]:
    seen, waiting = set[Path](), [sitemap]
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        try:
            root = tree(content(path))
        except (XmlError, ValueError, OSError, IndexError) as error:
            yield Untaken(Place(path.name), "cannot be read", str(error))
            continue
        for one in root.all("loc"):
            address = unquote(urlsplit(one.text.strip()).path) or "/"
            file = _local(sitemap.parent, address)
            if file is None:
                yield Untaken(Place(path.name, address), "no file for the address", one.text.strip())
            elif root.tag == "sitemapindex":
                waiting.append(file)
            else:
                yield from _of_page(file, file.relative_to(sitemap.parent.resolve()).as_posix(), address)


def _local(folder: Path, address: str) -> Path | None:
    """The file that a copy of a site keeps for an address."""
    inner = address.strip("/")
    if "\0" in inner:
        return None
    for name in (inner, f"{inner}.html", f"{inner}/index.html", f"{inner}.htm", "index.html" if not inner else ""):
        path = (folder / name).resolve()
        if name and path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    return None


def _is_sitemap(path: Path) -> bool:
    if path.suffix.lower() != ".xml":
        return False
    with path.open("rb") as file:
        head = file.read(4096)
    return b"<urlset" in head or b"<sitemapindex" in head


class _Page(HTMLParser):
    """Where the elements that matter stand in the page's text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = text
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.pieces: list[Piece] = []
        self.open: list[Piece] = []
        self.scripts: list[list[str]] = []
        self.in_script = self.in_title = False
        self.title = self.canonical = self.language = self.description = ""
        self.feed(text)
        self.close()
        for piece in self.open:
            piece.stop = piece.end = len(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See ``HTMLParser``."""
        attributes = {name: value or "" for name, value in attrs}
        self.noted(tag, attributes)
        watched = tag in _WATCHED or "itemscope" in attributes or "itemprop" in attributes
        if watched and len(self.pieces) < _MOST_PIECES:
            line, column = self.getpos()
            start = self.lines[line - 1] + column
            piece = Piece(tag, attributes, start, start + len(self.get_starttag_text() or ""))
            self.pieces.append(piece)
            if tag in _VOID:
                piece.stop = piece.end = piece.inner
                return
            if tag in {"dt", "dd"}:
                self.closed({"dt", "dd"}, start, start)
        elif tag in _VOID:
            return
        else:
            piece = Piece(tag, {}, -1, -1)
        self.open.append(piece)

    def handle_endtag(self, tag: str) -> None:
        """See ``HTMLParser``."""
        self.in_script = self.in_script and tag != "script"
        self.in_title = self.in_title and tag != "title"
        line, column = self.getpos()
        at = self.lines[line - 1] + column
        if any(piece.tag == tag for piece in self.open[-_DEEPEST:]):
            while (piece := self.open.pop()).tag != tag:
                piece.stop = piece.end = at
            piece.stop, piece.end = at, self.text.find(">", at) + 1 or len(self.text)

    def closed(self, tags: set[str], stop: int, end: int) -> None:
        if self.open and self.open[-1].tag in tags:
            piece = self.open.pop()
            piece.stop, piece.end = stop, end

    def handle_data(self, data: str) -> None:
        """See ``HTMLParser``."""
        if self.in_script:
            self.scripts[-1].append(data)
        elif self.in_title:
            self.title = (self.title + data)[:500]

    def noted(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "html":
            self.language = attributes.get("lang", "")
        elif tag == "title":
            self.in_title = True
        elif tag == "link" and "canonical" in attributes.get("rel", "").split():
            self.canonical = attributes.get("href", "")
        elif tag == "meta" and attributes.get("name", "").lower() == "description":
            self.description = attributes.get("content", "")
        elif tag == "script" and attributes.get("type", "").strip().lower() == "application/ld+json":
            self.in_script = True
            self.scripts.append([])

    def within(self, piece: Piece) -> list[Piece]:
        """The elements inside another: they stand in the order of the text."""
        first = bisect_right(self.pieces, piece.start, key=_start)
        return self.pieces[first : bisect_left(self.pieces, piece.stop, first, key=_start)]

    def held(self, piece: Piece) -> str:
        return self.text[piece.inner : piece.stop]

    def asked(self, piece: Piece) -> str:
        """The words of an element that asks; what is longer asks nothing."""
        text = self.text[piece.inner : min(piece.stop, piece.inner + _LONGEST)]
        # Not by a parser of HTML: elements that never close would make it take the square of their number.
        return " ".join(unescape(_TAG.sub("", _BREAK.sub(" ", text))).split())

    def linked_data(self) -> Iterator[Pair]:
        """``Question`` with ``acceptedAnswer``, else the suggested one with most votes."""
        for script in self.scripts:
            try:
                data = json.loads("".join(script), strict=False)
            except (ValueError, RecursionError):
                continue
            for node in _nodes(data, 0):
                if "Question" in _types(node) and (answer := _best(node)):
                    question = words_of(text_in(node.get("name")) or text_in(node.get("text")))
                    author = answer.get("author")
                    named = text_in(
                        author.get("name") if isinstance(author, dict) else author if isinstance(author, str) else ""
                    )
                    yield Pair(question, text_in(answer.get("text")), named, text_in(answer.get("dateCreated")))

    def microdata(self) -> Iterator[Pair]:
        """The same as attributes of elements."""
        for question in self.pieces:
            if not question.attributes.get("itemtype", "").endswith("schema.org/Question"):
                continue
            inside = self.within(question)
            names = [piece for piece in inside if piece.attributes.get("itemprop") == "name"]
            answers = [p for p in inside if p.attributes.get("itemprop") in {"acceptedAnswer", "suggestedAnswer"}]
            answers.sort(key=lambda piece: piece.attributes["itemprop"] != "acceptedAnswer")
            if names and answers:
                texts = [piece for piece in self.within(answers[0]) if piece.attributes.get("itemprop") == "text"]
                yield Pair(self.asked(names[0]), self.held(texts[0] if texts else answers[0]))

    def folding(self) -> Iterator[Pair]:
        """``<details>`` with its ``<summary>``."""
        for piece in (one for one in self.pieces if one.tag == "details"):
            if summary := next((one for one in self.within(piece) if one.tag == "summary"), None):
                yield Pair(self.asked(summary), self.text[summary.end : piece.stop])

    def terms(self) -> Iterator[Pair]:
        """``<dt>`` that asks, with the ``<dd>`` after it."""
        shown = [piece for piece in self.pieces if piece.tag in {"dt", "dd"}]
        for term, meaning in pairwise(shown):
            question = self.asked(term) if (term.tag, meaning.tag) == ("dt", "dd") else ""
            if _QUESTION.search(question):
                yield Pair(question, self.held(meaning))

    def headings(self) -> Iterator[Pair]:
        """A heading that asks, with what follows until the next one of its rank or above it."""
        areas = [piece for piece in self.pieces if piece.tag in {"main", "article"}][:_DEEPEST]
        ends = [piece for piece in self.pieces if re.fullmatch(r"h[1-6]|nav|footer", piece.tag)]
        for place, piece in enumerate(ends):
            question = self.asked(piece) if piece.tag[1:].isdigit() else ""
            if not _QUESTION.search(question):
                continue
            after = (p.start for p in ends[place + 1 :] if p.tag in {"nav", "footer"} or p.tag <= piece.tag)
            around = [area.stop for area in areas if area.start < piece.start < area.stop]
            stop = min([next(after, len(self.text)), *around])
            yield Pair(question, self.text[piece.end : stop])


def _start(piece: Piece) -> int:
    return piece.start


def _nodes(data: Any, depth: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if depth > _DEEPEST:
        return
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict):
            yield one
            for value in one.values():
                yield from _nodes(value, depth + 1) if isinstance(value, dict | list) else ()


def _types(node: dict[str, Any]) -> Iterable[str]:
    kinds = node.get("@type")
    return [str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _best(node: dict[str, Any]) -> dict[str, Any] | None:
    for key in ("acceptedAnswer", "suggestedAnswer"):
        found = node.get(key)
        answers = [
            one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict) and one.get("text")
        ]
        if answers:
            return max(answers, key=lambda one: _votes(one.get("upvoteCount")))
    return None


def _votes(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - no count is longer

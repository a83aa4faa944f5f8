"""Web pages: what a reader sees of the article. Scripts, navigation and hidden text are left out."""

import re
from html.parser import HTMLParser
from typing import Final

from responsa.article import Source
from responsa.evidence.passages import Paragraph
from responsa.evidence.readers.found import Found, SourceError, is_retracted, year_of
from responsa.evidence.readers.text import decoded

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of markup; a longer page is no article."""
MOST_TAGS: Final = 400_000
_SILENT: Final = frozenset(
    "script style nav aside footer noscript template svg math form iframe object select button head canvas audio "
    "video dialog".split()
)
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCKS: Final = frozenset(
    "p div section article main li ul ol dl dt dd blockquote pre table tr td th caption figcaption h1 h2 h3 h4 h5 h6 "
    "header body hr br details summary address".split()
)
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:>|\Z)|<![^>]*(?:>|\Z)", re.DOTALL)
_OPEN_TAG: Final = re.compile(r"<(?=[A-Za-z/])[^<>]*(?=<|\Z)")
_NAMES: Final = {
    "citation_title": "title", "dc.title": "title", "og:title": "title2", "citation_author": "authors",
    "dc.creator": "authors", "author": "authors2", "citation_journal_title": "venue", "og:site_name": "venue2",
    "citation_publication_date": "year", "citation_date": "year", "dc.date": "year", "citation_doi": "doi",
    "dc.identifier": "doi2", "citation_pmid": "pmid", "dc.rights": "licence",
}  # fmt: skip


def read_html(data: bytes) -> list[Found]:
    """One source. Raises ``SourceError`` for a page that is too large or holds no text."""
    if len(data) > LARGEST:
        raise SourceError(f"a page larger than {LARGEST // 1024**2} MB; save the article alone")
    # Comments and tags that never close make the parser look to the end of the page again and again.
    text = _OPEN_TAG.sub("", _COMMENT.sub("", decoded(data)))
    if text.count("<") > MOST_TAGS:
        raise SourceError(f"a page of more than {MOST_TAGS:,} tags; save the article alone")
    page = _Page()
    page.feed(text)
    page.close()
    page.flush()
    chosen = [paragraph for inside, paragraph in page.found if inside] or [paragraph for _, paragraph in page.found]
    if not chosen:
        raise SourceError("a page without text; it may be written by a script: save it from the browser or as PDF")
    return [Found(_meta(page.meta), tuple(chosen), page.meta.get("licence", ""))]


def _meta(values: dict[str, str]) -> Source:
    title = values.get("title") or values.get("title2") or values.get("title3", "")
    doi = values.get("doi") or next(
        (v for v in [values.get("doi2", "")] if v.removeprefix("doi:").startswith("10.")), ""
    )
    return Source(
        "",
        " ".join(title.split()),
        values.get("authors") or values.get("authors2", ""),
        year_of(values.get("year", "")),
        values.get("venue") or values.get("venue2", ""),
        doi.removeprefix("doi:"),
        values.get("pmid", ""),
        retracted=is_retracted(title),
    )


class _Page(HTMLParser):
    """Gathers paragraphs; ``silent`` counts open elements whose text is not shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[bool, Paragraph]] = []
        self.meta: dict[str, str] = {}
        self.parts: list[str] = []
        self.silent: list[str] = []
        self.section = ""
        self.inside = 0
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See ``HTMLParser``."""
        if tag == "meta":
            self.note(dict(attrs))
        elif tag == "title":
            self.in_title = not self.silent or self.silent[-1] == "head"
        if tag in _VOID:
            if tag in _BLOCKS and not self.silent:
                self.parts.append("\n") if tag == "br" else self.flush()
            return
        if self.silent or tag in _SILENT or _is_hidden(attrs):
            self.silent.append(tag)
            return
        if tag in _BLOCKS:
            self.cell() if tag in {"td", "th"} else self.flush()
        self.inside += tag in {"main", "article"}

    def handle_endtag(self, tag: str) -> None:
        """See ``HTMLParser``."""
        if tag == "title":
            self.in_title = False
        if self.silent:
            if tag in self.silent[-20:]:
                while self.silent.pop() != tag:
                    pass
            return
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.section = " ".join("".join(self.parts).split())
            self.parts.clear()
        elif tag in _BLOCKS and tag not in {"td", "th"}:
            self.flush()
        if tag in {"main", "article"}:
            self.inside = max(0, self.inside - 1)

    def handle_data(self, data: str) -> None:
        """See ``HTMLParser``."""
        if self.in_title:
            self.meta["title3"] = (self.meta.get("title3", "") + data)[:500]
        elif not self.silent:
            self.parts.append(data)

    def cell(self) -> None:
        if "".join(self.parts).strip():
            self.parts.append("; ")

    def note(self, attrs: dict[str, str | None]) -> None:
        name = _NAMES.get((attrs.get("name") or attrs.get("property") or "").casefold())
        content = (attrs.get("content") or "")[:1000].strip()
        if name and content:
            joined = f"{self.meta[name]}, {content}" if name == "authors" and name in self.meta else content
            self.meta[name] = joined[:2000] if name == "authors" else self.meta.get(name, content)

    def flush(self) -> None:
        text = " ".join("".join(self.parts).split())
        self.parts.clear()
        if len(text) > 1:
            self.found.append((self.inside > 0, Paragraph(text, self.section)))


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    for name, value in attrs:
        if name == "hidden" or (name == "aria-hidden" and value == "true"):
            return True
        if name == "style" and value and _HIDDEN.search(value.casefold()):
            return True
    return False

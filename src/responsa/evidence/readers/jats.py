"""Abstracts in the marks of JATS, as Crossref and many reference managers hand them on."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

from responsa.evidence.passages import Paragraph

_MARK: Final = re.compile(
    r"</?(?:jats:)?(?:p|sec|title|list|list-item|italic|bold|i|b|em|strong|sub|sup|sc|inline-formula|h[1-6]|div|span|br)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def of_jats(markup: str) -> tuple[Paragraph, ...]:
    """Paragraphs of an abstract with the title above each; text without markup is one paragraph."""
    if not _MARK.search(markup):
        # `p<0.05` and `a<b` are words.
        text = " ".join(unescape(markup).split())
        return (Paragraph(text, "Abstract"),) if text else ()
    reader = _Jats()
    reader.feed(markup)
    reader.close()
    reader.flush()
    return tuple(reader.found)


class _Jats(HTMLParser):
    """Knows titles, paragraphs and sections; every other mark is inline."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Paragraph] = []
        self.parts: list[str] = []
        self.section = "Abstract"

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        """See ``HTMLParser``."""
        if _local(tag) in {"p", "title", "sec", "list-item"}:
            self.flush()

    def handle_endtag(self, tag: str) -> None:
        """See ``HTMLParser``."""
        if _local(tag) == "title":
            self.section = " ".join("".join(self.parts).split()).rstrip(":") or self.section
            self.parts = []
        elif _local(tag) in {"p", "sec", "list-item"}:
            self.flush()

    def handle_data(self, data: str) -> None:
        """See ``HTMLParser``."""
        self.parts.append(data)

    def flush(self) -> None:
        text = " ".join("".join(self.parts).split())
        self.parts = []
        if text:
            self.found.append(Paragraph(text, self.section))


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]

"""The text of a source as passages: short enough to read beside a claim, with a place and an id that lasts."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from responsa.evidence.blocks import Block, blocks
from responsa.evidence.plain import plain, whole_spans
from responsa.evidence.sentences import sentences

LONG: Final = 900
"""Characters; a longer paragraph is cut between sentences."""
WISHED: Final = 700
MOST: Final = 50_000
"""Passages of one source; what lies beyond is not read, and the reader says so."""
_BIBLIOGRAPHY: Final = re.compile(
    r"(?:references?|bibliography|works cited|literature|further reading)\W*", re.IGNORECASE
)
_REFERENCE: Final = re.compile(r"(?:Reference|Citation|Source)s?: \S")


class Paragraph(Struct, frozen=True):
    """Plain text with its place: ``page`` counts from 1, 0 where there are no pages."""

    text: str
    section: str = ""
    page: int = 0


class Passage(Struct, frozen=True):
    """``id`` is the source's id with a fingerprint of the words: it lasts as long as they do."""

    id: str
    source: str
    text: str
    section: str = ""
    page: int = 0
    title: str = ""

    @property
    def place(self) -> str:
        """Where a reader finds it: `page 3`, the section's heading, or nothing."""
        return f"page {self.page}" if self.page else self.section


def passages(source: str, paragraphs: Iterable[Paragraph], title: str = "") -> tuple[Passage, ...]:
    """At most ``MOST``; repeats of the same words are told apart by a number."""
    found: list[Passage] = []
    seen: dict[str, int] = {}
    for paragraph in paragraphs:
        for text in _cut(" ".join(paragraph.text.split())):
            mark = fingerprint(text)
            seen[mark] = seen.get(mark, 0) + 1
            name = f"{source}#{mark}" + (f"-{seen[mark]}" if seen[mark] > 1 else "")
            found.append(Passage(name, source, text, paragraph.section, paragraph.page, title))
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


def fingerprint(text: str) -> str:
    """Ten hexadecimal digits of the words."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def of_markdown(markdown: str) -> Iterator[Paragraph]:
    """Paragraphs, lists and rows with the heading above them; its own bibliography is no evidence."""
    items: list[str] = []
    at: tuple[str, str] | None = None
    for block in blocks(markdown):
        where = (block.section, block.lead) if block.kind == "item" else None
        if at is not None and where != at:
            yield Paragraph("\n".join(items), at[0])
            items = []
        at = where
        text = _text(markdown, block)
        if not text or block.kind == "heading" or _BIBLIOGRAPHY.fullmatch(block.section) or _REFERENCE.match(text):
            continue
        if block.kind == "item":
            items = [*items, text] if items else [block.lead, text] if block.lead else [text]
        else:
            yield Paragraph(text, block.section)
    if at is not None:
        yield Paragraph("\n".join(items), at[0])


def of_text(text: str) -> Iterator[Paragraph]:
    """Plain text: a blank line ends a paragraph."""
    return (Paragraph(part) for part in re.split(r"\n[ \t\r]*\n", text) if part.strip())


def _text(markdown: str, block: Block) -> str:
    if block.kind == "row":
        cells = [(cell.head, plain(markdown[cell.start : cell.end])) for cell in block.cells]
        return "; ".join(f"{head}: {words}" if head else words for head, words in cells if words)
    text = plain(markdown[block.start : block.end])
    return text if block.kind != "item" or text.endswith((".", "!", "?", ":", ";")) or not text else f"{text};"


def _cut(text: str) -> Iterator[str]:
    if len(text) <= LONG:
        if text:
            yield text
        return
    start = end = 0
    for begin, stop in sentences(text, whole_spans(text)):
        if stop - start > WISHED and end > start:
            yield text[start:end]
            start = begin
        end = stop
        while end - start > 2 * LONG:
            # One endless "sentence" (a table read as text, minified code) is cut between words.
            space = text.rfind(" ", start + WISHED, start + LONG)
            cut = space if space > 0 else start + LONG
            yield text[start:cut].strip()
            start = cut
    if text[start:end].strip():
        yield text[start:end].strip()

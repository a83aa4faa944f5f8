"""Markdown as runs of text that belong together: paragraphs, items, table rows, headings, code, with their places."""

from typing import Any, Final, Literal

import pyromark
from msgspec import Struct

from responsa.evidence.plain import plain
from responsa.records.maths import find_maths

Kind = Literal["paragraph", "heading", "item", "row", "code"]


class Cell(Struct, frozen=True):
    """One cell of a table row: ``markdown[start:end]`` below the column ``head``."""

    head: str
    start: int
    end: int


class Block(Struct, frozen=True):
    """``markdown[start:end]`` is its text. ``lead`` introduces it (the line before a list), ``section`` is above it."""

    kind: Kind
    start: int
    end: int
    section: str = ""
    lead: str = ""
    cells: tuple[Cell, ...] = ()


LONGEST: Final = 2_000_000
"""Characters of one text; what lies beyond is not read."""
LONGEST_LEAD: Final = 300

_OPTIONS: Final = (
    pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
)  # fmt: skip
_INLINE: Final = frozenset({"Strong", "Emphasis", "Strikethrough", "Link", "Image", "Superscript", "Subscript"})
_TEXT: Final = frozenset({"Text", "Code", "InlineHtml", "Html", "FootnoteReference", "SoftBreak", "HardBreak"})


def blocks(markdown: str) -> list[Block]:
    """In the order of the text. Never raises, whatever the text."""
    markdown = markdown[:LONGEST]
    masked = _masked(markdown)
    cutter = _Cutter(markdown, _places(masked))
    for event, where in pyromark.events_with_range(masked, options=_OPTIONS):
        cutter.take(event, where["start"], where["end"])
    cutter.flush()
    return cutter.found


def _masked(markdown: str) -> str:
    """Formulas as plain letters: CommonMark would eat their backslashes and take their stars for emphasis."""
    parts: list[str] = []
    at = 0
    for span in find_maths(markdown):
        parts += [markdown[at : span.start], "x" * (span.end - span.start)]
        at = span.end
    text = "".join(parts) + markdown[at:]
    # A lone surrogate has no UTF-8; one letter keeps every place.
    return text.encode("utf-8", "replace").decode("utf-8")


def _places(text: str) -> list[int] | None:
    """The character at each byte of UTF-8; ``None`` where they are the same."""
    if text.isascii():
        return None
    places: list[int] = []
    for index, sign in enumerate(text):
        places += [index] * len(sign.encode("utf-8"))
    places.append(len(text))
    return places


class _Cutter:
    """Gathers inline events into one run until a block begins or ends."""

    def __init__(self, markdown: str, places: list[int] | None) -> None:
        self.markdown, self.places = markdown, places
        self.found: list[Block] = []
        self.context: list[str] = []
        self.leads: list[str] = []
        self.head: list[str] = []
        self.cells: list[Cell] = []
        self.run: tuple[int, int] | None = None
        self.filled = False
        self.section = self.last = ""

    def take(self, event: Any, start: int, end: int) -> None:  # noqa: ANN401 - the parser's untyped event
        sort, value = next(iter(event.items())) if isinstance(event, dict) else (event, None)
        name = next(iter(value)) if isinstance(value, dict) and sort in {"Start", "End"} else value
        if sort in _TEXT or (sort in {"Start", "End"} and name in _INLINE):
            self.extend(start, end)
        elif sort == "Start":
            self.open(str(name))
        elif sort == "End":
            self.close(str(name), start, end)
        else:
            self.flush()

    def extend(self, start: int, end: int) -> None:
        if self.places is not None:
            start, end = self.places[start], self.places[end]
        self.run = (start, end) if self.run is None else (min(self.run[0], start), max(self.run[1], end))

    def open(self, name: str) -> None:
        self.flush()
        self.context.append(name)
        if name == "List":
            self.leads.append(self.last[:LONGEST_LEAD])
        elif name == "Table":
            self.head = []
        elif name == "TableRow":
            self.cells = []
        elif name == "TableCell":
            self.filled = False

    def close(self, name: str, start: int, end: int) -> None:
        self.flush()
        if self.context:
            self.context.pop()
        if name == "List" and self.leads:
            self.leads.pop()
        elif name == "TableRow":
            self.row(start, end)
        elif name == "TableCell" and not self.filled:
            # An empty cell has no text to gather, yet it keeps its column.
            self.cell(0, 0, "")
        elif name in {"Table", "List"}:
            self.last = ""

    def flush(self) -> None:
        if self.run is None:
            return
        (start, end), self.run = self.run, None
        text = self.markdown[start:end]
        place = next((name for name in reversed(self.context) if name != "Paragraph"), "")
        if place == "TableCell":
            self.cell(start, end, text)
        elif place == "Heading":
            self.section = plain(text)
            self.last = ""
            self.add("heading", start, end)
        elif place == "CodeBlock":
            self.add("code", start, end)
        else:
            kind: Kind = "item" if self.leads else "paragraph"
            self.add(kind, start, end, self.leads[-1] if self.leads else "")
            self.last = words if (words := plain(text)).endswith(":") or kind == "item" else ""

    def add(self, kind: Kind, start: int, end: int, lead: str = "") -> None:
        self.found.append(Block(kind, start, end, self.section, lead))

    def cell(self, start: int, end: int, text: str) -> None:
        self.filled = True
        if "TableHead" in self.context:
            self.head.append(plain(text))
        else:
            head = self.head[len(self.cells)] if len(self.cells) < len(self.head) else ""
            self.cells.append(Cell(head, start, end))

    def row(self, start: int, end: int) -> None:
        if not self.cells:
            return
        if self.places is not None:
            start, end = self.places[start], self.places[end]
        end = start + len(self.markdown[start:end].rstrip())
        self.found.append(Block("row", start, end, self.section, self.last, tuple(self.cells)))

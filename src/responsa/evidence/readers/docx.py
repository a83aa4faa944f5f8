"""Word documents: an archive of XML. Both may be made to explode, so what is unpacked is counted as it is read."""

import io
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from responsa.article import Source
from responsa.evidence.passages import Paragraph
from responsa.evidence.readers.found import Found, SourceError, is_retracted, year_of

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of unpacked XML."""
_CHUNK: Final = 1 << 16
_DAMAGED: Final = "a damaged or encrypted Word document; open it in an office program and save it anew"


def read_docx(data: bytes) -> list[Found]:
    """One source. Raises ``SourceError`` for what is no document, or unpacks to more than ``LARGEST``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _Body()
            _parse(archive, "word/document.xml", body)
            core = _Core()
            if "docProps/core.xml" in archive.namelist():
                _parse(archive, "docProps/core.xml", core)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise SourceError(_DAMAGED) from error
    if not body.found:
        raise SourceError("a Word document without text")
    title = core.values.get("title", "")
    return [
        Found(
            Source(
                "",
                title,
                core.values.get("creator", ""),
                year_of(core.values.get("created", "")),
                retracted=is_retracted(title),
            ),
            tuple(body.found),
        )
    ]


def _parse(archive: zipfile.ZipFile, name: str, handler: "_Body | _Core") -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    size = 0
    try:
        with archive.open(name) as member:
            while chunk := member.read(_CHUNK):
                size += len(chunk)
                if size > LARGEST:
                    raise SourceError(f"unpacks to more than {LARGEST // 1024**2} MB; no document is that long")
                parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SourceError(_DAMAGED) from error


def _refuse(*_: object) -> None:
    raise SourceError("holds XML entities, which Word never writes; it was refused")


class _Body:
    """Paragraphs, rows of tables and headings by their style."""

    def __init__(self) -> None:
        self.found: list[Paragraph] = []
        self.parts: list[str] = []
        self.cells: list[str] = []
        self.section = self.style = ""
        self.rows = 0
        self.shown = True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "p" and not self.rows:
            self.parts, self.style = [], ""
        elif tag == "pStyle":
            self.style = next((value for key, value in attributes.items() if key.endswith("val")), "")
        elif tag == "r":
            self.shown = True
        elif tag == "vanish":
            self.shown = False
        elif tag in {"tab", "br", "cr"}:
            self.parts.append(" ")
        elif tag == "tr":
            self.rows += 1
            self.cells, self.parts = [], []
        elif tag in {"t", "delText"}:
            self.parts.append("\x00" if tag == "t" and self.shown else "\x01")

    def text(self, data: str) -> None:
        # Only text inside w:t counts: the marks tell it from field codes and deleted words.
        if self.parts and self.parts[-1][:1] == "\x00":
            self.parts[-1] += data

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "t" and self.parts and self.parts[-1][:1] == "\x00":
            self.parts[-1] = self.parts[-1][1:]
        elif tag == "tc" and self.rows:
            self.cells.append(self.taken())
        elif tag == "tr":
            self.rows = max(0, self.rows - 1)
            self.add("; ".join(cell for cell in self.cells if cell))
        elif tag == "p" and self.rows:
            self.parts.append(" ")
        elif tag == "p":
            self.paragraph()

    def paragraph(self) -> None:
        text = self.taken()
        if self.style.casefold().startswith(("heading", "title")):
            self.section = text
        else:
            self.add(text)

    def taken(self) -> str:
        text = " ".join("".join(part for part in self.parts if part[:1] not in {"\x00", "\x01"}).split())
        self.parts = []
        return text

    def add(self, text: str) -> None:
        if text:
            self.found.append(Paragraph(text, self.section))


class _Core:
    """Title, author and date of the document's properties."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.tag = ""

    def start(self, name: str, _: dict[str, str]) -> None:
        self.tag = name.rpartition(" ")[2]

    def text(self, data: str) -> None:
        self.values[self.tag] = (self.values.get(self.tag, "") + data)[:500]

    def end(self, _: str) -> None:
        self.tag = ""

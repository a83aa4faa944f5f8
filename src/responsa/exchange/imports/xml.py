"""XML from strangers: as a stream or as a tree, without entities of its own, external parts or endless nesting."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from xml.parsers import expat

from msgspec import Struct

_DEEPEST: Final = 200
_CHUNK: Final = 1 << 18


class XmlError(ValueError):
    """What cannot be read, with its line."""


class Element(Struct):
    """An element with its own text (that of inner elements is not part of it)."""

    tag: str
    attributes: dict[str, str]
    inner: list["Element"] = []
    parts: list[str] = []

    @property
    def text(self) -> str:
        """The text directly in the element."""
        return "".join(self.parts)

    def first(self, *tags: str) -> "Element | None":
        """The first element of one of these names below this one, depth first."""
        return next(self.all(*tags), None)

    def all(self, *tags: str) -> Iterator["Element"]:
        """Every element of one of these names below this one, in order."""
        for element in self.inner:
            if element.tag in tags:
                yield element
            yield from element.all(*tags)


def tree(data: bytes) -> Element:
    """The root. Raises ``XmlError``."""
    above = [Element("", {})]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(above) > _DEEPEST:
            raise XmlError(f"nested more than {_DEEPEST} deep")
        above[-1].inner.append(Element(tag.rpartition(":")[2], attributes))
        above.append(above[-1].inner[-1])

    def end(_tag: str) -> None:
        above.pop()

    def text(found: str) -> None:
        above[-1].parts.append(found)

    parser = _parser(start, end)
    parser.CharacterDataHandler = text
    _fed(parser, data, final=True)
    return above[0].inner[0]


def rows(path: Path, progress: Callable[[int], None] = lambda _done: None) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and attributes of every ``<row .../>`` of a dump of tables; a piece of the file is in memory at a time.

    Raises ``XmlError`` at what is no XML; rows before it were given.
    """
    found = list[tuple[int, dict[str, str]]]()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise XmlError(f"nested more than {_DEEPEST} deep")
        if tag == "row":
            found.append((parser.CurrentLineNumber, attributes))

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = _parser(start, end)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            _fed(parser, chunk, final=False)
            yield from found
            found.clear()
            progress(file.tell())
        _fed(parser, b"", final=True)


def _parser(start: Callable[[str, dict[str, str]], None], end: Callable[[str], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = _refused
    parser.ExternalEntityRefHandler = lambda *_: 0
    return parser


def _refused(name: str, *_: object) -> None:
    # Entities that hold entities grow without end, and external ones read other files: no dump needs either.
    raise XmlError(f"declares the entity {name[:40]!r}; files that declare entities are not read")


def _fed(parser: expat.XMLParserType, data: bytes, *, final: bool) -> None:
    try:
        parser.Parse(data, final)
    except expat.ExpatError as error:
        raise XmlError(f"line {error.lineno}: not XML: {expat.ErrorString(error.code)}") from error

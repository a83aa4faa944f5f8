"""BibTeX: entries in braces. Only what names a source is read; macros are joined, TeX accents become letters."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from responsa.article import Source
from responsa.evidence.passages import Paragraph
from responsa.evidence.readers.found import Found, SourceError, is_retracted, year_of
from responsa.evidence.readers.text import decoded

_ENTRY: Final = re.compile(r"@[ \t]*([A-Za-z]+)[ \t\n]*[{(][ \t\n]*")
_KEY: Final = re.compile(r"([^\s,{}\"=()]+)[ \t\n]*,")
_FIELD: Final = re.compile(r"[\s,]*([A-Za-z][\w:.-]*)\s*=\s*")
_BARE: Final = re.compile(r"[\w.-]+")
_NO_SOURCE: Final = frozenset({"comment", "preamble", "string"})
_ACCENT: Final = re.compile(r"\{?\\([`'^\"~=.uvHcdbk])\s*\{?\\?([A-Za-z])\}?\}?")
_SIGNS: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS: Final = {r"\ss": "ß", r"\o": "ø", r"\O": "Ø", r"\l": "ł", r"\L": "Ł", r"\ae": "æ", r"\aa": "å", r"\AA": "Å"}
_LETTER: Final = re.compile(r"\\(?:ss|o|O|l|L|ae|aa|AA)(?![A-Za-z])\s?")


def read_bibtex(data: bytes) -> list[Found]:
    """A source an entry; one that never closes is left out. Raises ``SourceError`` where none is whole."""
    text = decoded(data)
    found = [_found(key, fields) for key, fields in _entries(text)]
    if not found:
        raise SourceError("no whole BibTeX entry found; an entry looks like `@article{key, title = {...}}`")
    return found


def _entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    at = 0
    while opened := _ENTRY.search(text, at):
        at = opened.end()
        key = _KEY.match(text, at)
        if opened[1].casefold() in _NO_SOURCE or key is None:
            continue
        fields, at = _fields(text, key.end())
        yield key[1], fields


def _fields(text: str, at: int) -> tuple[dict[str, str], int]:
    fields: dict[str, str] = {}
    while field := _FIELD.match(text, at):
        value, end = _value(text, field.end())
        if end <= field.end():
            break
        fields[field[1].casefold()] = value
        at = end
    return fields, at


def _value(text: str, at: int) -> tuple[str, int]:
    """A value and where it ends; parts joined by ``#`` are one."""
    parts: list[str] = []
    while True:
        part, end = _part(text, at)
        parts.append(part)
        joined = re.compile(r"\s*#\s*").match(text, end)
        if end == at or joined is None:
            return "".join(parts), end
        at = joined.end()


def _part(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] in {"{", '"'}:
        end = _closing(text, at)
        return text[at + 1 : end], min(end + 1, len(text))
    bare = _BARE.match(text, at)
    return (bare.group(), bare.end()) if bare else ("", at)


_BRACE: Final = re.compile(r"\\.|[{}\"]|\n[ \t]*@[A-Za-z]+[ \t]*\{", re.DOTALL)


def _closing(text: str, at: int) -> int:
    """Where the brace or quote at ``at`` closes; a new entry ends one that never does."""
    quoted = text[at] == '"'
    depth = 0
    for sign in _BRACE.finditer(text, at + 1):
        if sign.group() == "{":
            depth += 1
        elif sign.group() == "}":
            if depth == 0 and not quoted:
                return sign.start()
            depth -= 1
        elif (sign.group() == '"' and quoted and depth <= 0) or sign.group()[0] == "\n":
            return sign.start()
    return len(text)


def _found(key: str, fields: dict[str, str]) -> Found:
    def text(*names: str) -> str:
        return next((_readable(fields[name]) for name in names if fields.get(name)), "")

    journal, volume, pages = text("journal", "journaltitle", "booktitle", "publisher"), text("volume"), text("pages")
    title, note = text("title"), text("note").casefold()
    meta = Source(
        key, title, text("author", "editor").replace(" and ", ", "), year_of(text("year", "date")),
        f"{journal} {volume}{':' if volume and pages else ''}{pages.replace('--', '-')}".strip(),
        text("doi").removeprefix("https://doi.org/"), text("pmid"), text("url"),
        is_retracted(title) or note.startswith("retracted"),
    )  # fmt: skip
    abstract = text("abstract")
    return Found(meta, (Paragraph(abstract, "Abstract"),) if abstract else ())


def _readable(tex: str) -> str:
    text = _ACCENT.sub(lambda match: unicodedata.normalize("NFC", match[2] + _SIGNS[match[1]]), tex)
    text = _LETTER.sub(lambda match: _LETTERS[match.group().strip()], text)
    text = re.sub(r"\\([&%$#_{}])", r"\1", text).replace("~", " ")
    return " ".join(re.sub(r"[{}]", "", text).split())

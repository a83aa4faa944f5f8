"""Markdown and plain text, with or without front matter."""

import re
from pathlib import PurePath
from typing import Final

from responsa.article import Source
from responsa.errors import UnreadableError
from responsa.evidence.passages import of_markdown, of_text
from responsa.evidence.readers.found import Found, SourceError, is_retracted, year_of
from responsa.records.record import parse

_FRONT: Final = re.compile(r"---[ \t]*\r?\n")
_HEADING: Final = re.compile(r"\A\s*#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROL: Final = 0.02


def decoded(data: bytes) -> str:
    """Text of the bytes by their mark, as UTF-8, else as Windows-1252. Raises ``SourceError`` for binary data."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if len(_CONTROL.findall(data)) > len(data) * _MOST_CONTROL:
        raise SourceError("holds no text; save it as PDF, DOCX, HTML, Markdown or plain text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_markdown(data: bytes) -> list[Found]:
    """One source; its front matter is what is known about it."""
    text = decoded(data)
    meta, licence, body = Source(""), "", text
    if _FRONT.match(text):
        try:
            record = parse(text.encode("utf-8", "replace"), PurePath("source"))
        except UnreadableError as error:
            raise SourceError(f"line {error.line}: {error.problem}") from error
        meta, licence, body = meta_of(record.values), _text(record.values, "licence", "license"), record.body
    heading = _HEADING.search(body)
    if not meta.title and heading:
        meta = Source(
            meta.id, heading[1], meta.authors, meta.year, meta.venue, meta.doi, meta.pmid, meta.url, meta.retracted
        )
    return [Found(meta, tuple(of_markdown(body)), licence)]


def read_text(data: bytes) -> list[Found]:
    """One source, called by its file."""
    return [Found(Source(""), tuple(of_text(decoded(data))))]


def meta_of(values: dict[str, object]) -> Source:
    """What a mapping with Responsa's names says about a source; unknown keys are left."""
    title = _text(values, "title")
    retracted = values.get("retracted") is True or str(values.get("retracted", "")).casefold() in {"yes", "true"}
    return Source(
        _text(values, "id"),
        title,
        _text(values, "authors", "author"),
        year_of(_text(values, "year", "date", "published")),
        _text(values, "venue", "journal", "publisher"),
        _text(values, "doi").removeprefix("https://doi.org/"),
        _text(values, "pmid"),
        _text(values, "url"),
        retracted or is_retracted(title),
    )


def _text(values: dict[str, object], *keys: str) -> str:
    for key in keys:
        value = values.get(key)
        if isinstance(value, list):
            return ", ".join(str(part) for part in value)
        if value is not None and not isinstance(value, dict | bool):
            return str(value).strip()
    return ""

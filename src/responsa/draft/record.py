"""A draft as the record that it becomes once it is accepted: every key filled, in the library's own style."""

import datetime
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct, structs

from responsa.article import Link, Provenance, Source, Url, Value
from responsa.draft.around import Style
from responsa.draft.outcome import Draft
from responsa.errors import EditError
from responsa.library.library import Library
from responsa.records.emit import serialise
from responsa.records.record import parse
from responsa.records.text import encode_answer

LONGEST_DESCRIPTION: Final = 160
_ALWAYS: Final = frozenset({"question", "answer", "provenance", "score", "sources"})
"""Keys that a draft states also in a library whose records never did."""


class Filed(Struct, frozen=True):
    """Where a draft shall stand and what lists say of it."""

    number: int
    day: datetime.date
    subject: str
    url: Url
    path: PurePosixPath
    description: str
    keywords: tuple[str, ...]
    related: tuple[Link, ...]


def record_of(library: Library, style: Style, draft: Draft, filed: Filed) -> bytes:
    """The file. Raises ``EditError`` where it would not read back as the draft says."""
    layout = library.config.layout
    values = _values(style, draft, filed)
    if layout.keys or layout.answer_in_body:
        kept = {field: value for field, value in values.items() if _stated(layout.key(field), field, style)}
        values = kept if style.fields else values
    body = "\n&nbsp;"
    if layout.answer_in_body:
        values.pop("answer", None)
        body = f"\n{draft.answer.strip()}\n"
    elif layout.escaped_newlines:
        values["answer"] = encode_answer(draft.answer)
    data = serialise(_nested(library, values), body=body)
    _prove(library, data, draft, filed)
    return data


def _values(style: Style, draft: Draft, filed: Filed) -> dict[str, Value]:
    """In Responsa's names, dotted."""
    score = draft.score
    values: dict[str, Value] = {
        "_schema": style.schema,
        "id": filed.number,
        "date": filed.day,
        "title": draft.question,
        "article_title": draft.question,
        "date_format": style.date_format,
        "post_on_text": style.post_on_text,
        "seo.title": draft.question,
        "seo.page_description": filed.description,
        "seo.page_keywords": ", ".join(filed.keywords),
        "author": style.author,
        "question": draft.question,
        "answer": draft.answer,
        "subject": filed.subject,
        "provenance": Provenance.MACHINE.value,
        "file_name": filed.path.name,
        "url": str(filed.url),
        "score": -1.0 if score is None else float(score),
        "sources": [_source(source) for source in draft.sources],
    }
    if style.language:
        values["language"] = style.language
    if not style.author:
        del values["author"]
    return values | {f"related_article{link.slot}": _link(link) for link in filed.related}


def _stated(key: str, field: str, style: Style) -> bool:
    return field in _ALWAYS or key.partition(".")[0] in style.fields


def _source(source: Source) -> Value:
    return {key: value for key, value in structs.asdict(source).items() if value not in ("", None, False)}


def _link(link: Link) -> Value:
    number: dict[str, Value] = {} if link.id is None else {"id": link.id}
    return {**number, "title": link.title, "subject": link.subject, "url": str(link.url)}


def _nested(library: Library, values: Mapping[str, Value]) -> dict[str, Value]:
    """By the file's own keys; dotted ones stand below their parent."""
    written: dict[str, Any] = {}
    for field, value in values.items():
        *above, name = library.config.layout.key(field).split(".")
        inner = written
        for part in above:
            inner = inner.setdefault(part, {})
        inner[name] = value
    return written


def _prove(library: Library, data: bytes, draft: Draft, filed: Filed) -> None:
    """Reads it as the library will: what would say another thing must not be written."""
    article = library.article_of(parse(data, filed.path), filed.path)
    said = (article.question, article.answer.strip(), article.url, library.subject_of(article.subject).slug)
    meant = (draft.question, draft.answer.strip(), filed.url, library.subject_of(filed.subject).slug)
    for name, one, other in zip(("question", "answer", "url", "subject"), said, meant, strict=True):
        if one != other:
            raise EditError(f"{filed.path}: `{name}` would not read back as it was written: {one[:80]!r}")

"""Rows of tables as entries: which column means what, by name or as the person says."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, structs

from responsa.article import Source
from responsa.errors import UsageError
from responsa.exchange.imports import html, plain
from responsa.exchange.imports.entry import Copy, Entry, Found, Place, Untaken
from responsa.exchange.whole import from_json

FIELDS: Final = {
    "question": ("question", "title", "q", "query", "prompt", "article_title", "heading"),
    "answer": ("answer", "a", "answers", "response", "body", "content", "text", "completion"),
    "subject": ("subject", "category", "topic", "section", "categories"),
    "id": ("id", "qid", "uuid", "_id", "identifier", "number"),
    "slug": ("slug", "file_name"),
    "url": ("url", "permalink", "address", "path"),
    "author": ("author", "authors", "by"),
    "date": ("date", "published", "created", "created_at", "published_at"),
    "seo.page_description": ("seo.page_description", "description", "summary", "excerpt"),
    "seo.page_keywords": ("seo.page_keywords", "keywords", "tags"),
    "language": ("language", "lang", "locale"),
    "aliases": ("aliases", "redirect_from", "old_urls"),
    "also_asked": ("also_asked", "alternatives", "paraphrases", "other_wordings"),
    "sources": ("sources", "references"),
    "no_index": ("no_index", "noindex"),
}
"""What a column is taken for by its name, in the order of preference. Others are kept under their own names."""
_MARKUP: Final = re.compile(
    r"</?(?:p|br|div|ul|ol|li|strong|em|b|i|a|h[1-6]|table|span|blockquote|pre)\b[^<>]*>", re.IGNORECASE
)
_LARGEST: Final = 2**63
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")

CONVERTERS: Final[dict[str, Callable[[str], str]]] = {
    "markdown": lambda text: text,
    "html": html.to_markdown,
    "plain": plain.to_markdown,
    "auto": lambda text: html.to_markdown(text) if _MARKUP.search(text) else text,
}
"""How an answer is written; ``auto`` takes it for HTML where it holds a tag of HTML, else for Markdown."""


class Row(Struct, frozen=True):
    """A row by column, or why it is none."""

    place: Place
    values: dict[str, Any] = {}
    problem: str = ""


class Columns(Struct, frozen=True):
    """``mapped`` says which column holds a field; ``text`` how answers are written."""

    mapped: dict[str, str] = {}
    text: str = "auto"


def mapping(settings: Iterable[str]) -> dict[str, str]:
    """``question=Title`` as a mapping. Raises ``UsageError``."""
    mapped = dict[str, str]()
    for setting in settings:
        field, equals, column = setting.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise UsageError(f"--map {setting}: expected FIELD=COLUMN such as `question=Title`")
        mapped[field.strip()] = column.strip()
    return mapped


def entries(rows: Iterable[Row], name: str, columns: Columns) -> Iterator[Found]:
    """An entry a row; rows of an export of ours come back as they were. ``name`` is the table's, for origins."""
    fields: dict[str, str] | None = None
    for row in rows:
        if row.problem:
            yield Untaken(row.place, "cannot be read", row.problem)
        elif not columns.mapped and (whole := from_json(row.values)):
            yield Copy(row.place, whole)
        else:
            if fields is None or not set(fields.values()) <= row.values.keys():
                fields = fields_of(row.values, columns.mapped)
            yield _entry(row, fields, name, columns)


def fields_of(values: Mapping[str, Any], mapped: Mapping[str, str]) -> dict[str, str]:
    """Which column each field is in; those that were named are taken as they are."""
    folded = {name.strip().casefold().replace(" ", "_"): name for name in reversed(list(values))}
    found = dict(mapped)
    for field, names in FIELDS.items():
        free = (folded[name] for name in names if name in folded and folded[name] not in found.values())
        if field not in found and (held := next(free, None)) is not None:
            found[field] = held
    return found


def _entry(row: Row, fields: Mapping[str, str], name: str, columns: Columns) -> Entry | Untaken:
    values = {field: row.values.get(column) for field, column in fields.items()}
    question, raw = text_in(values.get("question")), answer_in(values.get("answer"))
    if missing := [field for field in ("question", "answer") if field not in fields]:
        column = f"no column for the {missing[0]}: say which with --map {missing[0]}=COLUMN"
        return Untaken(row.place, f"no {missing[0]}", column)
    for field in ("question", "answer"):
        if isinstance(held := values[field], dict | list) and (field == "question" or not answer_in(held)):
            return Untaken(row.place, f"no {field}", f"`{fields[field]}` holds no text but {str(held)[:80]}")
    key = text_in(values.get("id")) or text_in(values.get("url")) or _digest(question, raw)
    date = text_in(values.get("date"))
    rest = {column: value for column, value in row.values.items() if column not in fields.values()}
    named = {field: value for field, value in values.items() if field not in FIELDS or field == "id"}
    return Entry(
        row.place,
        f"{name}#{key}",
        question,
        CONVERTERS[columns.text](raw),
        subject=next(iter(texts_of(values.get("subject"))), ""),
        slug=text_in(values.get("slug")).removesuffix(".md"),
        address=text_in(values.get("url")),
        author=", ".join(texts_of(values.get("author"), split=False)),
        date=date[:10] if _DAY.match(date) else "",
        language=text_in(values.get("language")),
        description=text_in(values.get("seo.page_description")),
        keywords=tuple(texts_of(values.get("seo.page_keywords"), split=",")),
        aliases=tuple(texts_of(values.get("aliases"))),
        also_asked=tuple(texts_of(values.get("also_asked"))),
        sources=tuple(_sources(values.get("sources"))),
        no_index=text_in(values.get("no_index")).lower() in {"true", "1", "yes"},
        more={key: kept for key, value in {**rest, **named}.items() if (kept := kept_of(value)) is not None},
    )


def text_in(value: object) -> str:
    """The text of a cell."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def answer_in(value: object) -> str:
    """The text of an answer; several texts are its paragraphs. Empty for what is no text."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n\n".join(filter(None, map(str.strip, value)))
    return "" if isinstance(value, dict | list) else text_in(value)


def texts_of(value: object, *, split: str | bool = True) -> list[str]:
    """The items of a list, of a list written as JSON, or of a text cut at ``|`` or line breaks (or at ``split``)."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    if isinstance(value, str) and split:
        value = re.split(r"[|\n]" if split is True or "|" in value else re.escape(str(split)), value)
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [text for item in items if (text := " ".join(text_in(item).split()))]


def _sources(value: object) -> Iterator[Source]:
    """References: their fields, or an address, or a title."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    items = value if isinstance(value, list) else texts_of(value)
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            held = {key: text_in(item.get(key)) for key in ("title", "authors", "venue", "doi", "pmid", "url")}
            year = item.get("year")
            source = Source(text_in(item.get("id")) or str(number), year=year if isinstance(year, int) else None)
            yield structs.replace(source, **held)
        elif text := text_in(item).strip():
            is_address = text.startswith(("http://", "https://"))
            yield Source(str(number), title=text, url=text if is_address else "")


def kept_of(value: object) -> object:
    """What a record can hold of a value; ``None`` for nothing."""
    if (isinstance(value, int) and abs(value) >= _LARGEST) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)  # no number that every reader of YAML knows
    if value is None or value == "" or isinstance(value, bool | int | float | str):
        return None if value == "" else value
    if isinstance(value, list):
        return [kept for item in value if (kept := kept_of(item)) is not None]
    if isinstance(value, dict):
        return {str(key): kept for key, item in value.items() if (kept := kept_of(item)) is not None}
    return str(value)


def _digest(question: str, answer: str) -> str:
    return hashlib.sha256(f"{question}\0{answer}".encode("utf-8", "replace")).hexdigest()[:16]

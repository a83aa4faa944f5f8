"""A record's values as an article, typed by what each key means, and an edit of an article as an edit of its record."""

import datetime
import re
from pathlib import PurePosixPath
from typing import Any

from responsa.article import ABSENT, Article, Edit, Link, Misfit, Provenance, Review, Score, Seo, Source, Url
from responsa.errors import EditError
from responsa.records.layout import SEED, Layout
from responsa.records.record import Record
from responsa.records.text import decode_answer, encode_answer

_SLOT = re.compile(r"related_article([1-9]\d?)")
_KNOWN = {
    "_schema", "id", "date", "title", "article_title", "date_format", "post_on_text", "seo", "author", "question",
    "also_asked", "answer", "subject", "language", "file_name", "url", "aliases", "score", "provenance", "reviewed",
    "review_by", "sources", "no_index",
}  # fmt: skip

_NEEDED = ("url", "question", "subject")


class _Reader:
    """Takes values out of one record; what cannot be meant becomes a misfit and the field's default."""

    def __init__(self, record: Record, layout: Layout) -> None:
        self.record, self.values, self.layout = record, record.values, layout
        self.misfits: list[Misfit] = []
        known = _KNOWN | {key.partition(".")[0] for key in layout.keys.values()} if layout.keys else _KNOWN
        self._unknown = [key for key in self.values if key not in known]

    def extra(self) -> dict[str, object]:
        return {key: self.values[key] for key in self._unknown if not _SLOT.fullmatch(key)}

    def raw(self, name: str) -> Any:  # noqa: ANN401 - what YAML read, typed by the callers below
        if not self.layout.keys and "." not in name:
            return self.values.get(name)
        found: Any = self.values
        for part in self.layout.key(name).split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def misfit(self, name: str, message: str) -> None:
        self.misfits.append(Misfit(name, message))

    def text(self, name: str) -> str:
        value = self.raw(name)
        return value if isinstance(value, str) else self.as_text(name, value)

    def as_text(self, name: str, value: object) -> str:
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, bool | int | float):
            # `question: 1e3` is text: YAML read it by its looks, so take what the file writes.
            return self.record.source(self.layout.key(name)) or str(value)
        if isinstance(value, list) and value and isinstance(value[0], str) and name == "subject":
            return value[0]
        if isinstance(value, list) and all(isinstance(item, str) for item in value) and name == "seo.keywords":
            return ", ".join(value)
        self.misfit(name, f"expected text, found {_kind(value)}")
        return ""

    def date(self, name: str) -> datetime.date | None:
        return self.as_date(name, self.raw(name))

    def as_date(self, name: str, value: object) -> datetime.date | None:
        if value is None or value == "":
            return None
        try:
            return datetime.date.fromisoformat(str(value)[:10])
        except ValueError:
            self.misfit(name, f"expected a date such as 2024-12-07, found {str(value)[:40]!r}")
            return None

    def number(self, name: str) -> int | str | None:
        value = self.raw(name)
        if value is None or (isinstance(value, int | str) and not isinstance(value, bool)):
            return value
        self.misfit(name, f"expected a number or a text, found {_kind(value)}")
        return None

    def flag(self, name: str) -> bool:
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        if str(value).lower() in {"yes", "on", "true", "1"}:
            return True
        if str(value).lower() not in {"no", "off", "false", "0", ""}:
            self.misfit(name, f"expected true or false, found {str(value)[:40]!r}")
        return False

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.raw(name)
        items = [] if value is None else value if isinstance(value, list) else [value]
        return tuple(text for item in items if (text := self.as_text(name, item)))

    def score(self) -> Score | None:
        value = self.raw("score")
        if value is None or value == -1:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.misfit("score", f"expected a number from 0 to 1, or -1.0 for unchecked, found {str(value)[:40]!r}")
            return None
        return Score(float(value))

    def links(self) -> tuple[Link, ...]:
        slots = sorted((int(match[1]), key) for key in self._unknown if (match := _SLOT.fullmatch(key)))
        return tuple(link for slot, key in slots if (link := self._link(slot, key)))

    def _link(self, slot: int, key: str) -> Link | None:
        value = self.values[key]
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            self.misfit(key, f"expected url, title, subject and id, found {_kind(value)}")
            return None
        number = value.get("id")
        return Link(
            slot,
            Url(self.as_text(f"{key}.url", value.get("url"))),
            self.as_text(f"{key}.title", value.get("title")),
            self.as_text(f"{key}.subject", value.get("subject")),
            number if isinstance(number, int | str) else None,
        )

    def sources(self) -> tuple[Source, ...]:
        value = self.raw("sources")
        items = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(self._source(place, item) for place, item in enumerate(items, 1))

    def _source(self, place: int, item: object) -> Source:
        if not isinstance(item, dict):
            return Source(str(place), title=self.as_text("sources", item))

        held: dict[str, Any] = item

        def text(key: str) -> str:
            found = held.get(key)
            if key == "authors" and isinstance(found, list):
                return ", ".join(map(str, found))
            return self.as_text(f"sources.{key}", found)

        year = item.get("year")
        if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
            self.misfit("sources.year", f"expected a year, found {str(year)[:40]!r}")
            year = None
        return Source(
            text("id") or str(place),
            text("title"),
            text("authors"),
            year,
            text("venue"),
            text("doi"),
            text("pmid"),
            text("url"),
            item.get("retracted") is True,
        )

    def review(self) -> Review | None:
        by, on, of = self.text("reviewed.by"), self.date("reviewed.on"), self.text("reviewed.of")
        if not by and not of and on is None:
            return None
        if not by or on is None or not of:
            self.misfit("reviewed", "expected by, on and of; an incomplete stamp does not count")
            return None
        return Review(by, on, of)

    def provenance(self) -> Provenance | None:
        value = self.text("provenance")
        if not value:
            return None
        try:
            return Provenance(value)
        except ValueError:
            self.misfit("provenance", f"expected human, machine or machine-reviewed, found {value[:40]!r}")
            return None


def _kind(value: object) -> str:
    return "keys below it" if isinstance(value, dict) else "a list" if isinstance(value, list) else type(value).__name__


def article_of(record: Record, path: PurePosixPath, layout: Layout = SEED) -> Article:
    """The article a record holds. Lenient: what cannot be typed is listed in ``misfits``, never raised.

    ``path`` is relative to the library's folder.
    """
    read = _Reader(record, layout)
    answer = record.body.strip() if layout.answer_in_body else read.text("answer")
    return Article(
        url=Url(read.text("url")),
        path=path,
        question=read.text("question") or read.text("article_title") or read.text("title"),
        answer=decode_answer(answer) if layout.escaped_newlines and not layout.answer_in_body else answer,
        subject=read.text("subject"),
        title=read.text("title"),
        heading=read.text("article_title"),
        author=read.text("author"),
        id=read.number("id"),
        date=read.date("date"),
        date_format=read.text("date_format"),
        post_on_text=read.text("post_on_text"),
        seo=Seo(read.text("seo.title"), read.text("seo.page_description"), read.text("seo.page_keywords")),
        score=read.score(),
        related=read.links(),
        no_index=read.flag("no_index"),
        aliases=tuple(map(Url, read.texts("aliases"))),
        also_asked=read.texts("also_asked"),
        sources=read.sources(),
        reviewed=read.review(),
        review_by=read.date("review_by"),
        provenance=read.provenance(),
        language=read.text("language"),
        schema=read.text("_schema"),
        file_name=read.text("file_name"),
        misfits=tuple(read.misfits),
        unstated=tuple(name for name in _NEEDED if not read.text(name).strip()),
        extra=read.extra(),
    )


def edit_record(record: Record, edit: Edit, layout: Layout = SEED) -> Record:
    """The record with one edit carried out; raises EditError if that would touch anything else."""
    if edit.field == "answer" and layout.answer_in_body:
        return _with_answer(record, edit)
    key = layout.key(edit.field)
    if edit.after is ABSENT:
        return record.remove(key)
    if edit.field == "answer" and layout.escaped_newlines and isinstance(edit.after, str):
        return record.replace(key, encode_answer(edit.after))
    return record.replace(key, edit.after)


def _with_answer(record: Record, edit: Edit) -> Record:
    if not isinstance(edit.after, str):
        raise EditError(f"{record.path}: the answer is the file's body; it can be changed, not removed")
    body = record.body
    start = len(body) - len(body.lstrip())
    stop = max(start, len(body.rstrip()))
    return record.with_body(body[:start] + edit.after.strip() + body[stop:])

"""The nouns: an article, its links and sources, and a proposed edit. Imports nothing of ours."""

import datetime
from enum import Enum
from pathlib import PurePosixPath
from typing import Final, NewType

from msgspec import Struct

Url = NewType("Url", str)
"""Permanent address of an article, site-absolute: ``/learn/medicine/questions/what-is-hcc``. The key."""

Score = NewType("Score", float)
"""Share of the checkable claims that evidence carries, 0 to 1. Never checked is ``None`` (a file says ``-1.0``)."""


class Provenance(Enum):
    """Who wrote the text, as the record states it."""

    HUMAN = "human"
    MACHINE = "machine"
    MACHINE_REVIEWED = "machine-reviewed"


class Link(Struct, frozen=True):
    """A related question as a record stores it; ``slot`` counts from 1 (``related_article1``)."""

    slot: int
    url: Url
    title: str = ""
    subject: str = ""
    id: int | str | None = None


class Seo(Struct, frozen=True):
    """What the head of the page says; ``keywords`` stays one comma-separated line."""

    title: str = ""
    description: str = ""
    keywords: str = ""


class Source(Struct, frozen=True):
    """A reference of an article. ``id`` is the key that citations use."""

    id: str
    title: str = ""
    authors: str = ""
    year: int | None = None
    venue: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    retracted: bool = False


class Review(Struct, frozen=True):
    """A person's stamp. ``of`` is the fingerprint of the answer that was read: void once the answer changes."""

    by: str
    on: datetime.date
    of: str


class Misfit(Struct, frozen=True):
    """A value the record holds that its key cannot mean (a date that is no date). ``key`` is dotted."""

    key: str
    message: str


class Article(Struct, frozen=True):
    """One question with its answer, typed. ``answer`` is Markdown with real line breaks.

    ``path`` is relative to the library folder. ``misfits`` names values that could not be
    typed; the field then holds its default. ``unstated`` are those of ``url``, ``question`` and ``subject`` that
    the file leaves out, so that they were found elsewhere. ``extra`` keeps unknown keys as YAML read them.
    """

    url: Url
    path: PurePosixPath
    question: str
    answer: str
    subject: str
    title: str = ""
    heading: str = ""
    author: str = ""
    id: int | str | None = None
    date: datetime.date | None = None
    date_format: str = ""
    post_on_text: str = ""
    seo: Seo = Seo()
    score: Score | None = None
    related: tuple[Link, ...] = ()
    no_index: bool = False
    aliases: tuple[Url, ...] = ()
    also_asked: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    reviewed: Review | None = None
    review_by: datetime.date | None = None
    provenance: Provenance | None = None
    language: str = ""
    schema: str = ""
    file_name: str = ""
    misfits: tuple[Misfit, ...] = ()
    unstated: tuple[str, ...] = ()
    extra: dict[str, object] = {}


class Absent(Enum):
    """The type of ``ABSENT``: an edit to it removes the key."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

Value = str | int | float | bool | datetime.date | list["Value"] | dict[str, "Value"] | None
"""What a record can hold under a key."""


class Edit(Struct, frozen=True):
    """A proposal: set ``field`` of the article at ``url`` to ``after``, because of ``reason``.

    ``field`` is a dotted key in Responsa's own names (``score``, ``seo.page_description``,
    ``related_article1``), whatever the file calls it. Only the library carries edits out.
    """

    url: Url
    field: str
    after: Value | Absent
    reason: str

"""What a reader yields: an entry that may become an article, or what was not taken and why."""

from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from responsa.article import Source
from responsa.exchange.whole import Whole


class Place(Struct, frozen=True):
    """Where something was read: a file, and in it a line (``line 12``), a row or a record's number; may be empty."""

    file: str
    record: str = ""


class Entry(Struct, frozen=True):
    """A question with its answer as Markdown. ``origin`` tells it from every other and never changes.

    ``slug`` is the file's name that its old place gave it, ``address`` where it was published until now.
    ``more`` are further values by dotted key in Responsa's names; ``remarks`` what a person should look at.
    """

    place: Place
    origin: str
    question: str
    answer: str
    subject: str = ""
    slug: str = ""
    address: str = ""
    author: str = ""
    date: str = ""
    language: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    also_asked: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    no_index: bool = False
    more: dict[str, Any] = {}
    remarks: tuple[str, ...] = ()


class Copy(Struct, frozen=True):
    """An article of an export: it comes back as it was, at the same path and address."""

    place: Place
    whole: Whole


class Untaken(Struct, frozen=True):
    """What became no article. ``reason`` is one of few; ``detail`` says more of this one."""

    place: Place
    reason: str
    detail: str = ""


class Remark(Struct, frozen=True):
    """An article was taken, and a person should look at something of it."""

    place: Place
    path: PurePosixPath
    text: str


Found = Entry | Copy | Untaken

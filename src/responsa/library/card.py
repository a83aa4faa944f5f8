"""What all articles share: one short row an article, made in a worker and kept in the catalogue."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct

from responsa.article import Article, Url
from responsa.errors import UnreadableError
from responsa.library.library import Library
from responsa.library.policy import gate
from responsa.library.store import packed
from responsa.library.subjects import Subjects
from responsa.records.fingerprint import fingerprint
from responsa.records.record import parse

LARGEST_INTEGER: Final = 2**63 - 1
_WORDS: Final = re.compile(r"[^\W_]+")


class Card(Struct, frozen=True):
    """An article as lists and links need it.

    ``held`` says why the article is not published: ``address``, ``draft``, ``refusal``, ``score``, ``review`` or
    ``sources``; ``unmet`` what the policy asks of it in vain, though it may be published even so (``policy.unmet``).
    ``listed`` articles appear in lists, feed and sitemap. ``digest`` changes with any byte of the file, ``evidence``
    with any byte of the article's ledger (empty where it has none), ``answer_digest`` is the fingerprint that a review
    states, ``question_key`` the question without case and punctuation. ``date`` is ISO or empty.
    """

    file: str
    url: Url
    title: str
    subject: str
    subject_slug: str
    date: str
    description: str
    listed: bool
    no_index: bool
    held: str
    unmet: str
    digest: str
    answer_digest: str
    question_key: str
    evidence: str
    id: int | str | None = None

    @property
    def path(self) -> PurePosixPath:
        """Of the article's file, relative to the library's folder; made when asked for, since few lists need it."""
        return PurePosixPath(self.file)

    @property
    def publishable(self) -> bool:
        """Whether the article gets a page."""
        return not self.held


class Job(Struct, frozen=True, array_like=True):
    """A file to read; one whose bytes still have the digest ``known`` is not parsed."""

    folder: str
    name: str
    known: str


class Shard(Struct, frozen=True, array_like=True):
    """Files of one library, to be read in one process. ``ledgers``: whether there is any evidence to look for."""

    library: Library
    jobs: list[Job]
    ledgers: bool = True


class Reading(Struct, frozen=True, array_like=True):
    """What a file gave: a row and its links, or why it could not be read, or neither where it is as known."""

    folder: str
    name: str
    digest: str
    row: tuple[object, ...] | None = None
    links: list[tuple[int, str]] = []
    aliases: list[str] = []
    problem: tuple[int, str] | None = None
    article: bytes | None = None


def read_shard(shard: Shard) -> list[Reading]:
    """One reading a job, in order."""
    subjects = shard.library.subjects
    return [_reading(shard, subjects, job) for job in shard.jobs]


def question_key(question: str) -> str:
    """What repeated questions share: their words, without case and punctuation."""
    return " ".join(_WORDS.findall(question.casefold()))


def _reading(shard: Shard, subjects: Subjects, job: Job) -> Reading:
    library, path = shard.library, PurePosixPath(job.folder, job.name)
    try:
        data = library.data(path)
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        if digest == job.known:
            return Reading(job.folder, job.name, digest)
        article = library.article_of(parse(data, path), path)
    except UnreadableError as error:
        return Reading(job.folder, job.name, "", problem=(error.line, _storable(error.problem)))
    links = [(link.slot, _storable(link.url)) for link in article.related if link.url]
    aliases = [_storable(alias) for alias in dict.fromkeys(article.aliases)]
    evidence = library.evidence(path) if shard.ledgers else b""
    row = _row(library, subjects, article, (digest, evidence_digest(evidence)))
    return Reading(job.folder, job.name, digest, row, links, aliases, article=packed(article))


def evidence_digest(ledger: bytes) -> str:
    """``Card.evidence`` of an article with this ledger."""
    return hashlib.blake2b(ledger, digest_size=16).hexdigest() if ledger else ""


def _row(library: Library, subjects: Subjects, article: Article, digests: tuple[str, str]) -> tuple[object, ...]:
    """The fields of ``Card`` after ``path``."""
    subject = subjects.of(article.subject)
    gated = gate(library.config.policy, subjects, article)
    hidden = article.no_index or gated.hidden
    number = article.id
    return (
        _storable(article.url),
        _storable(article.question),
        _storable(article.subject),
        subject.slug,
        article.date.isoformat() if article.date else "",
        _storable(article.seo.description),
        int(subject.listed and not hidden and not gated.held),
        int(hidden),
        gated.held,
        gated.unmet,
        digests[0],
        fingerprint(article.answer),
        _storable(question_key(article.question)),
        digests[1],
        number if isinstance(number, int) and abs(number) <= LARGEST_INTEGER else _storable_id(number),
    )


def _storable(text: str) -> str:
    """UTF-8 has no half surrogates; a quoted YAML scalar can hold them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _storable_id(number: int | str | None) -> str | None:
    return None if number is None else _storable(str(number))


def card_of(row: Sequence[Any]) -> Card:
    """A card from a row of the catalogue."""
    path, url, title, subject, slug, date, description, listed, no_index, *rest = row
    shown = (bool(listed), bool(no_index))
    return Card(path, url, title, subject, slug, date, description, *shown, *rest)

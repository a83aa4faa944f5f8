"""The stage: a shard of articles against the shelf. Each article's ledger is kept as soon as it is whole."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from msgspec import Struct

from responsa.article import Article, Edit, Source
from responsa.errors import UnreadableError
from responsa.evidence.budget import Purse, SpentError
from responsa.evidence.budget import budget as limits
from responsa.evidence.check import check
from responsa.evidence.cite import cite
from responsa.evidence.judge import Judge
from responsa.evidence.judges import Wanted, judge_of
from responsa.evidence.ledger import encode, recall, record
from responsa.evidence.report import Report, rescore
from responsa.evidence.retrieval import Nearest
from responsa.evidence.stock import opened, references, shelf_stamp
from responsa.library.library import Library, read
from responsa.records.record import Record


class Setting(Struct, frozen=True):
    """What every shard of a run shares. ``subject`` is a slug, empty for all; ``cite``: sources are proposed too."""

    folder: str
    block: str
    judge: Wanted
    subject: str
    write: bool
    cite: bool = False


class Job(Struct, frozen=True):
    """``known`` are articles that did not change since they were verified: their ledger is what is to say."""

    setting: Setting
    paths: tuple[PurePosixPath, ...]
    known: frozenset[PurePosixPath] = frozenset()


class Verified(Struct, frozen=True):
    """One article. ``edits`` are of its score and its sources, where they change; the digests are of bytes."""

    path: PurePosixPath
    question: str
    subject: str
    report: Report
    edits: tuple[Edit, ...]
    held: str
    ledger: str
    known: bool = False


class Outcome(Struct, frozen=True):
    """What became of a shard: ``spent`` says which budget ended it, ``unread`` which files are no articles."""

    done: tuple[Verified, ...]
    unread: tuple[tuple[str, str], ...] = ()
    spent: str = ""


def verify_shard(job: Job) -> Outcome:
    """In a process of its own: what the run shares is prepared once there."""
    library, nearest, judge = _prepared(job.setting)
    return verified(job, library, nearest, judge)


@lru_cache(maxsize=2)
def _prepared(setting: Setting) -> tuple[Library, Nearest, Judge]:
    library = read(Path(setting.folder))
    return library, opened(library, setting.block), judge_of(setting.judge, Path(), Purse(limits("")))


def verified(job: Job, library: Library, nearest: Nearest, judge: Judge) -> Outcome:
    """The shard's articles in order, as far as the budget goes."""
    done: list[Verified] = []
    unread: list[tuple[str, str]] = []
    try:
        for path in job.paths:
            try:
                done += _one(job, library, path, nearest, judge)
            except UnreadableError as error:
                unread.append((str(path), f"line {error.line}: {error.problem}"))
    except SpentError as error:
        return Outcome(tuple(done), tuple(unread), str(error))
    return Outcome(tuple(done), tuple(unread))


def _one(job: Job, library: Library, path: PurePosixPath, nearest: Nearest, judge: Judge) -> Iterator[Verified]:
    found = library.record(path)
    article = library.article_of(found, path)
    subject = library.subject_of(article.subject).slug
    if job.setting.subject not in {"", subject}:
        return
    before = recall(library, article)
    if path in job.known and before is not None:
        yield Verified(path, article.question, subject, before, (), "", "", known=True)
        return
    report = check(article, nearest, judge, before=before)
    if job.setting.write:
        record(library, article, report)
    yield Verified(
        path, article.question, subject, report, _edits(article, found, report, library, cites=job.setting.cite),
        digest(found.data), digest(encode(report)),
    )  # fmt: skip


def _edits(article: Article, found: Record, report: Report, library: Library, *, cites: bool) -> tuple[Edit, ...]:
    score = rescore(report)
    same = score.after == (-1.0 if article.score is None else article.score)
    sources = cite(article, found, report, _shelf(library.folder, shelf_stamp(library))) if cites else None
    return tuple(edit for edit in (None if same else score, sources) if edit is not None)


@lru_cache(maxsize=2)
def _shelf(folder: Path, _stamp: int) -> dict[str, Source]:
    return references(read(folder))


def digest(data: bytes) -> str:
    """Of a file's bytes."""
    return hashlib.sha256(data).hexdigest()

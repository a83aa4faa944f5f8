"""Everything that is wrong in a library: rules on single articles as a map over shards, then rules on all together."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.check import addresses, fields, links, markup, trust
from responsa.check.case import Case
from responsa.check.problem import Problem
from responsa.check.rules import RULES
from responsa.check.together import Together
from responsa.errors import UnreadableError
from responsa.library.catalogue import Catalogue, attach
from responsa.library.library import Library
from responsa.library.subjects import SubjectInfo
from responsa.records.record import Record
from responsa.shards import Executor, Here, Processes

SHARD: Final = 256
MANY: Final = 400
"""Articles from which starting processes pays."""

ARTICLE_RULES: Final[tuple[Callable[[Case], Iterator[Problem]], ...]] = (
    fields.required, fields.types, fields.heading, fields.description, fields.subject,
    addresses.safe, addresses.undefined, addresses.agrees,
    links.related,
    markup.html, markup.markdown, markup.maths,
    trust.refusal, trust.review, trust.sources, trust.score,
)  # fmt: skip

Progress = Callable[[int, int], None]


class Shard(Struct, frozen=True, array_like=True):
    """Articles to check in one process."""

    library: Library
    catalogue: Path
    shelves: dict[str, SubjectInfo]
    moved: dict[str, str]
    today: datetime.date
    paths: list[PurePosixPath]


class Title(Struct, frozen=True, array_like=True):
    """A browser title and where it stands."""

    text: str
    path: PurePosixPath
    line: int


class Checked(Struct, frozen=True, array_like=True):
    """What a shard gave."""

    problems: list[Problem]
    titles: list[Title]


def check(
    library: Library,
    catalogue: Catalogue,
    today: datetime.date,
    executor: Executor | None = None,
    progress: Progress = lambda _done, _all: None,
) -> list[Problem]:
    """Every problem, by path, line and rule. ``today`` decides which reviews are out of date."""
    problems = list(Together(library, catalogue).problems())
    titles: dict[str, list[Title]] = {}
    total, done = catalogue.count(), 0
    chosen = executor or (Processes() if total > MANY else Here())
    for checked in chosen.map(check_shard, _shards(library, catalogue, today)):
        problems += checked.problems
        for title in checked.titles:
            # The first two are enough to name the first, and to know that there is a second.
            known = titles.setdefault(title.text, [])
            known += [title] if len(known) < 2 else []  # noqa: PLR2004
        done = min(total, done + SHARD)
        progress(done, total)
    problems += _repeated(titles)
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.rule, problem.message))


def check_shard(shard: Shard) -> Checked:
    """Rules on single articles. Files that cannot be read are the catalogue's to report."""
    records = list(_records(shard))
    articles = [(path, record, shard.library.article_of(record, path)) for path, record in records]
    with attach(shard.library, shard.catalogue) as catalogue:
        known = catalogue.lookup(link.url for _, _, article in articles for link in article.related)
    subjects, config = shard.library.subjects, shard.library.config
    cases = [
        Case(path, record, article, config, subjects, shard.shelves, known, shard.moved, shard.today)
        for path, record, article in articles
    ]
    problems = [problem for case in cases for rule in ARTICLE_RULES for problem in rule(case)]
    return Checked(problems, [title for case in cases for title in _title(case)])


def _records(shard: Shard) -> Iterator[tuple[PurePosixPath, Record]]:
    for path in shard.paths:
        try:
            yield path, shard.library.record(path)
        except UnreadableError:
            continue


def _title(case: Case) -> Iterator[Title]:
    if case.article.seo.title:
        line = case.record.line(case.config.layout.key("seo.title"))
        yield Title(case.article.seo.title, case.path, line)


def _repeated(titles: dict[str, list[Title]]) -> Iterator[Problem]:
    severity = RULES["title-repeated"].severity
    for text, places in titles.items():
        if len(places) > 1:
            message = f"{text!r} is the title of {places[1].path} too, perhaps of more"
            yield Problem("title-repeated", places[0].path, places[0].line, message, severity)


def _shards(library: Library, catalogue: Catalogue, today: datetime.date) -> Iterator[Shard]:
    shelves = {shelf.info.slug: shelf.info for shelf in catalogue.subjects()}
    moved: dict[str, str] = dict(catalogue.aliases())
    for paths in _batches(card.path for card in catalogue.cards(by="path")):
        yield Shard(library, catalogue.path, shelves, moved, today, paths)


def _batches(paths: Iterable[PurePosixPath]) -> Iterator[list[PurePosixPath]]:
    stream = iter(paths)
    while batch := list(islice(stream, SHARD)):
        yield batch

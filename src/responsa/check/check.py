"""Everything that is wrong in a library: rules on single articles as a map over shards, then rules on all together."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.article import Article
from responsa.check import addresses, fields, links, markup, trust
from responsa.check.case import Case
from responsa.check.problem import Problem
from responsa.check.rules import RULES
from responsa.check.together import Together
from responsa.library.catalogue import Catalogue, attach
from responsa.library.library import Library
from responsa.library.subjects import SubjectInfo
from responsa.shards import AsNeeded, Executor, batches

SHARD: Final = 256

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
    """A browser title and the article that has it."""

    text: str
    path: PurePosixPath


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
    for checked in (executor or AsNeeded()).map(check_shard, _shards(library, catalogue, today)):
        problems += checked.problems
        for title in checked.titles:
            # The first two are enough to name the first, and to know that there is a second.
            known = titles.setdefault(title.text, [])
            known += [title] if len(known) < 2 else []  # noqa: PLR2004
        done = min(total, done + SHARD)
        progress(done, total)
    problems += _repeated(library, titles)
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.rule, problem.message))


def check_shard(shard: Shard) -> Checked:
    """Rules on single articles. Files that cannot be read are the catalogue's to report."""
    library = shard.library
    with attach(library, shard.catalogue) as catalogue:
        articles = [entry for entry in catalogue.entries(shard.paths) if isinstance(entry, Article)]
        known = catalogue.lookup(link.url for article in articles for link in article.related)
    subjects, config = library.subjects, library.config
    cases = [
        Case(one.path, one, config, subjects, shard.shelves, known, shard.moved, shard.today, library.lines(one.path))
        for one in articles
    ]
    problems = [problem for case in cases for rule in ARTICLE_RULES for problem in rule(case)]
    return Checked(problems, [Title(one.seo.title, one.path) for one in articles if one.seo.title])


def _repeated(library: Library, titles: dict[str, list[Title]]) -> Iterator[Problem]:
    severity, key = RULES["title-repeated"].severity, library.config.layout.key("seo.title")
    for text, places in titles.items():
        if len(places) > 1:
            message = f"{text!r} is the title of {places[1].path} too, perhaps of more"
            yield Problem("title-repeated", places[0].path, library.lines(places[0].path)(key), message, severity)


def _shards(library: Library, catalogue: Catalogue, today: datetime.date) -> Iterator[Shard]:
    shelves = {shelf.info.slug: shelf.info for shelf in catalogue.subjects()}
    moved: dict[str, str] = dict(catalogue.aliases())
    for paths in batches((card.path for card in catalogue.cards(by="path")), SHARD):
        yield Shard(library, catalogue.path, shelves, moved, today, paths)

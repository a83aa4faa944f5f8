"""Rules that look at one article at a time, as a map over shards."""

import datetime
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, Final

from msgspec import Struct

from responsa.article import Article, Edit, Url
from responsa.check.case import Case
from responsa.library.card import Card
from responsa.library.catalogue import attach
from responsa.library.library import Library
from responsa.library.subjects import SubjectInfo
from responsa.library.urls import repaired
from responsa.repair.repair import Repair
from responsa.repair.rules import RULES, Rule
from responsa.repair.scene import Scene
from responsa.shards import AsNeeded, Executor, batches

SHARD: Final = 256

Mend = Callable[[Case], Iterator[Edit]]


class Shard(Struct, frozen=True, array_like=True):
    """Articles to be mended by one rule in one process."""

    library: Library
    catalogue: Path
    shelves: dict[str, SubjectInfo]
    moved: dict[str, str]
    rule: str
    paths: list[PurePosixPath]


def repairs(scene: Scene, rule: Rule, executor: Executor | None = None) -> Iterator[Repair]:
    """One an article that the rule would change, by path; one shard at a time is in memory."""
    catalogue = scene.catalogue
    if rule.asks and not function(rule.asks)(catalogue):
        return
    shelves = {shelf.info.slug: shelf.info for shelf in catalogue.subjects()}
    moved: dict[str, str] = dict(catalogue.aliases())
    paths = (card.path for card in catalogue.cards(subject=scene.subject or None, by="path"))
    work = (Shard(scene.library, catalogue.path, shelves, moved, rule.name, part) for part in batches(paths, SHARD))
    total, done = catalogue.count(), 0
    for found in (executor or AsNeeded()).map(mend_shard, work):
        yield from found
        done = min(total, done + SHARD)
        scene.progress(done, total)


def mend_shard(shard: Shard) -> list[Repair]:
    """What the rule makes of the articles of a shard. Of several with one address only the first can be edited."""
    mend: Mend = function(RULES[shard.rule].make)
    with attach(shard.library, shard.catalogue) as catalogue:
        articles = [entry for entry in catalogue.entries(shard.paths) if isinstance(entry, Article)]
        known = catalogue.lookup(url for article in articles for url in _looked_up(article, shard.moved))
    found: list[Repair] = []
    for article in articles:
        if known[article.url].path != article.path:
            continue
        edits = tuple(mend(_case(shard, article, known)))
        if edits:
            found.append(Repair(article.url, _note(edits), edits))
    return found


def function(named: str) -> Any:  # noqa: ANN401 - a rule's own function
    """What ``module:function`` names, loaded."""
    module, _, name = named.partition(":")
    return getattr(import_module(module), name)


def _case(shard: Shard, article: Article, known: dict[Url, Card]) -> Case:
    library = shard.library
    line = library.lines(article.path)
    day = datetime.date.min  # reviews are no matter of repairs
    return Case(article.path, article, library.config, library.subjects, shard.shelves, known, shard.moved, day, line)


def _looked_up(article: Article, moved: dict[str, str]) -> Iterator[str]:
    yield article.url
    yield from article.aliases
    for link in article.related:
        for url in dict.fromkeys((link.url, repaired(link.url))):
            yield url
            yield moved.get(url, url)


def _note(edits: tuple[Edit, ...]) -> str:
    reasons = list(dict.fromkeys(edit.reason for edit in edits))
    more = f" and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}"

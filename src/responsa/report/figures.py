"""Everything that the report says, as numbers: what the page shows and ``--json`` prints."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from heapq import nsmallest
from itertools import islice
from typing import Final

from msgspec import Struct

from responsa.check.check import check
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.report.articles import OVERDUE, Overdue, Tally, counted, number_of
from responsa.report.copies import Cluster, Copies, copies, exact
from responsa.report.history import Growth, History, growth, history
from responsa.report.links import Graph, Links
from responsa.report.problems import Problems, problems
from responsa.shards import Executor

Progress = Callable[[str], Callable[[int, int], None]]
"""Given what is being done, takes how much of how much is."""
Near = Callable[[Library, Catalogue, Callable[[int, int], None]], Sequence[Cluster]]
NONE: Final = ""
"""The slug under which files stand that cannot be read."""


class Subject(Struct, frozen=True):
    """A shelf with what was counted on it."""

    slug: str
    title: str
    articles: int
    listed: int
    tally: Tally


class Lonely(Struct, frozen=True):
    """An article that no other leads to."""

    title: str
    url: str
    subject: str


class Figures(Struct, frozen=True):
    """A library at a day. ``on_by`` says where the day comes from; ``held`` and ``hidden`` count articles by why."""

    name: str
    on: str
    on_by: str
    articles: int
    published: int
    unreadable: int
    held: dict[str, int]
    hidden: dict[str, int]
    subjects: tuple[Subject, ...]
    whole: Tally
    problems: Problems
    overdue: tuple[Overdue, ...]
    graph: Graph
    lonely: tuple[Lonely, ...]
    copies: Copies
    growth: Growth
    history: History | None


class Day(Struct, frozen=True):
    """The day that a report is of, and where it was taken from."""

    day: datetime.date
    by: str


def figures(  # noqa: PLR0917 - what a report is made of
    library: Library,
    catalogue: Catalogue,
    on: datetime.date | None = None,
    near: Near | None = None,
    progress: Progress = lambda _: lambda _done, _all: None,
    executor: Executor | None = None,
) -> Figures:
    """The same for the same library and day. ``near`` finds questions in other words; without it only equal ones."""
    past = history(library)
    day = _day(on, past, catalogue)
    wrong = problems(check(library, catalogue, day.day, executor, progress("Checking")), catalogue.cards(by="path"))
    tallies, overdue, links = _counted(library, catalogue, day.day, executor)
    graph = links.graph()
    clusters = near(library, catalogue, progress("Comparing questions")) if near else list(exact(catalogue))
    held, hidden = catalogue.gates()
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    return Figures(
        name=library.config.site.name,
        on=day.day.isoformat(),
        on_by=day.by,
        articles=catalogue.count(),
        published=graph.articles,
        unreadable=sum(1 for _ in catalogue.unreadable()),
        held=held,
        hidden=hidden,
        subjects=tuple(_subjects(catalogue, tallies)),
        whole=whole,
        problems=wrong,
        overdue=tuple(overdue),
        graph=graph,
        lonely=tuple(_lonely(catalogue, graph.alone)),
        copies=copies(clusters, near=near is not None),
        growth=growth(card.date for card in catalogue.cards(by="path")),
        history=past,
    )


def _day(on: datetime.date | None, past: History | None, catalogue: Catalogue) -> Day:
    """No clock: a report of the same library is the same on another day."""
    if on is not None:
        return Day(on, "as asked for")
    if past is not None:
        return Day(datetime.date.fromisoformat(past.last), "the day of the last commit")
    newest = max((card.date for card in catalogue.cards(by="path")), default="")
    if newest:
        return Day(datetime.date.fromisoformat(newest), "the newest date of an article")
    return Day(datetime.date(1970, 1, 1), "no article has a date; --date states one")


def _counted(
    library: Library, catalogue: Catalogue, on: datetime.date, executor: Executor | None
) -> tuple[dict[str, Tally], list[Overdue], Links]:
    tallies: dict[str, Tally] = {}
    overdue: list[Overdue] = []
    links = Links({number_of(old): number_of(new) for old, new in catalogue.aliases()})
    for found in counted(library, catalogue, on, executor):
        for slug, tally in found.tallies.items():
            tallies.setdefault(slug, Tally()).add(tally)
        overdue = nsmallest(OVERDUE, [*overdue, *found.overdue])
        for node in found.nodes:
            links.add(node)
    return tallies, overdue, links


def _subjects(catalogue: Catalogue, tallies: dict[str, Tally]) -> Iterable[Subject]:
    for shelf in catalogue.subjects():
        tally = tallies.get(shelf.info.slug, Tally())
        yield Subject(shelf.info.slug, shelf.info.title, shelf.articles, shelf.listed, tally)


def _lonely(catalogue: Catalogue, places: Sequence[int]) -> Iterable[Lonely]:
    """``places`` count the articles that get a page, by path."""
    wanted = set(places)
    cards = (card for card in catalogue.cards(by="path") if card.publishable)
    found = (card for place, card in enumerate(islice(cards, max(wanted, default=-1) + 1)) if place in wanted)
    return (Lonely(card.title, card.url, card.subject_slug) for card in found)

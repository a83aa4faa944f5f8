"""What the overview counts: one query each, over the queue and the catalogue; no article is read for it."""

from typing import Final

from msgspec import Struct

from responsa.serve.desk.asked import to
from responsa.serve.desk.chart import Bar
from responsa.serve.desk.queue import Filter, Queue
from responsa.serve.desk.tasks import KINDS
from responsa.serve.live import Now

SUBJECTS: Final = 12
_REVIEWS: Final = {"valid": "Reviewed", "void": "Changed since the review", "none": "Never reviewed"}


class Figures(Struct, frozen=True):
    """All charts' numbers."""

    articles: int
    held: int
    waiting: int
    tasks: list[Bar]
    scores: list[Bar]
    reviews: list[Bar]
    links: list[Bar]
    subjects: list[Bar]
    shelves: list[Bar]
    days: list[tuple[str, int]]


def figures(queue: Queue, now: Now, today: str) -> Figures:
    """As library and queue are now."""
    counts = queue.kinds(Filter(), today)
    shelves = now.catalogue.subjects()
    titles = {shelf.info.slug: shelf.info.title for shelf in shelves}
    held, _ = now.catalogue.gates()
    largest = sorted(shelves, key=lambda shelf: (-shelf.articles, shelf.info.slug))[:SUBJECTS]
    return Figures(
        articles=now.catalogue.count(),
        held=sum(held.values()),
        waiting=sum(one.count for one in counts),
        tasks=[Bar(KINDS[one.kind].title, one.count, to("/queue", kind=one.kind)) for one in counts],
        scores=_scores(queue),
        reviews=_named(queue.grouped("review"), _REVIEWS),
        links=_named(queue.grouped("links"), {str(n): f"{n} related" for n in range(6)}),
        subjects=[
            Bar(titles.get(slug, slug), count, to("/queue", subject=slug))
            for slug, count in queue.subjects(today, SUBJECTS)
        ],
        shelves=[Bar(shelf.info.title, shelf.articles) for shelf in largest],
        days=queue.days("all"),
    )


def _scores(queue: Queue) -> list[Bar]:
    found = queue.grouped("score")
    tenths = [Bar(f"{n / 10:.1f} to {(n + 1) / 10:.1f}", found.get(str(n), 0)) for n in range(10)]
    return [Bar("Never checked", found.get("-1", 0)), *tenths]


def _named(found: dict[str, int], names: dict[str, str]) -> list[Bar]:
    return [Bar(title, found.get(key, 0)) for key, title in names.items()]


def note_day(queue: Queue, now: Now, today: str) -> None:
    """Today's numbers, for the chart over time."""
    counts = {one.kind: one.count for one in queue.kinds(Filter(), today)}
    values = {name: counts.get(name, 0) for name in KINDS}
    queue.note_day(today, {**values, "articles": now.catalogue.count(), "all": sum(counts.values())})

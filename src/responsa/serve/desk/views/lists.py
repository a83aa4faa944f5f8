"""The queue, and the way through it from one article to the next."""

from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from responsa.publish.views import grouped
from responsa.serve.desk.asked import Answer, Asked, Fields, seen, to
from responsa.serve.desk.desk import Desk
from responsa.serve.desk.near import others
from responsa.serve.desk.queue import PAGE, Filter
from responsa.serve.desk.tasks import KINDS, Kind, Task
from responsa.serve.live import Now

ACTIONS: Final = (
    ("review", "Stamp a review of each answer"),
    ("due", "Set the day of the next review"),
    ("accept", "Accept the open claims"),
    ("mend", "Mend what has one right repair"),
    ("hide", "Hide from lists and search"),
    ("list", "Show in lists and search"),
)


class Row(Struct, frozen=True):
    """A task in the list."""

    task: Task
    kind: Kind
    subject: str
    href: str


class Choice(Struct, frozen=True):
    """A kind with its number of tasks, as a link."""

    title: str
    sign: str
    count: str
    href: str
    current: bool


def filter_of(query: Fields) -> Filter:
    """What the address asks for; a kind that there is not is none."""
    kind = query("kind")
    return Filter(kind if kind in KINDS else "", query("subject")[:200], query("text")[:200])


def queue(desk: Desk, asked: Asked) -> Answer:
    """One page, the most harmful first."""
    wanted, start = filter_of(asked.query), asked.query.number("start")
    today = desk.day
    total = desk.queue.count(wanted, today)
    start = min(start, max(0, total - 1) // PAGE * PAGE)
    tasks = desk.queue.tasks(wanted, today, start)
    with desk.reading() as now:
        titles = {shelf.info.slug: shelf.info.title for shelf in now.catalogue.subjects()}
        rows = [row(task, titles, wanted, start + place) for place, task in enumerate(tasks)]
        count = now.catalogue.count()
    kept = {"kind": wanted.kind, "subject": wanted.subject, "text": wanted.text}
    return desk.pages.page(
        "queue",
        asked,
        rows=rows,
        wanted=wanted,
        total=grouped(total),
        first=grouped(start + 1 if rows else 0),
        last=grouped(start + len(rows)),
        kinds=_choices(desk, wanted, today),
        subjects=sorted(titles.items(), key=lambda one: one[1].casefold()),
        earlier=to("/queue", **kept, start=max(0, start - PAGE)) if start else "",
        later=to("/queue", **kept, start=start + PAGE) if start + PAGE < total else "",
        progress=desk.queue.progress or (None if desk.queue.made else (0, count)),
        trouble=desk.trouble or desk.live.trouble,
        actions=ACTIONS,
        articles=grouped(count),
        filtered=wanted != Filter(),
    )


def go(desk: Desk, asked: Asked) -> Answer:
    """To the article at a place of the queue: what was there before may be done by now."""
    wanted, at = filter_of(asked.query), asked.query.number("at")
    tasks = desk.queue.tasks(wanted, desk.day, at, 1)
    kept = {"kind": wanted.kind, "subject": wanted.subject, "text": wanted.text}
    if not tasks:
        return seen(to("/queue", **kept))
    return seen(address(tasks[0], wanted, at))


def row(task: Task, titles: dict[str, str], wanted: Filter, place: int) -> Row:
    """A task as the list shows it."""
    return Row(task, KINDS[task.kind], titles.get(task.subject, task.subject), address(task, wanted, place))


def address(task: Task, wanted: Filter, place: int) -> str:
    """Of the page where the task is done; it knows the way back."""
    kept = {"kind": wanted.kind, "subject": wanted.subject, "text": wanted.text, "at": place}
    if task.kind == "draft":
        return to("/draft", path=task.path, **kept)
    if task.kind == "duplicate":
        beside = urlencode([("with", url) for url in others(task)])
        return to("/merge", url=task.url, **kept) + (f"&{beside}" if beside else "")
    anchor = f"#at-{task.start}" if task.start >= 0 else ""
    return to("/article", url=task.url, **kept) + anchor


class Way(Struct, frozen=True):
    """Where an article stands in the queue it was opened from; empty addresses lead nowhere."""

    at: int
    back: str
    earlier: str
    later: str
    query: str


def way(asked: Asked) -> Way:
    """From the address; after something is done, what comes next stands at the same place."""
    wanted = filter_of(asked.query)
    kept = {"kind": wanted.kind, "subject": wanted.subject, "text": wanted.text}
    if not asked.query("at"):
        return Way(-1, to("/queue", **kept), "", to("/go", **kept, at="0"), "")
    at = asked.query.number("at")
    earlier = to("/go", **kept, at=at - 1) if at else ""
    query = to("", **kept, at=at).partition("?")[2]
    return Way(at, to("/queue", **kept, start=at // PAGE * PAGE), earlier, to("/go", **kept, at=at + 1), query)


def _choices(desk: Desk, wanted: Filter, today: str) -> list[Choice]:
    kept = {"subject": wanted.subject, "text": wanted.text}
    counts = desk.queue.kinds(wanted, today)
    everything = Choice(
        "All", "", grouped(sum(one.count for one in counts)), to("/queue", **kept), current=not wanted.kind
    )
    rest = [
        Choice(
            KINDS[one.kind].title, KINDS[one.kind].sign, grouped(one.count), to("/queue", kind=one.kind, **kept),
            one.kind == wanted.kind,
        )
        for one in counts
    ]  # fmt: skip
    return [everything, *rest]


def shelf_titles(now: Now) -> dict[str, str]:
    """Titles of subjects by slug."""
    return {shelf.info.slug: shelf.info.title for shelf in now.catalogue.subjects()}

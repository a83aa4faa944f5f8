"""What of one article needs a person, and how much harm it does a reader: the stage behind the queue."""

import datetime
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.article import Article
from responsa.check.check import Shard as CheckShard
from responsa.check.check import check_shard
from responsa.check.problem import Problem, Severity
from responsa.errors import ResponsaError
from responsa.evidence.ledger import decode
from responsa.evidence.report import Checked, Report, harm
from responsa.evidence.verdict import Verdict
from responsa.library.card import Card
from responsa.library.catalogue import attach
from responsa.library.library import Library
from responsa.library.subjects import SubjectInfo
from responsa.records.fingerprint import fingerprint

ACCEPTED: Final = "accepted"
"""Key of a record that lists claims which an editor let stand as they are."""
MOST: Final = 20
"""Claims of one article that wait in the queue at once."""
LONGEST: Final = 300


class Kind(Struct, frozen=True):
    """A sort of task. ``level`` orders the queue, 0 is most harmful; ``sign`` stands for it where colour does not."""

    name: str
    level: int
    title: str
    sign: str


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("contradicted", 0, "Contradicted by a source", "\u00d7"),
        Kind("differs", 1, "Differs from its source", "≠"),
        Kind("retracted", 2, "Leans on a retracted source", "†"),
        Kind("tension", 3, "May conflict with a passage", "!"),
        Kind("refusal", 4, "Declines to answer", "∅"),
        Kind("unsupported", 5, "Claims that no source carries", "?"),
        Kind("stale", 6, "Verdicts of an earlier answer", "~"),
        Kind("review", 7, "Review missing, void or due", "§"),
        Kind("duplicate", 8, "Asked more than once", "="),
        Kind("error", 9, "Error in the record", "E"),
        Kind("warning", 10, "Warning", "W"),
        Kind("draft", 11, "Draft to be read", "+"),
    )
}
_OF_RULES: Final = {
    "refusal": "refusal",
    "soft-refusal": "refusal",
    "review-missing": "review",
    "review-void": "review",
    "source-retracted": "retracted",
}
_TOGETHER: Final = frozenset({"review-stale", "score-low"})
"""What the queue says in another way."""


class Task(Struct, frozen=True):
    """One thing to look at. ``due``: the ISO day from which it counts; ``start``: where the answer has the claim."""

    path: str
    url: str
    title: str
    subject: str
    kind: str
    weight: float
    text: str
    detail: str = ""
    start: int = -1
    due: str = ""

    @property
    def level(self) -> int:
        """How harmful."""
        return KINDS[self.kind].level


class Trait(Struct, frozen=True, array_like=True):
    """What charts count of one article. ``score`` is -1 where nothing was checked; ``review``: valid, void or none."""

    path: str
    subject: str
    score: float
    review: str
    links: int


class Found(Struct, frozen=True, array_like=True):
    """What a shard gave."""

    tasks: list[Task]
    traits: list[Trait]


class Shard(Struct, frozen=True, array_like=True):
    """Articles to look at in one process."""

    library: Library
    catalogue: Path
    shelves: dict[str, SubjectInfo]
    moved: dict[str, str]
    cards: list[Card]


def tasks_of(shard: Shard) -> Found:
    """In the order of the cards."""
    library = shard.library
    # Reviews that are due are told by their day, so that nothing need be looked at again when it comes.
    checks = CheckShard(
        library, shard.catalogue, shard.shelves, shard.moved, datetime.date.min, [card.path for card in shard.cards]
    )
    problems: dict[str, list[Problem]] = {}
    for problem in check_shard(checks).problems:
        problems.setdefault(str(problem.path), []).append(problem)
    with attach(library, shard.catalogue) as catalogue:
        entries = list(catalogue.entries(card.path for card in shard.cards))
    found = Found([], [])
    for card, article in zip(shard.cards, entries, strict=True):
        if isinstance(article, Article):
            own = list(_of_problems(card, problems.get(card.file, [])))
            found.tasks.extend(own)
            found.tasks.extend(_of_review(library, card, article))
            if not any(task.kind == "refusal" for task in own):
                # What declines to answer claims nothing that a source could carry.
                found.tasks.extend(_of_ledger(library, card, article))
            found.traits.append(_trait(card, article))
    return found


def accepted(article: Article) -> frozenset[tuple[str, str]]:
    """Claims that an editor let stand: the fingerprint of their words, and the verdict that was overruled."""
    listed = article.extra.get(ACCEPTED)
    entries = listed if isinstance(listed, list) else []
    return frozenset(
        (str(entry.get("claim")), str(entry.get("verdict"))) for entry in entries if isinstance(entry, dict)
    )


def kind_of(checked: Checked) -> str:
    """The kind of task that a verdict makes; nothing where a source carries the claim."""
    finding = checked.finding
    if finding.verdict in {Verdict.CONTRADICTED, Verdict.DIFFERS}:
        return finding.verdict.value
    if finding.tension:
        return "tension"
    return "unsupported" if finding.verdict in {Verdict.NONE, Verdict.RELATED} else ""


def _trait(card: Card, article: Article) -> Trait:
    stamp = article.reviewed
    review = "none" if stamp is None else "valid" if stamp.of == card.answer_digest else "void"
    links = len({link.url for link in article.related if link.url})
    return Trait(card.file, card.subject_slug, -1.0 if article.score is None else float(article.score), review, links)


def _task(card: Card, kind: str, weight: float, text: str, detail: str = "", **more: int | str) -> Task:
    start, due = int(more.get("start", -1)), str(more.get("due", ""))
    return Task(
        card.file, card.url, card.title, card.subject_slug, kind, weight, text[:LONGEST], detail[:LONGEST], start, due
    )


def _of_problems(card: Card, problems: list[Problem]) -> Iterator[Task]:
    for problem in problems:
        kind = _OF_RULES.get(problem.rule, problem.severity.value)
        if problem.rule in _TOGETHER or kind == Severity.NOTE.value:
            continue
        weight = 0.0 if problem.rule != "soft-refusal" else 1.0
        yield _task(card, kind, weight, problem.message, problem.rule)


def _of_review(library: Library, card: Card, article: Article) -> Iterator[Task]:
    """From the day on which the next review is due."""
    stamp = article.reviewed
    due = article.review_by or (_later(stamp.on, library.config.policy.review_years) if stamp else None)
    if due is not None:
        yield _task(card, "review", 1.0, f"The review was due on {due}", "review-stale", due=due.isoformat())


def _of_ledger(library: Library, card: Card, article: Article) -> Iterator[Task]:
    report = _report(library, card, article) if card.evidence else None
    if report is None:
        return
    if report.of != card.answer_digest:
        yield _task(card, "stale", 0.0, "The answer has changed since its claims were checked", report.judge)
        return
    known = accepted(article)
    placed = ((harm(entry), entry) for entry in report.checked if kind_of(entry))
    count = 0
    for (_, weight), entry in sorted(placed, key=lambda one: (one[0], one[1].claim.start)):
        if (fingerprint(entry.claim.text), entry.finding.verdict.value) in known:
            continue
        finding = entry.finding
        yield _task(
            card, kind_of(entry), weight, entry.claim.text, finding.tension or finding.reason, start=entry.claim.start
        )
        count += 1
        if count == MOST:
            return


def _report(library: Library, card: Card, article: Article) -> Report | None:
    try:
        report = decode(library.evidence(PurePosixPath(card.file)))
    except ResponsaError:
        return None
    return report if report.url == article.url else None


def _later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or beyond the calendar
        return day.replace(year=min(day.year + years, datetime.MAXYEAR), day=28)

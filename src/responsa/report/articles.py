"""What articles say of themselves, counted by subject, as a map over shards: score, review, sources, claims, links."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from responsa.article import Article, Url
from responsa.evidence.verdict import Verdict
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue, attach
from responsa.library.library import Library
from responsa.shards import AsNeeded, Executor, batches

SHARD: Final = 512
TENTHS: Final = 10
TENTH_OF_A_PROMILLE: Final = 10_000
"""Scores are summed as whole numbers: no sum depends on the order in which shards come."""
OVERDUE: Final = 15
"""Reviews that are named."""


class Tally(Struct):
    """Counts of one subject. ``scores`` has a count for each tenth, the best score in the last; ``reviews`` are
    ``valid``, ``void`` and ``none``, and ``due`` those whose day is past.
    """

    articles: int = 0
    scores: list[int] = msgspec.field(default_factory=lambda: [0] * TENTHS)
    score_sum: int = 0
    reviews: Counter[str] = msgspec.field(default_factory=Counter)
    due: int = 0
    provenance: Counter[str] = msgspec.field(default_factory=Counter)
    sourced: int = 0
    retracted: int = 0
    checked: int = 0
    outdated: int = 0
    damaged: int = 0
    verdicts: Counter[str] = msgspec.field(default_factory=Counter)
    tensions: int = 0

    @property
    def scored(self) -> int:
        """Articles that have a score."""
        return sum(self.scores)

    @property
    def mean(self) -> float | None:
        """Their mean score."""
        return self.score_sum / TENTH_OF_A_PROMILLE / self.scored if self.scored else None

    @property
    def claims(self) -> int:
        """Claims in ledgers that are of the answer as it stands."""
        return self.verdicts.total()

    def add(self, other: "Tally") -> None:
        """Count what another has counted."""
        for name in self.__struct_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, list):
                self.scores = [a + b for a, b in zip(mine, theirs, strict=True)]
            else:
                setattr(self, name, mine + theirs)


class Overdue(Struct, frozen=True, order=True):
    """A review whose day is past."""

    due: str
    url: str
    title: str
    by: str


class Node(Struct, frozen=True, array_like=True):
    """A published article in the graph of links: numbers that stand for its address and for those it leads to."""

    number: int
    slug: str
    targets: tuple[int, ...]


class Counted(Struct, frozen=True):
    """What a shard gave, or all of them."""

    tallies: dict[str, Tally]
    overdue: list[Overdue]
    nodes: list[Node]


class Shard(Struct, frozen=True, array_like=True):
    """Articles to count in one process."""

    library: Library
    catalogue: Path
    cards: list[Card]
    on: datetime.date


class _Claim(Struct, frozen=True):
    verdict: Verdict
    tension: str = ""


class _Ledger(Struct, frozen=True):
    """What is counted of a ledger; the rest is skipped unread."""

    of: str
    claims: tuple[_Claim, ...]


_LEDGER: Final = msgspec.json.Decoder(_Ledger)


def counted(
    library: Library, catalogue: Catalogue, on: datetime.date, executor: Executor | None = None
) -> Iterator[Counted]:
    """A value a shard, in the order of paths. ``on`` is the day from which reviews are late."""
    shards = (Shard(library, catalogue.path, batch, on) for batch in batches(catalogue.cards(by="path"), SHARD))
    return (executor or AsNeeded()).map(count_shard, shards)


def count_shard(shard: Shard) -> Counted:
    """One shard: what is kept in the catalogue is not parsed, only ledgers are read."""
    found = Counted({}, [], [])
    with attach(shard.library, shard.catalogue) as catalogue:
        entries = catalogue.entries(card.path for card in shard.cards)
        for card, article in zip(shard.cards, entries, strict=True):
            if isinstance(article, Article):
                _count(shard, card, article, found)
    found.overdue.sort()
    del found.overdue[OVERDUE:]
    return found


def number_of(url: Url | str) -> int:
    """A number that stands for an address."""
    return int.from_bytes(blake2b(url.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _count(shard: Shard, card: Card, article: Article, found: Counted) -> None:
    tally = found.tallies.setdefault(card.subject_slug, Tally())
    tally.articles += 1
    _score(tally, article)
    tally.provenance[article.provenance.value if article.provenance else "unstated"] += 1
    tally.sourced += bool(article.sources)
    tally.retracted += any(source.retracted for source in article.sources)
    overdue = _review(tally, card, article, shard)
    found.overdue.extend(overdue)
    if card.evidence:
        _evidence(tally, card, shard.library.evidence(card.path))
    if card.publishable:
        targets = dict.fromkeys(number_of(link.url) for link in article.related if link.url)
        found.nodes.append(Node(number_of(card.url), card.subject_slug, tuple(targets)))


def _score(tally: Tally, article: Article) -> None:
    if article.score is not None:
        tally.scores[min(TENTHS - 1, int(article.score * TENTHS))] += 1
        tally.score_sum += round(article.score * TENTH_OF_A_PROMILLE)


def _review(tally: Tally, card: Card, article: Article, shard: Shard) -> Iterable[Overdue]:
    stamp, years = article.reviewed, shard.library.config.policy.review_years
    tally.reviews["none" if stamp is None else "valid" if stamp.of == card.answer_digest else "void"] += 1
    due = article.review_by or (_later(stamp.on, years) if stamp else None)
    if due is None or due >= shard.on:
        return ()
    tally.due += 1
    return (Overdue(due.isoformat(), card.url, card.title, stamp.by if stamp else ""),)


def _evidence(tally: Tally, card: Card, data: bytes) -> None:
    try:
        ledger = _LEDGER.decode(data)
    except msgspec.MsgspecError:
        tally.damaged += 1
        return
    tally.checked += 1
    if ledger.of != card.answer_digest:
        tally.outdated += 1
        return
    tally.verdicts.update(claim.verdict.value for claim in ledger.claims)
    tally.tensions += sum(bool(claim.tension) for claim in ledger.claims)


def _later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)

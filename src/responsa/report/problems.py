"""What is wrong, counted: by rule, by subject, by both. Problems come in the order of paths and are not kept."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from responsa.check.problem import Problem, Severity
from responsa.check.rules import RULES
from responsa.library.card import Card

PLACES: Final = 3
"""Places that are shown of a rule."""


class Place(Struct, frozen=True):
    """Where a problem is, and what it is."""

    path: str
    line: int
    message: str


class OfRule(Struct, frozen=True):
    """One rule's problems. ``fixable`` of them have one right repair, which `check` knows."""

    rule: str
    title: str
    severity: str
    count: int
    articles: int
    fixable: int
    subjects: dict[str, int]
    places: tuple[Place, ...]


class Problems(Struct, frozen=True):
    """All of them; ``rules`` worst first, then the most frequent. ``faulty`` articles have at least one."""

    rules: tuple[OfRule, ...] = ()
    faulty: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(rule.count for rule in self.rules)

    def of(self, severity: Severity) -> int:
        """How many there are of one severity."""
        return sum(rule.count for rule in self.rules if rule.severity == severity.value)


class _Tally:
    """Counts of one rule, while problems go by."""

    def __init__(self) -> None:
        self.count = self.articles = self.fixable = 0
        self.subjects: Counter[str] = Counter()
        self.places: list[Place] = []
        self._last = ""

    def add(self, problem: Problem, slug: str) -> None:
        path = str(problem.path)
        self.count += 1
        self.articles += path != self._last
        self.fixable += problem.edit is not None
        self.subjects[slug] += 1
        if len(self.places) < PLACES and path != self._last:
            self.places.append(Place(path, problem.line, problem.message))
        self._last = path


def problems(found: Iterable[Problem], cards: Iterable[Card]) -> Problems:
    """``found`` and ``cards`` are both in the order of paths; a file that cannot be read is of no subject."""
    tallies: dict[str, _Tally] = {}
    faulty, last = 0, ""
    for problem, slug in _with_subjects(found, cards):
        tallies.setdefault(problem.rule, _Tally()).add(problem, slug)
        path = str(problem.path)
        faulty += path != last
        last = path
    rules = sorted((_of_rule(name, tally) for name, tally in tallies.items()), key=_worst_first)
    return Problems(tuple(rules), faulty)


def _with_subjects(found: Iterable[Problem], cards: Iterable[Card]) -> Iterator[tuple[Problem, str]]:
    stream = iter(cards)
    card = next(stream, None)
    for problem in found:
        path = str(problem.path)
        while card is not None and card.file < path:
            card = next(stream, None)
        yield problem, card.subject_slug if card is not None and card.file == path else ""


def _of_rule(name: str, tally: _Tally) -> OfRule:
    rule = RULES[name]
    subjects = dict(sorted(tally.subjects.items()))
    return OfRule(
        name, rule.title, rule.severity.value, tally.count, tally.articles, tally.fixable, subjects, tuple(tally.places)
    )


def _worst_first(rule: OfRule) -> tuple[int, int, str]:
    return Severity(rule.severity).rank, -rule.count, rule.rule

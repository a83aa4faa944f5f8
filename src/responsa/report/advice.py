"""What to do first, by the figures alone: a few sentences, each with the command that begins it."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from msgspec import Struct

from responsa.check.problem import Severity
from responsa.evidence.verdict import Verdict
from responsa.report.figures import Figures

MOST: Final = 6
ERRORS: Final = 3
"""Rules whose errors are named."""
_TOLD: Final = frozenset(("unreadable-file",))


class Advice(Struct, frozen=True):
    """A sentence and a command, which may be empty."""

    words: str
    command: str


def advice(figures: Figures, repairs: Mapping[str, str]) -> list[Advice]:
    """At most six, what harms readers most first."""
    return list(islice(_advice(figures, repairs), MOST))


def _advice(figures: Figures, repairs: Mapping[str, str]) -> Iterator[Advice]:
    whole, wrong = figures.whole, figures.problems
    if figures.unreadable:
        words = f"{_many(figures.unreadable, 'file')} cannot be read and so cannot be published."
        yield Advice(words, "responsa check --rule unreadable-file --all")
    against = whole.verdicts[Verdict.CONTRADICTED.value] + whole.verdicts[Verdict.DIFFERS.value]
    if against:
        yield Advice(f"{_many(against, 'claim')} differ from a source or are contradicted by one.", "responsa verify")
    if whole.retracted:
        words = f"{_many(whole.retracted, 'article')} lean on a source that was retracted."
        yield Advice(words, "responsa check --rule source-retracted --all")
    errors = (one for one in wrong.rules if one.severity == Severity.ERROR.value and one.rule not in _TOLD)
    for rule in islice(errors, ERRORS):
        fix = repairs.get(rule.rule, "")
        command = f"responsa fix --rule {fix}" if fix else f"responsa check --rule {rule.rule} --all"
        yield Advice(f"{_many(rule.count, 'problem')}: {rule.title}.", command)
    if figures.copies.too_many:
        words = f"{_many(figures.copies.too_many, 'article')} ask what another asks already."
        yield Advice(words, "responsa duplicates")
    if whole.due:
        yield Advice(f"{_many(whole.due, 'review')} are late.", "responsa check --rule review-stale --all")
    if whole.scored < figures.articles:
        words = f"{_many(figures.articles - whole.scored, 'article')} were never checked against sources."
        yield Advice(words, "responsa verify")
    orphans = sum(figures.graph.orphans.values())
    if orphans:
        words = f"{_many(orphans, 'published article')} are led to by no other."
        yield Advice(words, "responsa fix --rule related")


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"

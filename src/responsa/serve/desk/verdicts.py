"""Verdicts as an editor reads them: each with a sign and words, so that nothing hangs on colour."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from responsa.article import Article
from responsa.evidence.report import Checked, Report
from responsa.evidence.verdict import Verdict
from responsa.records.fingerprint import fingerprint
from responsa.serve.desk.asked import to
from responsa.serve.desk.sources import Opened
from responsa.serve.desk.tasks import accepted, kind_of


class Name(Struct, frozen=True):
    """``tone`` is the class of its colours, ``sign`` what stands beside them."""

    tone: str
    sign: str
    title: str


NAMES: Final = {
    Verdict.QUOTED: Name("quoted", "✓", "Quoted"),
    Verdict.SUPPORTED: Name("supported", "✓", "Supported"),
    Verdict.WORDING: Name("wording", "≈", "Other wording"),
    Verdict.RELATED: Name("related", "?", "Related passage, not verified"),
    Verdict.NONE: Name("none", "·", "No source carries it"),
    Verdict.DIFFERS: Name("differs", "≠", "Differs from the source"),
    Verdict.CONTRADICTED: Name("contradicted", "\u00d7", "Contradicted"),
}
TENSE: Final = Name("tension", "!", "May conflict")


class Said(Struct, frozen=True):
    """What the answer says and what the source says in its place."""

    kind: str
    answer: str
    source: str


class Part(Struct, frozen=True):
    """A stretch of a passage; ``quoted``: the verdict rests on it."""

    text: str
    quoted: bool


class Shown(Struct, frozen=True):
    """A claim with its verdict and its passage. ``open``: an editor has to look; ``accepted``: one let it stand."""

    number: int
    text: str
    lead: str
    name: Name
    reason: str
    confidence: int
    judge: str
    differences: list[Said]
    passage: list[Part]
    source: str
    place: str
    href: str
    open: bool
    accepted: bool
    start: int


class Seen(Struct, frozen=True):
    """A report as its page shows it; ``fresh``: it is of this very answer."""

    claims: list[Shown]
    judge: str
    fresh: bool
    kept: bool
    score: str
    counts: list[tuple[Name, int]]


def seen(article: Article, report: Report, shelf: Opened, *, kept: bool) -> Seen:
    """``kept``: from the ledger, not worked out for this page."""
    known = accepted(article)
    claims = [_shown(number, entry, shelf, known) for number, entry in enumerate(report.checked, 1)]
    counts = {name: sum(claim.name == name for claim in claims) for name in (*NAMES.values(), TENSE)}
    score = report.score
    return Seen(
        claims,
        report.judge,
        report.of == fingerprint(article.answer),
        kept,
        "" if score is None else f"{100 * score:.0f}%",
        [(name, count) for name, count in counts.items() if count],
    )


def tones(report: Report) -> list[str]:
    """The class of each claim's mark."""
    return [_name(entry).tone for entry in report.checked]


def _name(entry: Checked) -> Name:
    return TENSE if kind_of(entry) == "tension" else NAMES[entry.finding.verdict]


def _shown(number: int, entry: Checked, shelf: Opened, known: frozenset[tuple[str, str]]) -> Shown:
    claim, finding = entry.claim, entry.finding
    name = finding.passage.partition("#")[0]
    passage = shelf.passage(finding.passage) if finding.passage else None
    source = shelf.references.get(name)
    stands = (fingerprint(claim.text), finding.verdict.value) in known
    return Shown(
        number,
        claim.text,
        claim.lead,
        _name(entry),
        finding.tension or finding.reason,
        round(100 * finding.confidence),
        finding.judge,
        [Said(one.kind, one.claim or "nothing of it", one.source or "nothing of it") for one in finding.differences],
        _parts(passage.text if passage else finding.quote, finding.quote),
        (source.title or name) if source else name,
        passage.place if passage else "",
        f"{to('/source', id=name, passage=finding.passage)}#here" if name in shelf.places else "",
        bool(kind_of(entry)) and not stands,
        stands,
        claim.start,
    )


def _parts(text: str, quote: str) -> list[Part]:
    at = text.find(quote) if quote else -1
    if at < 0 or quote == text:
        return [Part(text, quoted=False)] if text else []
    around = ((text[:at], False), (quote, True), (text[at + len(quote) :], False))
    return [Part(part, quoted) for part, quoted in around if part]


def chosen(report: Report, numbers: Sequence[int]) -> list[Checked]:
    """The claims of these numbers, from 1; others name nothing."""
    return [report.checked[number - 1] for number in dict.fromkeys(numbers) if 0 < number <= len(report.checked)]

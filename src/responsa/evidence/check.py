"""An article against the passages of the shelf: a verdict for every claim that can be checked."""

from collections.abc import Iterable

from msgspec import Struct

from responsa.article import Article, Edit, Score, Url
from responsa.evidence.claims import Claim, claims
from responsa.evidence.judge import Judge
from responsa.evidence.retrieval import Hit, Nearest
from responsa.evidence.verdict import CARRIED, Finding, Verdict
from responsa.records.fingerprint import fingerprint

K = 5


class Checked(Struct, frozen=True):
    """A claim and what was found about it."""

    claim: Claim
    finding: Finding


class Report(Struct, frozen=True):
    """What was found about one article. ``of`` is the fingerprint of the answer that was read."""

    url: Url
    of: str
    judge: str
    checked: tuple[Checked, ...]
    asked: int = 0

    @property
    def score(self) -> Score | None:
        """See ``score_of``."""
        return score_of(entry.finding.verdict for entry in self.checked)


def score_of(verdicts: Iterable[Verdict]) -> Score | None:
    """Share of the checkable claims that are quoted or judge-supported, to four decimals; none without claims."""
    carried = [verdict in CARRIED for verdict in verdicts]
    return Score(round(sum(carried) / len(carried), 4)) if carried else None


def check(article: Article, sources: Nearest, judge: Judge, k: int = K, before: Report | None = None) -> Report:
    """``before`` is an earlier report: a verdict of it stands where claim, passages and judge are the same.

    ``asked`` counts the claims that were judged anew.
    """
    known = {(one.claim.text, one.claim.lead): one.finding for one in before.checked} if before else {}
    checked: list[Checked] = []
    asked = 0
    for claim in claims(article.answer):
        if not claim.checkable:
            continue
        hits = sources.search(claim.text, f"{article.question} {claim.lead}", k)
        finding = known.get((claim.text, claim.lead))
        if finding is None or is_stale(finding, hits, judge):
            finding, asked = judge.judge(claim, hits), asked + 1
        checked.append(Checked(claim, finding))
    return Report(article.url, fingerprint(article.answer), judge.name, tuple(checked), asked)


def is_stale(finding: Finding, hits: list[Hit], judge: Judge) -> bool:
    """Whether the judge would see other passages now: their ids change with their words, retracted ones are gone."""
    return finding.judge != judge.name or finding.nearest != tuple(hit.passage.id for hit in hits)


def stale(article: Article, sources: Nearest, judge: Judge, report: Report, k: int = K) -> list[Claim]:
    """The claims whose verdict in ``report`` no longer stands, or that have none; nothing is judged."""
    known = {(one.claim.text, one.claim.lead): one.finding for one in report.checked}
    found = []
    for claim in claims(article.answer):
        finding = known.get((claim.text, claim.lead))
        hits = sources.search(claim.text, f"{article.question} {claim.lead}", k) if claim.checkable else []
        if claim.checkable and (finding is None or is_stale(finding, hits, judge)):
            found.append(claim)
    return found


def rescore(report: Report) -> Edit:
    """The score that the report gives, as an edit of the record; ``-1.0`` where nothing could be checked."""
    score = report.score
    carried = sum(entry.finding.verdict in CARRIED for entry in report.checked)
    reason = f"{carried} of {len(report.checked)} checkable claims carried by sources, says {report.judge}"
    return Edit(report.url, "score", -1.0 if score is None else float(score), reason)


_HARM = {Verdict.CONTRADICTED: 0, Verdict.DIFFERS: 1}


def harm(entry: Checked) -> tuple[int, float]:
    """Orders an editor's queue, the worst first: conflicts, hints of one, claims that nothing carries, the rest."""
    finding = entry.finding
    if finding.verdict in _HARM:
        return _HARM[finding.verdict], -finding.confidence
    if finding.tension:
        return 2, _HINTS.get(finding.tension.split()[1], 1) - finding.confidence
    order = (Verdict.NONE, Verdict.RELATED, Verdict.WORDING)
    return 3 + (order.index(finding.verdict) if finding.verdict in order else 3), -finding.confidence


_HINTS = {"answer": 0}
"""What rules out or advises the contrary stands before what only limits."""

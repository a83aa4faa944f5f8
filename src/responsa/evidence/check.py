"""An article against the passages of the shelf: a verdict for every claim that can be checked."""

from responsa.article import Article
from responsa.evidence.claims import Claim, claims
from responsa.evidence.judge import Judge
from responsa.evidence.report import Checked, Report
from responsa.evidence.retrieval import Hit, Nearest
from responsa.evidence.verdict import Finding
from responsa.records.fingerprint import fingerprint

K = 5


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

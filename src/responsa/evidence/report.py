"""What was found about one article, claim by claim: the score it gives, and what an editor looks at first."""

from collections.abc import Iterable

from msgspec import Struct

from responsa.article import Edit, Score, Url
from responsa.evidence.claims import Claim
from responsa.evidence.verdict import CARRIED, Finding, Verdict


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

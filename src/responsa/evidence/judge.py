"""Who gives verdicts. Judges are interchangeable; each names itself and its version in what it says."""

from collections.abc import Sequence
from typing import Protocol

from responsa.evidence.claims import Claim
from responsa.evidence.retrieval import Hit
from responsa.evidence.verdict import Finding


class Judge(Protocol):
    """Given a claim and the passages nearest to it, best first, says what they make of it."""

    @property
    def name(self) -> str:
        """With its version: another name makes verdicts stale."""
        ...

    def judge(self, claim: Claim, hits: Sequence[Hit]) -> Finding:
        """The verdict. Never raises for what a claim or a passage says."""
        ...

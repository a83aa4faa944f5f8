"""What is found about one claim. Only a judge model may say supported or contradicted."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

Kind = Literal["number", "unit", "negation", "direction", "recommendation", "population", "name"]
"""Of what a claim says otherwise than its source."""


class Verdict(StrEnum):
    """What a checker may say. It never says true or false."""

    QUOTED = "quoted"
    WORDING = "wording"
    DIFFERS = "differs"
    RELATED = "related"
    NONE = "none"
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"


CARRIED = frozenset({Verdict.QUOTED, Verdict.SUPPORTED})
"""Verdicts that count for the score."""


class Difference(Struct, frozen=True):
    """What the claim says and what the source says in its place."""

    kind: Kind
    claim: str
    source: str

    def __str__(self) -> str:
        """In words, for a person."""
        return f"{self.kind}: source says {self.source or 'nothing of it'}, answer says {self.claim or 'nothing of it'}"


class Finding(Struct, frozen=True):
    """``quote`` is the stretch of the passage that the verdict rests on, word for word.

    ``confidence``: how well the passage covers the claim, 0 to 1. ``nearest``: ids of the passages looked at, best
    first. ``tension``: why an editor should look although words alone decide nothing.
    """

    verdict: Verdict
    confidence: float
    judge: str
    passage: str = ""
    quote: str = ""
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    tension: str = ""
    nearest: tuple[str, ...] = ()

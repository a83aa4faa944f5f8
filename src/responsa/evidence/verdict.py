"""What is found about one claim. Only a judge model may say supported or contradicted."""

from enum import StrEnum

from msgspec import Struct

from responsa.evidence.differences import Difference


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

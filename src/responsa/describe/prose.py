"""The sentences of an answer as a reader of a search page sees them: without Markdown, and without TeX."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from responsa.describe.clause import FINITE
from responsa.evidence.claims import Kind, claims
from responsa.records.maths import find_maths

READ: Final = 6000
"""Characters of an answer in which it has said what it is about."""

_NAMED: Final = {
    "times": "×", "cdot": "·", "pm": "±", "approx": "≈", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠",
    "rightarrow": "→", "to": "→", "circ": "°", "degree": "°", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ",
    "Delta": "Δ", "epsilon": "ε", "theta": "θ", "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Omega": "Ω", "infty": "∞", "%": "%", "$": "$", ",": " ",
    " ": " ", ";": " ", "quad": " ", "ldots": "…", "dots": "…",
}  # fmt: skip
_SPELLED: Final = re.compile(r"\\([A-Za-z]+|[%$,; ])")
_TEXT: Final = re.compile(r"\\(?:text|mathrm|mathbf|textbf|mathit|operatorname)\{([^{}\\]*)\}")
_LOW: Final = re.compile(r"_(?:\{([A-Za-z0-9+, -]+)\}|([A-Za-z0-9]))")
_HIGH: Final = re.compile(r"\^(?:\{([0-9+-]+)\}|([0-9]))")
_RAISED: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_TEX: Final = re.compile(r"[\\{}^_$`*|#~]|\w/\w+/")
_WHOLE: Final = re.compile(r"[\"“‘'(]?[^\W_a-z].*[.!?][\"”’')]?", re.DOTALL)
_POINTS: Final = re.compile(
    r"(?:this|these|those|that|it|its|they|their|he|she|his|her|such|here|there|both|each|other|others|another|one"
    r"|however|additionally|moreover|furthermore|also|thus|therefore|hence|instead|for (?:example|instance)"
    r"|in contrast|conversely|consequently|as a result|similarly|likewise|meanwhile|then|next|first(?:ly)?"
    r"|second(?:ly)?|finally|lastly|overall|in (?:summary|conclusion|addition|essence|short|other words|this|such)"
    r"|on the other hand|nevertheless|nonetheless|yes|no|and|but|so|or|to (?:summarize|conclude)"
    r"|by (?:understanding|following|using)|understanding|if|we|let|note|remember|given|after|when|once"
    r"|the (?:above|former|latter|following|first|second|third|results?))\b",
    re.IGNORECASE,
)
_TWO: Final = re.compile(r"\bthese (?:two|three|four|five|\w+s)\b|\bthe (?:two|latter|former)\b", re.IGNORECASE)
_ABOUT_ITSELF: Final = re.compile(
    r"\b(?:below|the following|as follows|following (?:steps|points|sections?|key)"
    r"|detailed (?:overview|explanation)|in this (?:article|answer|section)"
    r"|(?:the|this) (?:text|passage|question|content|answer|article|document|provided|gathered|information)\b"
    r"|step[- ]by[- ]step (?:explanation|guide|solution)|i (?:cannot|can't|will|would)"
    r"|we (?:can|will|need|have|get|find|use|start)|let['’]s|here (?:are|is)|here['’]s|you['’](?:re|ve)"
    r"|sources?\b.{0,20}\bprovided|several key|can be (?:summarized|outlined|broken down))\b",
    re.IGNORECASE,
)
_CUT_OFF: Final = re.compile(r"(?:\.\.\.|\b[A-Z]\.[A-Z]\.|\b(?:e\.g|i\.e|vs|Dr|Mr|Mrs|Ms|Prof|St|etc)\.)$")


class Said(Struct, frozen=True):
    """One whole sentence. ``points``: it leans on what stands before it; ``listed``: it stands in a list.

    ``place`` counts the answer's sentences; where two follow each other, so do their places.
    """

    text: str
    place: int
    points: bool
    listed: bool


def said(answer: str) -> Iterator[Said]:
    """Sentences that read alone, in order. Questions, openings, advice and what shows no words are left out."""
    for place, claim in enumerate(claims(_beginning(answer))):
        text = without_tex(claim.text)
        if claim.kind is Kind.STATEMENT and text and _is_whole(text) and not _ABOUT_ITSELF.search(text):
            listed = claim.lead != "" and answer[claim.start - 4 : claim.start].rstrip(" ").endswith(("-", "*", "."))
            yield Said(text, place, _points(text), listed)


def _points(text: str) -> bool:
    return _POINTS.match(text) is not None or _TWO.search(text) is not None


def without_tex(text: str) -> str:
    """With short formulas as their signs; nothing where one cannot be read so, or marks are left."""
    parts: list[str] = []
    at = 0
    for span in find_maths(text):
        parts += [text[at : span.start], _readable(span.tex)]
        at = span.end
        if not parts[-1]:
            return ""
    shown = " ".join("".join([*parts, text[at:]]).split())
    return "" if _TEX.search(shown) else shown


def _readable(tex: str) -> str:
    plain = _TEXT.sub(r"\1", tex)
    plain = _SPELLED.sub(lambda found: _NAMED.get(found[1], found[0]), plain)
    plain = _LOW.sub(lambda found: found[1] or found[2], plain)
    plain = _HIGH.sub(lambda found: (found[1] or found[2]).translate(_RAISED), plain)
    return plain.strip()


def _beginning(answer: str) -> str:
    """Cut between paragraphs, so that no sentence is half there."""
    if len(answer) <= READ:
        return answer
    end = answer.rfind("\n\n", 0, READ)
    return answer[: end if end > 0 else READ]


def _is_whole(text: str) -> bool:
    begun = _WHOLE.fullmatch(text) is not None and text.count("(") == text.count(")")
    quoted = text.count('"') % 2 == 0 and text.count("“") == text.count("”")
    return begun and quoted and _CUT_OFF.search(text) is None and FINITE.search(text) is not None

"""What can be quoted of a passage: sentences that stand by themselves or with those they lean on, and rows."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from responsa.draft.safety import is_order
from responsa.evidence.passages import Passage
from responsa.evidence.plain import whole_spans
from responsa.evidence.sentences import sentences

SHORTEST, LONGEST = 15, 420
CHAIN: Final = 3
"""Sentences of one unit: what needs more context is left out."""
_LEANS: Final = re.compile(
    r"(?:(?:It|They|He|She|This|These|Those|That|Such|Its|Their|His|Her|Both|Neither|Either|Each|Some|Many|Others?|"
    r"One|Two|Most)\b(?! (?:of the|in|people|patients|forms|types|benign|common|liver)\b)"
    r"|(?:However|Moreover|Furthermore|Also|But|And|Or|Nor|So|Thus|Therefore|Hence|Then|Later|Instead|Otherwise|"
    r"Conversely|Similarly|Likewise|Nevertheless|Nonetheless|Still|Yet|Here|Afterwards?|Meanwhile|Consequently|"
    r"Accordingly|Additionally|Again|Finally|Rarer|Less often|More often|Since then|In contrast|By contrast|In addition|"
    r"On the other hand|As a result|For (?:example|instance|this|that)|In (?:this|that|these|those|such|both)|At that|"
    r"After that|Another|An? (?:second|third|further|later|Asian|European|American|similar) (?:trial|study|analysis))\b"
    r"|In (?:the|a) (?:second|third|other|same|later|former|latter|first report|patients who were)\b"
    r"|The (?:difference|gain|trial|trials|study|studies|results?|pool|numbers?|figures?|latter|former|same|others?|second|"
    r"third|rest|effects?|authors?|combination|two|three|reason|part|release|more points|first report)\b"
    r"|(?:Unlike|In|After|Before|For|With|Without|At|On|By|During|Under|From|Of|As)\b[^,.;]{0,80},? "
    r"(?:it|they|these|this|he|she)\b)"
)
_LEANS_INSIDE: Final = re.compile(
    r"\b(?:is their|such (?!as\b)\w+|the same (?:result|holds|way)|as well\b(?! as)|the former|the latter|as (?:described|shown|mentioned|noted) "
    r"(?:above|below|earlier|before)|see (?:table|figure|section|below|above)|(?:figure|table) \d|"
    r"those given here|above-mentioned|th(?:is|e present) (?:study|paper|review|chapter|section|article|book))\b"
    r"|\beither\.$",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"[^;:]*?\b(?:these|those) (?!who\b|with\b|whose\b|that\b|in\b|of\b|at\b|from\b|on\b|assessed\b|without\b|not\b)"
    r"[^\W\d_]{3,}",
    re.IGNORECASE,
)
"""`... where these combinations are unsuitable`: what they are was said before. `Those with cirrhosis` says it itself."""
_PERSONAL: Final = re.compile(r"\b(?:we|our|I|my|you|your)\b", re.IGNORECASE)
_LINKED: Final = re.compile(r"https?://|www\.|\S@\S|[\x00-\x1f\ue000\ue001\ufffd]")
_CELL: Final = re.compile(r"([^:;|]{1,60}): ([^|]+)")
_ENDED: Final = re.compile(r"[.!][\"'”’»)\]]*$")


class Unit(Struct, frozen=True):
    """``texts`` follow each other in ``passage``, word for word. ``cells`` are those of a row, by head."""

    passage: Passage
    texts: tuple[str, ...]
    at: int = 0
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.texts)

    @property
    def own(self) -> str:
        """The sentence for which the unit is there; those before it only explain it."""
        return self.texts[-1]


def units(passage: Passage) -> Iterator[Unit]:
    """In the passage's order; they may share sentences."""
    cells = row(passage.text)
    if cells:
        yield Unit(passage, (passage.text,), 0, cells)
        return
    texts = [passage.text[start:end] for start, end in sentences(passage.text, whole_spans(passage.text))]
    for at in range(len(texts)):
        start = _start(texts, at)
        if start is not None and all(_quotable(text) for text in texts[start : at + 1]):
            yield Unit(passage, tuple(texts[start : at + 1]), at)


def row(text: str) -> tuple[tuple[str, str], ...]:
    """The cells of a table's row as a passage spells it, `head: cell; head: cell`; none where it is no row."""
    parts = [_CELL.fullmatch(part) for part in text.split("; ")]
    if len(parts) < 2 or not all(parts) or _LINKED.search(text) or is_order(text):  # noqa: PLR2004 - a row has cells
        return ()
    return tuple((part[1], part[2]) for part in parts if part)


def leans(sentence: str) -> bool:
    """Whether a sentence needs the one before it: a pronoun or `however` opens it, or it says `the same result`."""
    return any((_LEANS.match(sentence), _LEANS_INSIDE.search(sentence), _POINTS.match(sentence)))


def _start(texts: list[str], at: int) -> int | None:
    """Where the chain of sentences begins that ``texts[at]`` needs; none where the passage does not hold it."""
    start = at
    while leans(texts[start]):
        start -= 1
        if start < 0 or at - start >= CHAIN:
            return None
    return start


def _quotable(text: str) -> bool:
    if not SHORTEST <= len(text) <= LONGEST or not _ENDED.search(text) or text[:1].islower():
        return False
    return not (_LINKED.search(text) or _PERSONAL.search(text) or is_order(text))

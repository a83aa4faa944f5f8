"""An answer as claims with their places. What cannot be checked is told apart and says why."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

from msgspec import Struct

from responsa.evidence.blocks import Block, blocks
from responsa.evidence.plain import plain, whole_spans
from responsa.evidence.sentences import sentences


class Kind(Enum):
    """What a stretch of an answer does. Only statements, items and rows are checkable."""

    STATEMENT = "statement"
    ITEM = "item"
    ROW = "row"
    HEADING = "heading"
    LEAD = "lead"
    QUESTION = "question"
    TRANSITION = "transition"
    ADVICE = "advice"
    FRAGMENT = "fragment"
    CODE = "code"


CHECKABLE: Final = frozenset({Kind.STATEMENT, Kind.ITEM, Kind.ROW})


class Claim(Struct, frozen=True):
    """``answer[start:end]`` says ``text`` (plain words, citations taken out). ``lead`` is what it hangs on.

    The lead is a list's opening line, a bold label, a table's head or the section's heading.
    """

    start: int
    end: int
    text: str
    kind: Kind
    lead: str = ""
    citations: tuple[str, ...] = ()

    @property
    def checkable(self) -> bool:
        """Whether a source can carry it."""
        return self.kind in CHECKABLE


_LABEL: Final = re.compile(r"(?:(\*\*|__)(?=\S)([^*\n]{1,120}?)([:.?–—-]?)\1)(\s*[:–—.]|\s+-(?=\s))?(?:\s+|\Z)")
_NUMBERED: Final = re.compile(r"\\?\[(\^?[\w@.:,;– -]{1,60}?)\\?\](?![(\[:])")
_BY_YEAR: Final = re.compile(
    r"\s?\(((?:(?:see |e\.g\.,? |cf\. )?[A-Z][\w&'’./-]*(?: (?:et al\.?,?|and|&|[A-Z][\w'’-]*))*"
    r",? (?:19|20)\d\d[a-z]?(?:; )?)+)\)"
)
_CITES: Final = re.compile(r"\^?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*|\^[\w.:-]+|@[\w.:-]+(?:; ?@[\w.:-]+)*")
_SUPERSCRIPT: Final = re.compile(r"(?<=[.,;a-z])[¹²³⁴-⁹]+")

_TRANSITION: Final = re.compile(
    r"(?:(?:so|now|well|okay|ok|sure|certainly|of course|absolutely)[,!]? )?"
    r"(?:let(?:'s| us|’s) |here(?:'s|’s| is| are)\b|below (?:is|are)\b|(?:the )?following (?:is|are)\b"
    r"|i hope (?:this|that)\b|hope this"
    r"|(?:this|the (?:following|next)) (?:answer|section|article|response|overview|guide)"
    r"|(?:we|i) (?:will|shall|'ll|’ll) (?:now |first |then )?(?:look|discuss|explore|explain|go|see|consider|walk)"
    r"|(?:as|like) (?:mentioned|noted|discussed|described|stated|said)(?: (?:above|earlier|before|previously))?\.?$"
    r"|(?:to|in) (?:sum up|summary|conclusion|summarise|summarize)[.:]?$|(?:great|good) question"
    r"|(?:if you have|feel free|please let me know|let me know)\b)",
    re.IGNORECASE,
)
_ADVICE: Final = re.compile(
    r"(?:(?:if|when) [^,.]{3,120}, )?(?:please |always |then |also |it is (?:always )?(?:best|important|advisable|wise|"
    r"essential|recommended) (?:to|that you) )?"
    r"(?:consult|contact|see|ask|talk (?:to|with)|speak (?:to|with)|seek|remember|make sure|be sure|keep in mind|"
    r"check with|discuss (?:this|it|with|your)|note that you|consider (?:consult|seek|speak|talk)\w*|visit|refer to|"
    r"look (?:up|it up)|try to|don['’]t (?:hesitate|forget))\b"
    r"|.{0,200}\byou (?:should|may want to|might want to|need to|must|ought to|can also try)\b"
    r"|.{0,200}\b(?:should|must) (?:always )?(?:consult|seek|talk to|speak (?:to|with)|see|contact)\b",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r"\$\$?[^$]+\$\$?|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_PUNCTUATION: Final = " \t\n:;,.–—-*_#|"
_WORD: Final = re.compile(r"[^\W\d_]{2,}|\d")
_FEWEST_WORDS: Final = 3


def claims(answer: str) -> Iterator[Claim]:
    """In the order of the text, never overlapping."""
    for block in blocks(answer):
        if block.kind == "row":
            yield from _of_row(answer, block)
        elif block.kind in {"code", "heading"}:
            kind = Kind.CODE if block.kind == "code" else Kind.HEADING
            yield Claim(block.start, block.end, plain(answer[block.start : block.end]), kind, block.section)
        else:
            yield from _of_text(answer, block)


def _of_row(answer: str, block: Block) -> Iterator[Claim]:
    """A row speaks as `head: cell; head: cell`; its first cell is what it is about."""
    parts = [(cell.head, _words(answer[cell.start : cell.end])[0]) for cell in block.cells]
    text = "; ".join(f"{head}: {words}" if head else words for head, words in parts if words)
    kind = Kind.ROW if sum(bool(words) for _, words in parts) > 1 else Kind.FRAGMENT
    citations = _words(answer[block.start : block.end])[1]
    yield Claim(block.start, block.end, text, kind, _joined(block.section, block.lead), citations)


def _of_text(answer: str, block: Block) -> Iterator[Claim]:
    start, lead = block.start, _joined(block.section, block.lead)
    label = _label(answer[block.start : block.end])
    if label is not None:
        length, words = label
        kind = Kind.QUESTION if words.endswith("?") else Kind.HEADING
        yield Claim(start, start + len(answer[start : start + length].rstrip()), words, kind, lead)
        start, lead = start + length, _joined(lead, words)
    text = answer[start : block.end]
    for begin, end in sentences(text, whole_spans(text)):
        words, citations = _words(text[begin:end])
        kind = _kind(words, block, last=end == len(text.rstrip()))
        yield Claim(start + begin, start + end, words, kind, lead, citations)


def _label(text: str) -> tuple[int, str] | None:
    """Length and words of a bold label that opens a block: `**Surgery.** ...`, `**Surgery**: ...`."""
    found = _LABEL.match(text)
    if found is None:
        return None
    alone = found.end() == len(text)
    if not (alone or found[3] or found[4]):
        return None
    return found.end(), plain(found[2]) + ("?" if found[3] == "?" else "")


def _words(markdown: str) -> tuple[str, tuple[str, ...]]:
    """The plain words and the citations that were taken out of them."""
    citations: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        if not _CITES.fullmatch(match[1].strip()):
            return match.group()
        citations.extend(part.strip() for part in re.split(r"[,;]", match[1].replace("^", "")))
        return ""

    def by_year(match: re.Match[str]) -> str:
        citations.extend(part.strip() for part in match[1].split(";") if part.strip())
        return ""

    text = markdown
    if "[" in text:
        text = _NUMBERED.sub(numbered, text)
    text = _SUPERSCRIPT.sub("", text) if not text.isascii() else text
    text = plain(text)
    if "(" in text:
        text = _BY_YEAR.sub(by_year, text)
    return " ".join(text.split()), tuple(citations)


def _kind(words: str, block: Block, *, last: bool) -> Kind:
    if words.endswith("?"):
        return Kind.QUESTION
    if words.endswith(":") and last:
        return Kind.LEAD
    told = next(
        (kind for kind, sign in ((Kind.TRANSITION, _TRANSITION), (Kind.ADVICE, _ADVICE)) if sign.match(words)), None
    )
    return told or _statement(words, block)


def _statement(words: str, block: Block) -> Kind:
    formulas = "$" in words or "\\" in words
    if formulas and len(_WORD.findall(_FORMULA.sub("", words))) < _FEWEST_WORDS:
        return Kind.CODE
    enough = len(_WORD.findall(words)) >= _FEWEST_WORDS
    if block.kind == "item" and not words.endswith((".", "!")):
        return Kind.ITEM if enough or (block.lead and _WORD.search(words)) else Kind.FRAGMENT
    return Kind.STATEMENT if enough else Kind.FRAGMENT


def _joined(first: str, second: str) -> str:
    first, second = first.strip(_PUNCTUATION), second.strip(_PUNCTUATION)
    return f"{first}: {second}" if first and second and first != second else first or second

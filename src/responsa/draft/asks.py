"""What a question asks: what it is about, and which sides of it (its facets) an answer has to show."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from responsa.draft.facets import FACETS, Facet
from responsa.evidence.terms import MEANT, ROOT
from responsa.evidence.words import Word, stem, words

_EMPTY: Final = frozenset(
    stem(word)
    for word in (
        "what which who whom whose when where why how is are was were do does did can could should would will shall may might must "
        "a an the of in on at for to from by with about and or as it its this that these those there be been being have has had "
        "mean means meaning meant define definition explain describe tell give list name main most important role roles play plays "
        "kind kinds type types form forms way ways example examples know known call called term us me you i we your our one any some "
        "after before during happen happens possible usually typically generally today exactly really much many more less than not "
        "useful matter matters change changes good important importance need needs needed say says said there's what's please first step steps look looks like make made take taken get so if"
    ).split()
)
_DEFINES: Final = re.compile(r"\s*(?:what (?:is|are|does)\b|define\b|explain what\b|what's\b)", re.IGNORECASE)
_SHORT: Final = re.compile(r"(?<![(\w-])([A-Z][A-Za-z]{1,6}?)(s?)\b(?![\w)-])")
_ABBREVIATED: Final = re.compile(r"((?:[\w-]+ ){1,6})\(([A-Z][A-Za-z]{1,6})s?\)")


KINSHIP: Final = 0.7
"""Share of the longer word that two forms of one word have in common."""


class Ask(Struct, frozen=True):
    """``about``: what an answer must speak of, by key, with how telling it is. ``facets`` in the question's order.

    ``amount``: what an answer must hold where a number is asked for.
    """

    question: str
    about: Mapping[str, Word]
    facets: tuple[Facet, ...]
    defines: bool
    amount: re.Pattern[str] | None = None


_SPAN: Final = r"(?:days?|weeks?|months?|years?|hours?|minutes?)"
_AMOUNTS: Final = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (
            r"\bhow often (?:should|must|is|are|do|does)\b.*\b(?:screen|test|check|scan|repeat|taken|given|seen|visit|done)",
            rf"\b(?:every|each|once|twice|times)\b.{{0,20}}\b{_SPAN}\b|\b(?:daily|weekly|monthly|yearly|annually)\b|\b(?:once|twice|times) an? ",
        ),
        (
            r"\bhow (?:large|big|small|wide|thick|tall|high)\b|\bsize\b",
            r"\d\W*(?:mm|cm|m|km|inch\w*|feet|degrees|nm|µm)\b",
        ),
        (
            r"\bhow long\b|\bmedian (?:\w+ )?survival\b|\blife expectancy\b|\bhow soon\b",
            rf"\d.{{0,12}}\b{_SPAN}\b|\b(?:one|two|three|four|five|six|ten|twelve|few|several|many) {_SPAN}\b",
        ),
        (
            r"\bhow (?:common|many|much|often|frequent|rare|likely|effective|sensitive|accurate)\b|\bsurvival\b|\bincidence\b|\bprevalence\b"
            r"|\b(?:rate|share|percentage|proportion|chances?|risk|number) of\b|\b(?:sensitivity|specificity)\b",
            r"\d(?:[\d.,]*)\W?%|\d per ?cent|\bone in \w+\b|\b\d[\d,]* (?:new |of |people|patients|cases|deaths)|\btimes as\b|(?<![\w-])\d",
        ),
    )
)
"""How a question asks for a number, and what a number looks like that answers it; the narrower first."""
_WORDED: Final = re.compile(
    r"\bdiffer|\bmeans?\b|\bmeant\b|\bdefin|\bhow (?:is|are) .{0,60}\b(?:measured|calculated|computed|counted)\b",
    re.IGNORECASE,
)
"""What is asked of a figure and is none itself."""
_MEASURE: Final = re.compile(r"\s*how ([^\W\d_]+) ", re.IGNORECASE)
"""`How sensitive is X`: the answer is on X, and need not say `sensitive`."""


def _amount(question: str) -> re.Pattern[str] | None:
    return next((told for asked, told in _AMOUNTS if asked.search(question)), None)


def ask(question: str) -> Ask:
    """The question read. ``about`` is empty where nothing in it says what is asked."""
    found = sorted(
        ((match.start(), facet) for facet in FACETS if (match := facet.asked.search(question))),
        key=lambda one: one[0],
    )
    facets = tuple(facet for _, facet in found)
    named = frozenset[str]().union(*(facet.words for facet in facets))
    telling = {word.key: word for word in words(question) if word.weight > 0.3 and stem(word.lower) not in _EMPTY}  # noqa: PLR2004 - signs weigh that
    amount = None if _WORDED.search(question) else _amount(question)
    measure = _MEASURE.match(question) if amount else None
    named |= {stem(measure[1].casefold())} if measure else set()
    about = {key: word for key, word in telling.items() if key not in named} or telling
    defines = _DEFINES.match(question) is not None and not {facet.name for facet in facets} - {
        "indication",
        "mechanism",
    }
    return Ask(question, about, facets, defines, amount)


def topic(asked: Ask) -> dict[str, str]:
    """The longest run of words that a question is about, by key: `liver cancer`, in `the symptoms of liver cancer`."""
    runs: list[dict[str, str]] = [{}]
    for word in words(asked.question):
        if word.key in asked.about:
            runs[-1][word.key] = word.text
        elif runs[-1]:
            runs.append({})
    return max(runs, key=len)


class Names(Struct, frozen=True):
    """Short forms that the sources explain themselves: `hcc` stands for the keys of `hepatocellular carcinoma`.

    ``spelt`` are the long forms as they stand there.
    """

    of: Mapping[str, frozenset[str]]
    spelt: Mapping[str, str] = {}

    def written(self, text: str) -> str:
        """With short forms written out once more: what a text means does not hang on its abbreviations."""
        return _SHORT.sub(lambda match: self.spelt.get(stem(match[1].casefold()), match[1]) + match[2], text)

    def spelled(self, keys: frozenset[str]) -> frozenset[str]:
        """With what short forms stand for, and with short forms whose words are all there."""
        more = [long for short, long in self.of.items() if short in keys]
        shorts = [short for short, long in self.of.items() if long <= keys]
        return keys.union(shorts, *more) if more or shorts else keys


def names_of(texts: Iterable[str]) -> Names:
    """From `hepatocellular carcinoma (HCC)`: the words before the bracket whose initials it holds."""
    found: dict[str, frozenset[str]] = {}
    spelt: dict[str, str] = {}
    for text in texts:
        for match in _ABBREVIATED.finditer(text):
            before, short = match[1].split(), match[2]
            initials = [(part, word) for word in before for part in word.split("-")[:2] if part]
            for count in range(2, len(before) + 1):
                tail = before[-count:]
                letters = "".join(part[0] for word in tail for part in word.split("-") if part)
                if letters.casefold() in {short.casefold(), short.casefold()[:-1]} and initials:
                    found.setdefault(stem(short.casefold()), _keys(" ".join(tail)))
                    spelt.setdefault(stem(short.casefold()), " ".join(tail))
    return Names(found, spelt)


def _keys(text: str) -> frozenset[str]:
    return frozenset(word.key for word in words(text) if word.weight > 0.3)  # noqa: PLR2004 - as above


def met(key: str, held: frozenset[str]) -> float:
    """How surely a text with the keys ``held`` (as ``terms.keys_of`` gives them) speaks of ``key``."""
    if key in held:
        return 1.0
    if key in MEANT and MEANT[key] in held:
        return 0.7
    if len(key) <= ROOT or f"{key[:ROOT]}*" not in held:
        return 0.0
    return 0.6 if any(_kin(key, other) for other in held) else 0.0


def _kin(one: str, other: str) -> bool:
    """Forms of one word: transplant, transplantation; metastatic, metastases. Not hepatic, hepatitis."""
    if one[:ROOT] != other[:ROOT] or other.endswith("*"):
        return False
    short, long = sorted((one, other), key=len)
    shared = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return shared == len(short) or shared >= KINSHIP * len(long)


def opposed(about: Iterable[str], held: frozenset[str]) -> bool:
    """Whether a text speaks of what is not: `unresectable` where a question asks about resection."""
    beginnings = {f"{no}{key[:ROOT]}" for key in about if len(key) > ROOT for no in ("un", "non", "in")}
    return any(key[: ROOT + 2] in beginnings or key[: ROOT + 3] in beginnings for key in held if not key.endswith("*"))


_TURN: Final = re.compile(
    r"\b(after|before|without|during|following|despite)\s+(?:an?\s+|the\s+)?([^\W\d_][\w-]+)", re.IGNORECASE
)


def turns(text: str) -> frozenset[tuple[str, str]]:
    """What a text puts after, before or without what: `after sorafenib` is another thing than sorafenib."""
    return frozenset((match[1].casefold(), stem(match[2].casefold())) for match in _TURN.finditer(text))

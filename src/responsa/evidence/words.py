"""A sentence as words that can be compared: spelling, inflection and the writing of numbers made one."""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from responsa.evidence.lexicon import NEGATIONS, NO_TERM, NUMBERS, SCALES, STOP, TERM
from responsa.records.maths import find_maths


class Word(Struct, frozen=True):
    """``key`` is compared, ``text`` is shown. ``value`` is that of a number.

    ``name``: it has a capital, a digit or the ending of a term.
    """

    key: str
    text: str
    weight: float
    value: float | None = None
    name: bool = False
    negation: bool = False
    lower: str = ""
    formula: bool = False


LONGEST: Final = 600
"""Words of one sentence that are compared."""
_CITED: Final = re.compile(
    r"\s?\((?:[A-Z][\w&'’./-]*(?:,? (?:et al\.?,?|and|&|[A-Z][\w'’-]*)){0,5},? (?:19|20)\d\d[a-z]?(?:; )?)+\)"
    r"|\s?\[\d{1,3}(?:[,;–-] ?\d{1,3})*\]"
)
"""A citation is no part of what a sentence says."""
_PHRASES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), sign)
    for pattern, sign in (
        (r"\b(?:at least|no (?:less|fewer) than|not less than|a minimum of)(?= (?:about )?[\d$€£])", "≥"),
        (r"\b(?:at most|up to|no (?:more|greater|later) than|not more than|a maximum of)(?= (?:about )?[\d$€£])", "≤"),
        (r"\b(?:more|greater|higher|larger|longer|older|later) than(?= (?:about )?[\d$€£])", ">"),
        (r"\b(?:over|above|exceed(?:s|ing)?|beyond)(?= (?:about )?[\d$€£])", ">"),
        (r"\b(?:less|fewer|lower|smaller|shorter|younger|earlier) than(?= (?:about )?[\d$€£])", "<"),
        (r"\b(?:under|below)(?= (?:about )?[\d$€£])", "<"),
        (r"\bper ?cent\b", "%"),
        (
            r"\bnot only\b|\bwhether or not\b|\bnot just\b|\bnot merely\b|\bno matter\b|\bnot necessarily limited\b",
            "only",
        ),
        (r"\bmay or may not\b", "may"),
        (r",? after which\b", " before"),
        (r"\bwith or without\b", "with"),
        (r"\bcan ?not\b", "can not"),
        (r"n['’]t\b", " not"),
        (r"['’]s\b", ""),
        (r"\bfirst[- ]line\b", "firstline"),
        (r"\bsecond[- ]line\b", "secondline"),
        (r"\bheart attacks?\b|\bmyocardial infarctions?\b", "heartattack"),
        (r"\b(?:congestive )?heart failure\b", "heartfailure"),
        (r"\bgrowth hormone\b", "growthhormone"),
        (r"\balpha[- ]?f(?:o?e)toprotein\b", "afp"),
        (r"\bCA[- ]?19[-–]9\b", "ca19"),
        (r"\bkidney stones?\b", "kidneystone"),
        (r"\bbeta[- ]?blockers?\b", "betablocker"),
        (r"\bcalcium[- ]channel[- ]blockers?\b", "calciumchannelblocker"),
        (r"\bACE[- ]inhibitors?\b", "aceinhibitor"),
        (r"\bmiddle[- ]ag(?:e|ed)\b", "middleage"),
        (r"\bold age\b", "oldage"),
    )
)
_TOKEN: Final = re.compile(
    r"(?P<formula>\x02[^\x03]*\x03)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.·]\d+)?)"
    r"|(?P<word>[^\W\d_]+\d[\w]*|[^\W\d_]+)"
    r"|(?P<sign>[≥≤<>%±=$€£]|°[CF]?)"
)
_VOWEL: Final = re.compile(r"[aeiouy]")


@lru_cache(maxsize=1 << 16)
def words(text: str) -> tuple[Word, ...]:
    """At most ``LONGEST``, in order."""
    text = _marked(_CITED.sub("", text) if "(" in text or "[" in text else text)
    for phrase, sign in _PHRASES:
        text = phrase.sub(sign, text)
    text = text.replace("µ", "u").replace("μ", "u")
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        word = _word(match, first=not found or text[: match.start()].rstrip().endswith((".", ":", "?", "!", ";")))
        scale = SCALES.get(word.lower)
        if scale and found and found[-1].value is not None:
            value = found[-1].value * scale
            found[-1] = _number(value, f"{found[-1].text} {word.text}")
        else:
            found.append(word)
        if len(found) == LONGEST:
            break
    return tuple(found)


def _marked(text: str) -> str:
    """Formulas between two signs that no text holds: one formula is one word, money is none."""
    text = text.replace("\x02", " ").replace("\x03", " ")
    for span in reversed(find_maths(text)):
        text = f"{text[: span.start]}\x02{text[span.start : span.end]}\x03{text[span.end :]}"
    return text


def _word(match: re.Match[str], *, first: bool) -> Word:
    text = match.group()
    if match["formula"]:
        text = text[1:-1]
        return Word("".join(text.strip("$\\()[]").split()), text, 1.5, formula=True)
    if match["number"]:
        return _number(float(text.replace(",", "").replace("·", ".")), text)
    if match["sign"]:
        return Word(text, text, 0.3, lower=text.casefold())
    lower = text.casefold()
    if lower in NUMBERS:
        return _number(NUMBERS[lower], text)
    negation = lower in NEGATIONS
    if (lower in STOP and not (text == "A" and not first)) or negation:
        return Word(lower, text, 0.15, negation=negation, lower=lower)
    capital = not text.islower()
    name = (capital and (not first or not text[1:].islower())) or is_term(lower)
    return Word(stem(lower), text, 1.0 if len(lower) > 2 else 0.6, name=name, lower=lower)  # noqa: PLR2004 - short words


def _number(value: float, text: str) -> Word:
    return Word(f"#{value:g}" if value < 1e6 else f"#{value:.0f}", text, 1.0, value=value)  # noqa: PLR2004 - as printed


def is_term(lower: str) -> bool:
    """Whether a word written small names a drug, a disease, a procedure or an enzyme."""
    if lower in NO_TERM or lower.removesuffix("s") in NO_TERM or lower.removesuffix("d") in NO_TERM:
        return False
    return TERM.fullmatch(lower.removesuffix("s") if lower.endswith(("mas", "ses", "tes")) else lower) is not None


_SPELLING: Final = (
    (re.compile(r"is(?=e[sdr]?$|ing$|ation|ed$)"), "iz"), (re.compile(r"yse(?=[sd]?$)"), "yze"),
    (re.compile(r"our(?=s?$|ed$|ing$|able$|al$)"), "or"), (re.compile(r"ae(?=[mstdr])|oe(?=[dsm][eo]|st)"), "e"),
    (re.compile(r"ll(?=ed$|ing$)"), "l"), (re.compile(r"(?<=[^aeiou])re$"), "er"), (re.compile(r"ph(?=ur)"), "f"),
    (re.compile(r"(?<=[a-z])(?:(?<!ea)(?<!au)(?<!ui)ses|sis|tic|stas)$"), "s"),
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """British and American spelling, number and tense made one; never used for what is shown."""
    for pattern, instead in _SPELLING:
        word = pattern.sub(instead, word)
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - `dies` keeps its ending
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004 - `has`, `gas`
        word = word[:-1]
    for ending in ("ing", "ed", "ly"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) > 3 and _VOWEL.search(root):  # noqa: PLR2004 - `sing`, `need`
            word = root[:-1] if root[-1:] == root[-2:-1] and root[-1] not in "lsz" else root
            break
    return word.removesuffix("e") if len(word) > 4 else word  # noqa: PLR2004 - `here`

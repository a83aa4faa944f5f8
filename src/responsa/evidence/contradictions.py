"""Articles of one library that contradict each other: near-identical sentences of which one says another amount.

What is compared must be about the same thing: the same words, unit and conditions in the sentence, and the same
subject in what stands above it. Exercises, examples, formulas and numbered labels are no statements.
"""

import re
from collections.abc import Iterator, Mapping
from math import log
from typing import Final, Literal

from msgspec import Struct

from responsa.article import Article, Url
from responsa.evidence.amounts import Amount, amounts, apart
from responsa.evidence.claims import Claim, claims
from responsa.evidence.differences.alignment import align
from responsa.evidence.differences.direction import axes_of
from responsa.evidence.lexicon import NUMBERS, POPULATIONS, RECOMMENDATIONS
from responsa.evidence.verdict import Difference
from responsa.evidence.words import Word, words

Kind = Literal["number", "recommendation"]
LONGEST: Final = 500
"""Characters; a longer sentence has no near-copy."""
FEWEST: Final = 4
"""Words of content, from which two sentences may be about one thing."""
NEAR: Final = 0.45
"""Share of the weight of words from which two sentences may say the same."""
NEARLY: Final = 0.25
"""The same where both questions are one."""
_FRAME: Final = 0.8
_SHARED: Final = 0.15
"""Of the questions' words; below it they ask about two things."""
_LABEL_WORDS: Final = 6
_RARE: Final = 5.0
"""Of ``rarities``: a word in fewer than one statement of 150."""
_STRANGE: Final = 0.2
_ELSEWHERE: Final = 0.4
_LEAST: Final = 0.04
"""Amounts nearer to each other than this share do not contradict."""
APART: Final = POPULATIONS | frozenset(
    "minimum maximum average mean median peak threshold total resting normal abnormal severe mild "
    "moderate daily weekly monthly annual yearly pregnant pregnancy diabetic newborn premature preterm "
    "smoker obese elite former initial final additional remaining primary secondary tertiary short long "
    "single double triple liberal restrictive".split()
)
"""Words that make another measure or another group of people of a sentence."""
_CONTENT: Final = 0.6
_NUMBER: Final = re.compile(rf"\d|\b(?:{'|'.join(NUMBERS)}|hundred|thousand|million|billion)\b", re.IGNORECASE)
_ADVISES: Final = re.compile(
    rf"\b(?:{'|'.join(RECOMMENDATIONS)}|recommend(?:ed|s)|first[- ]line|second[- ]line|of choice|should)\b",
    re.IGNORECASE,
)
_MADE_UP: Final = re.compile(
    r"\b(?:for (?:example|instance)|e\.g|example|suppose|imagine|assum(?:e|es|ing)|let(?:'s|’s| us)?|consider|given|"
    r"say|hypothetical|scenario|calculat\w+|comput(?:e|ed|ing)|multipl\w+|divid\w+|subtract\w*|round\w*|solv\w+|equation|"
    r"problem|exercise|if (?:you|we|the|a|an|one|two|there|someone|x|y))\b",
    re.IGNORECASE,
)
_ASKS_TO_RECKON: Final = re.compile(
    r"\d|\b(?:calculat\w*|comput(?:e|ed|ing)|solv\w*|determine the|find the|evaluate the|"
    r"how (?:do|can|would) you (?:find|multiply|divide|add|subtract|convert|round|simplify)|what is the value|"
    r"example|exercise|scenario|case study)\b",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r"[=$\\^→×÷√∫∑]|\d\s?[+*/]\s?\d|\b[a-zA-Z]\(\w\)|\bU\.S\.$|\bv\.|§|\d['′’]")
_BRACKETS: Final = re.compile(r" ?\([^()]*\)")
_LEANS: Final = re.compile(
    r"(?:it|its|this|these|they|their|that|those|he|she|his|her|such|here|there|each|both|the (?:process|study|company|"
    r"method|procedure|first|second|third|last|other|latter|former|same|total|result|average|value|ratio|rate))\b",
    re.IGNORECASE,
)
"""A sentence that opens so says what it is about only with what stands above it."""


class Statement(Struct, frozen=True):
    """A claim that another article may contradict. ``keys`` are its words of content, each once, no numbers."""

    url: Url
    path: str
    subject: str
    question: str
    lead: str
    text: str
    start: int
    end: int
    keys: tuple[str, ...]


class Conflict(Struct, frozen=True):
    """Two statements that differ. ``rank``, 0 to 1, orders conflicts: how surely both are about the same thing."""

    rank: float
    kind: Kind
    one: Statement
    other: Statement
    differences: tuple[Difference, ...]


def statements(article: Article, subject: str) -> Iterator[Statement]:
    """The claims of an article that give an amount or advise, no exercise and no example."""
    if _ASKS_TO_RECKON.search(article.question):
        return
    for claim in claims(article.answer):
        if not claim.checkable or len(claim.text) > LONGEST or not _is_stated(claim):
            continue
        keys = content(words(claim.text))
        if len(keys) >= FEWEST:
            place = (claim.lead, claim.text, claim.start, claim.end)
            yield Statement(article.url, str(article.path), subject, article.question, *place, keys)


def _is_stated(claim: Claim) -> bool:
    if not (_NUMBER.search(claim.text) or _ADVISES.search(claim.text)):
        return False
    return not any(sign.search(part) for part in (claim.text, claim.lead) for sign in (_MADE_UP, _FORMULA))


def content(text: tuple[Word, ...]) -> tuple[str, ...]:
    """Keys of the words of content, each once, numbers left out."""
    return tuple(dict.fromkeys(word.key for word in text if word.weight >= _CONTENT and word.value is None))


def conflict(one: Statement, other: Statement, rarity: Mapping[str, float]) -> Conflict | None:
    """How the two contradict each other, if they do; ``rarity`` weighs words, see ``rarities``."""
    if one.url == other.url or one.text == other.text:
        return None
    near = _near(one, other, rarity)
    same = _same_subject(one, other, rarity) if near >= NEARLY else None
    if same is not None and near < NEAR - (NEAR - NEARLY) * same:
        return None
    found = (_amounts_differ(one, other) or _advice_differs(one, other)) if same else None
    if not same or not found or _told_apart(one, other):
        return None
    kind, differences, far = found
    if _foreign(one, other, rarity):
        near *= _STRANGE
    rank = near * same * _placed(one, other) * (0.6 + 0.4 * min(1.0, 2 * far)) * _weight(one, other, rarity)
    return Conflict(round(rank, 4), kind, one, other, differences)


def _placed(one: Statement, other: Statement) -> float:
    """More where the sentences run alike and the amounts stand at one place of them."""
    ours, theirs = words(one.text), words(other.text)
    laid, back = align(ours, theirs), align(theirs, ours)
    facing = any(difference.kind in {"number", "unit"} for difference in laid.differences)
    return (0.4 + 0.6 * min(laid.frame, back.frame)) * (1.0 if facing else _ELSEWHERE)


Found = tuple[Kind, tuple[Difference, ...], float]


def _near(one: Statement, other: Statement, rarity: Mapping[str, float]) -> float:
    """Weight of the words that both statements hold, as a share of all that either holds."""
    mine, their = set(one.keys), set(other.keys)
    both, either = (sum(rarity.get(key, rarity[""]) for key in sorted(keys)) for keys in (mine & their, mine | their))
    return round(both / (either or 1.0), 6)


def _amounts_differ(one: Statement, other: Statement) -> Found | None:
    """Where exactly one amount differs, and what it counts can be told without doubt."""
    ours, theirs = _amounts(one.text), _amounts(other.text)
    found: list[tuple[Amount, Amount, float]] = []
    for mine in ours:
        rivals = [their for their in theirs if mine.counts_as(their)]
        equals = [own for own in ours if mine.counts_as(own)]
        if len(rivals) != len(equals) or mine not in equals:
            continue
        their = rivals[equals.index(mine)]
        far = apart(mine, their)
        if far > _LEAST and not (_is_trivial(mine) or _is_trivial(their)):
            found.append((mine, their, far))
    if len(found) != 1:
        return None
    mine, their, far = found[0]
    kind: Literal["number", "unit"] = "number"
    return "number", (Difference(kind, mine.shown, their.shown),), far


def _amounts(text: str) -> list[Amount]:
    """What stands between brackets says the same in another unit, or is not the point."""
    return amounts(words(_BRACKETS.sub("", text))) or amounts(words(text))


def _is_trivial(amount: Amount) -> bool:
    """None, one or the whole: where a scale begins or ends."""
    return amount.low == amount.high and amount.low in {0.0, 1.0, 100.0}


def _advice_differs(one: Statement, other: Statement) -> Found | None:
    """Where all is the same but what is advised."""
    if not (_ADVISES.search(one.text) and _ADVISES.search(other.text)):
        return None
    laid = align(words(one.text), words(other.text))
    if laid.frame < _FRAME or not laid.differences or laid.unseen or laid.changed:
        return None
    kinds = {difference.kind for difference in laid.differences}
    return ("recommendation", laid.differences, 0.5) if kinds <= {"recommendation", "negation"} else None


def _told_apart(one: Statement, other: Statement) -> bool:
    """Whether the words of one alone tell of another thing, people, place or measure than those of the other."""
    mine, their = words(one.text), words(other.text)
    held = {word.key for word in mine}, {word.key for word in their}
    ours = [word for word in mine if word.key not in held[1] and word.value is None]
    theirs = [word for word in their if word.key not in held[0] and word.value is None]
    if any(word.lower in APART or word.key in APART or word.negation for word in (*ours, *theirs)):
        return True
    if any(word.name for word in ours) and any(word.name for word in theirs):
        return True
    return any(axes_of(word) and _opposed(word, theirs) for word in ours)


def _opposed(word: Word, others: list[Word]) -> bool:
    return any((axis, not pole) in axes_of(other) for axis, pole in axes_of(word) for other in others)


def _same_subject(one: Statement, other: Statement, rarity: Mapping[str, float]) -> float | None:
    """How much the questions and the words above share; none where they tell two subjects apart."""
    if _numbers(one.lead) != _numbers(other.lead):
        return None
    labels = [set(content(words(label_of(part.lead)))) for part in (one, other)]
    whole = [{*part.keys, *content(words(f"{part.question} {part.lead}"))} for part in (one, other)]
    beside = [{*part.keys, *content(words(part.lead))} for part in (one, other)]
    foreign = labels[0] - whole[1], labels[1] - whole[0]
    if all(_rarest(label - held, rarity) > _RARE for label, held in zip(labels, beside[::-1], strict=True)):
        return None
    if _LEANS.match(one.text) or _LEANS.match(other.text):
        if not labels[0] & labels[1] or foreign[0] or foreign[1]:
            return None
    elif foreign[0] and foreign[1]:
        return None
    asked = [words(part.question) for part in (one, other)]
    if all(any(w.name and w.key not in held for w in text) for text, held in zip(asked, whole[::-1], strict=True)):
        return None
    shared = _overlap({w.key for w in asked[0] if w.weight >= 1}, {w.key for w in asked[1] if w.weight >= 1}, rarity)
    return 0.4 + 0.6 * shared if shared >= _SHARED else None


def _foreign(one: Statement, other: Statement, rarity: Mapping[str, float]) -> bool:
    """Whether each sentence has a rare word that the other's article does not use with it."""
    whole = [{*part.keys, *content(words(part.lead))} for part in (one, other)]
    return min(_rarest(set(one.keys) - whole[1], rarity), _rarest(set(other.keys) - whole[0], rarity)) > _RARE


def _rarest(keys: set[str], rarity: Mapping[str, float]) -> float:
    return max((rarity.get(key, rarity[""]) for key in keys), default=0.0)


def label_of(lead: str) -> str:
    """The headings and labels of a lead, without the sentences that open a list."""
    return " ".join(part for part in lead.split(": ") if len(part.split()) <= _LABEL_WORDS)


def _overlap(one: set[str], other: set[str], rarity: Mapping[str, float]) -> float:
    """Weight of the words that both hold, as a share of the lighter one's."""
    rare = rarity.get("", 12.0)
    weights = [sum(sorted(rarity.get(key, rare) for key in keys)) for keys in (one, other)]
    both = sum(sorted(rarity.get(key, rare) for key in one & other))
    return round(both / (min(weights) or 1.0), 6)


def _numbers(text: str) -> list[str]:
    return [word.key for word in words(text) if word.value is not None]


_TELLING: Final = 40.0


def _weight(one: Statement, other: Statement, rarity: Mapping[str, float]) -> float:
    """A sentence of few and common words fits many subjects."""
    both = sorted(set(one.keys) & set(other.keys))
    return min(1.0, 0.3 + 0.7 * sum(rarity.get(key, 0.0) for key in both) / _TELLING)


def rarities(counts: Mapping[str, int], total: int) -> dict[str, float]:
    """The weight of each word by how many statements hold it; that of a word in none stands under no name."""
    found = {key: round(log(1 + total / count), 6) for key, count in counts.items()}
    return {**found, "": round(log(1 + total), 6)}

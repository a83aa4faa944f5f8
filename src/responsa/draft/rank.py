"""Which units answer a question, best first: by the words it is about, by meaning, by the facets it asks for."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from responsa.draft.asks import Ask, Names, met, names_of, opposed, topic, turns
from responsa.draft.opening import Place, head, held, standing
from responsa.draft.units import Unit, units
from responsa.evidence.retrieval import Hit, Nearest
from responsa.evidence.terms import keys_of, terms
from responsa.evidence.words import words

Alike = Callable[[str, Sequence[str]], Sequence[float]]
"""How near texts are to a question in meaning, -1 to 1."""
WIDE: Final = 40
"""Passages that are looked at."""
BESIDE_TEXT, BESIDE_TITLE = 0.55, 0.5
"""What a word of the question counts that stands in the passage around a sentence, or in the source's title."""
MEANING: Final = 0.8
FACET: Final = 0.3
EARLY: Final = 0.15
"""A sentence that opens with what the question is about."""
TURNED: Final = 0.3
"""A sentence that says `after X` where the question does."""
OPPOSED: Final = 0.35
PARTLY: Final = 0.5
"""What a name counts of which one word is only a kindred one: an adenoma is a tumour, and no carcinoma."""
RARE: Final = 1.7
"""So much more telling than the next is a word without which nothing answers: `coffee`, where all is on the liver."""
FEW: Final = 2
"""Words of which none stands out."""
OPENING: Final = 6
KINDRED: Final = 0.7
"""Nearness of two names from which one may stand for the other."""
TITLE: Final = 14
"""Words of a title that say what a source is about."""
COVERS, FIRST, MORE = 0.3, 0.2, 0.5
"""What counts more for the first sentence than for others: its own words, the side asked for first, the very form."""
WORDY: Final = 0.3


class Found(Struct, frozen=True):
    """``covers``: share of what the question is about that the unit's words name; ``near``: by meaning.

    ``keys`` are those of its own words, ``facets`` names of those that it shows.
    ``turned``: it says `after X` where the question does. ``core``: how surely it or
    what stands around it speaks of the one word that tells far more than the others; ``None`` where none does.
    """

    unit: Unit
    score: float
    covers: float
    around: float
    near: float
    keys: frozenset[str]
    facets: frozenset[str]
    defines: bool
    turned: bool = False
    core: float | None = None
    answers: float = 0.0
    titled: float = 0.0
    head: float = 0.0


class Ranked(Struct, frozen=True):
    """``found`` best first. ``unknown``: words of the question that no passage looked at names."""

    found: tuple[Found, ...]
    hits: tuple[Hit, ...]
    unknown: tuple[str, ...]
    names: Names


def ranked(asked: Ask, finding: Nearest, alike: Alike | None = None) -> Ranked:
    """Units of the passages nearest to the question; ties go by passage and place."""
    hits = tuple(finding.search(asked.question, k=WIDE))
    names = names_of(hit.passage.text for hit in hits)
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    candidates = [unit for hit in hits for unit in units(hit.passage)]
    shares = [hit.score / best for hit in hits for _ in units(hit.passage)]
    near, titled = _meant(asked.question, candidates, names, alike)
    places = [Place(share, close) for share, close in zip(shares, titled, strict=True)]
    weights = {key: finding.idf(key) for key in asked.about}
    judge = _Rank(asked, weights, names, _kin(asked, names, alike))
    found = [judge.of(*one) for one in zip(candidates, near, places, strict=True)]
    found.sort(key=lambda one: (-one.score, one.unit.passage.id, one.unit.at))
    everywhere = frozenset[str]().union(*(_spelled(hit, names) for hit in hits))
    unknown = tuple(word.text for key, word in asked.about.items() if met(key, everywhere) == 0)
    return Ranked(tuple(found), hits, unknown, names)


def _meant(
    question: str, candidates: Sequence[Unit], names: Names, alike: Alike | None
) -> tuple[list[float], list[float]]:
    """How near each unit is by itself, and behind its source's title: what a document is about it seldom repeats."""
    if alike is None or not candidates:
        return [0.0] * len(candidates), [0.0] * len(candidates)
    own = [names.written(unit.text) for unit in candidates]
    behind = [f"{' '.join(unit.passage.title.split()[:TITLE])}: {names.written(unit.own)}" for unit in candidates]
    near = list(alike(names.written(question), [*own, *behind]))
    return near[: len(own)], near[len(own) :]


Kin = Mapping[frozenset[str], float]
"""Names that the sources explain and that mean nearly what is asked about, by the keys of their long forms."""


def _kin(asked: Ask, names: Names, alike: Alike | None) -> Kin:
    """Hepatocellular carcinoma, where liver cancer is asked for: as sure as the two are near in meaning."""
    about = topic(asked)
    if alike is None or len(about) < FEW or not names.spelt:
        return {}
    long = sorted(names.spelt)
    near = alike(" ".join(about.values()), [names.spelt[short] for short in long])
    return {names.of[short]: close for short, close in zip(long, near, strict=True) if close >= KINDRED}


class _Rank:
    def __init__(self, asked: Ask, weights: dict[str, float], names: Names, kin: Kin) -> None:
        self.asked, self.weights, self.names, self.kin = asked, weights, names, kin
        self.topic = frozenset(topic(asked))
        self.total = sum(weights.values()) or 1.0
        self.turns = turns(asked.question)
        named = [key for key in weights if not key.startswith("#")]
        top = sorted(named, key=lambda key: (-weights[key], key))[:2]
        self.core = top[0] if len(named) > FEW and weights[top[0]] >= RARE * weights[top[1]] else ""
        # Words that make one name together mean it only together.
        self.whole = [long for long in names.of.values() if long <= weights.keys()]

    def of(self, unit: Unit, near: float, place: Place) -> Found:
        own = self.names.spelled(keys_of(unit.text))
        passage = self.names.spelled(keys_of(unit.passage.text) | keys_of(unit.passage.section))
        title = self.names.spelled(keys_of(unit.passage.title))
        covers = around = 0.0
        sure, beside, above = self._met(own), self._met(passage), self._met(title)
        for key, weight in self.weights.items():
            covers += weight * sure[key]
            around += weight * max(sure[key], BESIDE_TEXT * beside[key], BESIDE_TITLE * above[key])
        core = self.core
        told = max(sure[core], BESIDE_TEXT * beside[core], BESIDE_TITLE * above[core]) if core else None
        facets = frozenset(facet.name for facet in self.asked.facets if facet.told.search(unit.own))
        opening = self._opening(unit)
        opens = opening > WORDY
        score = around / self.total + MEANING * near + (EARLY if opens else 0.0)
        if self.asked.facets:
            score += FACET * min(len(facets), 2) / min(len(self.asked.facets), 2)
        turned = bool(self.turns & turns(unit.text))
        score += TURNED if turned else 0.0
        against = opposed(self.weights, own) and not opposed(self.weights, keys_of(self.asked.question))
        score -= OPPOSED if against else 0.0
        defines = self.asked.defines and opens and _is_definition(unit.texts[0])
        score += FACET if defines else 0.0
        first = bool(self.asked.facets) and self.asked.facets[0].name in facets
        fits = (
            score
            + MEANING * max(0.0, place.titled - near)
            + COVERS * covers / self.total
            + FIRST * first
            + MORE * turned
            + MORE * (defines and self.asked.defines)
        )
        return Found(
            unit, round(score, 4), round(covers / self.total, 4), round(around / self.total, 4), round(near, 3),
            content(unit.text), facets, defines, turned, told,
            round(fits + standing(self.asked, unit, place, self.names), 4), round(place.titled, 3),
            round(held(head(self.asked), unit.text, self.names), 3),
        )  # fmt: skip

    def _met(self, held: frozenset[str]) -> dict[str, float]:
        found = {key: met(key, held) for key in self.weights}
        for long in self.whole:
            least = min(found[key] for key in long)
            found.update(dict.fromkeys(long, least if least == 1 else least * PARTLY))
        for long, near in self.kin.items():
            if long <= held:
                found |= {key: max(sure, near) for key, sure in found.items() if key in self.topic}
        return found

    def _opening(self, unit: Unit) -> float:
        opening = " ".join(unit.texts[0].split()[:OPENING])
        held = self.names.spelled(keys_of(opening))
        return sum(weight * met(key, held) for key, weight in self.weights.items()) / self.total


def _is_definition(text: str) -> bool:
    """By its own verb: not by that of a clause which hangs on (`often grows into ..., which is called ...`)."""
    opening = re.split(r",? (?:which|that|where|who|because)\b", " ".join(text.split()[:14]), maxsplit=1)[0].split()
    return any(word.strip(",;()") in _DEFINING for word in opening)


_DEFINING: Final = frozenset(
    (
        "is",
        "are",
        "means",
        "mean",
        "arises",
        "brings",
        "describes",
        "called",
        "was",
        "were",
        "compared",
        "sets",
        "adds",
        "gives",
        "allow",
        "allows",
    )
)


def content(text: str) -> frozenset[str]:
    """The telling keys of a text, for comparing two: without beginnings of words and groups."""
    return frozenset(key for key in terms(words(text)) if not key.endswith("*") and not key.startswith("~"))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller that both have."""
    return len(one & other) / (min(len(one), len(other)) or 1)


def _spelled(hit: Hit, names: Names) -> frozenset[str]:
    return names.spelled(keys_of(hit.passage.text) | keys_of(hit.passage.title) | keys_of(hit.passage.section))


def covered(asked: Ask, chosen: Iterable[Found], names: Names) -> dict[str, float]:
    """How surely the chosen units, with the passages around them, speak of each word of the question."""
    held = [
        (
            names.spelled(keys_of(one.unit.text)),
            names.spelled(keys_of(f"{one.unit.passage.title} {one.unit.passage.text}")),
        )
        for one in chosen
    ]
    return {
        key: max((max(met(key, own), BESIDE_TEXT * met(key, beside)) for own, beside in held), default=0.0)
        for key in asked.about
    }


def spoken(asked: Ask, text: str, found: Ranked) -> float:
    """The share of the question's words that ``text`` speaks of; 1 where it has none."""
    held = found.names.spelled(keys_of(text))
    sure = [met(key, held) for key in asked.about]
    return sum(sure) / len(sure) if sure else 1.0

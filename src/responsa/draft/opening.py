"""What speaks for a unit as the opening of an answer: plain features of sentence, passage and source, weighed."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from responsa.draft.asks import Ask, Names, met, topic, turns
from responsa.draft.facets import FACETS
from responsa.draft.units import Unit
from responsa.evidence.terms import keys_of
from responsa.evidence.words import Word, words

WEIGHTS: Final = {
    "states": 0.45, "side early": 0.2, "beside": 0.25, "first": 0.15, "passage": 1.0, "titled": 0.3, "amount": 0.4,
    "title only": 0.2, "denies": -0.27, "narrow": -0.3, "study": -0.3, "circumstance": -0.25, "leans": -0.25,
    "together": 0.4, "another side": -0.4, "head": 0.4, "another number": -0.5,
    "turned away": -0.25,
}  # fmt: skip
"""What each feature counts beside how well words and meaning fit. Set by hand, then moved by a conditional logit, held
near that, on the tuned questions of ``bench/draft/opening.py`` and ``sections.py``."""
EARLY: Final = 9
"""Words that open a sentence."""
HEAD, APART = 3, 5
"""Words that are what a sentence is on; words between neighbours, both counted."""
_TELLING: Final = 0.6
_OF: Final = re.compile(r"(?<=\w) (?:of|with|after|for|in|between|to|from|by|on|at|during|among)\b", re.IGNORECASE)
_HOW: Final = re.compile(r"\s*how (?:is|are|was|were|do|does|did|can|should|may)\b", re.IGNORECASE)
"""What follows is said of something by its last word: `How is X staged?`"""
_ASKING: Final = frozenset({"what", "which", "who", "how", "why", "when", "where", "often", "long", "many", "much"})
_CIRCUMSTANCE: Final = re.compile(r"(?:In|After|Of|At|On|For|With|Among|During|Before|Until|Since|Where|When|By)\b")
_STUDY: Final = re.compile(
    r"\b(?:trials?|stud(?:y|ies|ied)|researche?r?s?|scientists|investigat\w+|randomi[sz]ed|registry|centres?|centers?|"
    r"compared|(?:selected|pretreated|consecutive|eligible|\d+) (?:\w+ )?(?:patients|people|adults|children)|"
    r"hazard ratio)\b"
    r"|\bp [=<]|\d\W?%",
    re.IGNORECASE,
)


_DENIES: Final = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|contraindicated|without|unknown|unclear|under study)\b|n['’]t\b",
    re.IGNORECASE,
)


class Place(Struct, frozen=True):
    """``passage``: how near a unit's passage is, as a share of the nearest; ``titled``: the unit with its title."""

    passage: float
    titled: float


def features(asked: Ask, unit: Unit, place: Place, names: Names) -> dict[str, float]:
    """Numbers between 0 and 1, and counts of sentences, by the names of ``WEIGHTS``."""
    early = " ".join(unit.own.split()[:EARLY])
    return {
        "states": float(any(facet.stated.search(unit.own) for facet in asked.facets)),
        "side early": float(any(facet.told.search(early) for facet in asked.facets)),
        "beside": _beside(asked, unit),
        "first": float(unit.at == 0),
        "passage": place.passage,
        "titled": place.titled,
        "amount": float(asked.amount is not None and asked.amount.search(unit.own) is not None),
        "title only": _known(asked, unit.passage.title, names),
        "denies": float(_DENIES.search(unit.own) is not None and _DENIES.search(asked.question) is None),
        "narrow": _narrow(asked, unit.own, names),
        "study": float(not _counts(asked) and _STUDY.search(unit.own) is not None),
        "circumstance": float(_CIRCUMSTANCE.match(unit.own) is not None) * (1 - _known(asked, early, names)),
        "head": held(head(asked), unit.text, names),
        "another number": float(not _held_numbers(asked.question, unit.own)),
        "together": _together(asked, unit.own, names),
        "another side": _another_side(asked, unit.own),
        "turned away": float(_turned_away(asked, unit.text)),
        "leans": float(len(unit.texts) - 1),
    }


def standing(asked: Ask, unit: Unit, place: Place, names: Names) -> float:
    """How much speaks for a unit as the opening of an answer, beside how well its words and meaning fit."""
    return sum(WEIGHTS[name] * value for name, value in features(asked, unit, place, names).items())


def _told(text: str) -> list[Word]:
    return [word for word in words(text) if word.weight >= _TELLING and word.value is None]


def _known(asked: Ask, text: str, names: Names) -> float:
    """The share of a text's telling words that the question has, or that name a side it asks for."""
    told = _told(text)
    ours = names.spelled(keys_of(asked.question))
    sides = frozenset[str]().union(*(facet.words for facet in asked.facets))
    return sum(1.0 if word.key in sides else met(word.key, ours) for word in told) / (len(told) or 1)


def _beside(asked: Ask, unit: Unit) -> float:
    """How much of the passage shows a side that is asked for: a paragraph on symptoms."""
    pieces = [piece for piece in re.split(r"(?<=[.!?]) ", unit.passage.text) if piece]
    shown = sum(any(facet.told.search(piece) for facet in asked.facets) for piece in pieces)
    return shown / (len(pieces) or 1)


def _narrow(asked: Ask, text: str, names: Names) -> float:
    """The share of what is asked about that stands behind a word which narrows it: `perihilar cholangiocarcinoma`."""
    ours = names.spelled(keys_of(asked.question))
    sides = frozenset[str]().union(*(facet.words for facet in asked.facets))
    found = words(text)
    known = [word.key in sides or met(word.key, ours) > 0 for word in found]
    met_at = [at for at, word in enumerate(found) if known[at] and word.weight >= _TELLING and word.key in asked.about]
    narrowed = [at for at in met_at if at and not known[at - 1] and found[at - 1].weight >= _TELLING]
    return len(narrowed) / (len(met_at) or 1)


def _counts(asked: Ask) -> bool:
    """Whether a question wants figures, or speaks of studies itself: then they are no detail."""
    return (
        asked.amount is not None
        or _STUDY.search(asked.question) is not None
        or any(facet.name in {"outcome", "frequency", "comparison"} for facet in asked.facets)
    )


def _together(asked: Ask, text: str, names: Names) -> float:
    """The share of the question's neighbouring words that are neighbours in the text too."""
    wanted = [word.key for word in words(asked.question) if word.weight >= _TELLING or word.key in asked.about]
    pairs = [(one, other) for one, other in pairwise(wanted) if one in asked.about or other in asked.about]
    told = [names.spelled(keys_of(word.text)) for word in words(text)]
    near = sum(any(_both(one, other, told[at : at + APART]) for at in range(len(told))) for one, other in pairs)
    return near / (len(pairs) or 1)


def _both(one: str, other: str, told: Sequence[frozenset[str]]) -> bool:
    return any(one in keys for keys in told) and any(other in keys for keys in told)


def head(asked: Ask) -> list[str]:
    """What is asked before it is said of what: `median survival`, in `the median survival of people with ...`."""
    told = _told(_OF.split(asked.question, maxsplit=1)[0])
    if _HOW.match(asked.question):
        return [word.key for word in told[-1:]]
    about = topic(asked)
    return [word.key for word in told if word.lower not in _ASKING and word.key not in about]


def held(keys: Sequence[str], text: str, names: Names) -> float:
    """The share of the words that a text has."""
    held = names.spelled(keys_of(text))
    return sum(met(key, held) for key in keys) / len(keys) if keys else 0.0


def _held_numbers(question: str, text: str) -> bool:
    wanted = {word.key for word in words(question) if word.value is not None}
    return wanted <= {word.key for word in words(text)}


def _turned_away(asked: Ask, text: str) -> bool:
    """Whether it speaks of what comes after, before or without what is asked about, and the question does not."""
    ours = turns(asked.question)
    return any(turn not in ours and turn[1] in asked.about for turn in turns(text))


def _another_side(asked: Ask, text: str) -> float:
    """Whether it opens with a side that is not asked for: `Treatment of X ...`, where its stages are."""
    opening = " ".join(text.split()[:HEAD])
    return float(
        not any(facet.asked.search(opening) for facet in asked.facets)
        and any(facet.asked.search(opening) for facet in FACETS if facet not in asked.facets)
    )

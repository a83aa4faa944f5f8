"""Whether two questions ask the same, by the words in which they differ.

Vectors cannot tell: "military causes" and "political causes" are as near as "causes" and "reasons" are. So the words
decide: what differs must be words that mean the same here, or words that add nothing to a question.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from msgspec import Struct

from responsa.relate.words import stem, words

_ASPECTS: Final = {
    "importance": "importance important significance significant matter essential crucial vital critical relevance",
    "cause": "cause reason why source origin",
    "effect": "effect impact consequence affect influence result implication outcome ramification",
    "difference": "difference differ different distinguish distinction differentiate compare comparison contrast vs",
    "kind": "kind type category class classification classify form",
    "part": "part component element constituent",
    "feature": "feature characteristic property trait attribute quality",
    "benefit": "benefit advantage pro strength",
    "drawback": "drawback disadvantage limitation con weakness shortcoming",
    "problem": "problem challenge difficulty issue obstacle barrier",
    "role": "role function purpose contribute contribution",
    "way": "way method technique strategy approach manner mean",
    "step": "step stage phase procedure",
    "example": "example instance illustrate illustration",
    "use": "use application apply utilize utilization employ usage",
    "find": "find calculate compute determine calculation determination solve",
    "sign": "sign symptom manifestation presentation",
    "treatment": "treatment treat therapy management manage",
    "begin": "begin start initiate",
    "make": "make create produce form",
    "show": "show demonstrate exhibit display reveal",
    "help": "help assist aid support facilitate",
    "improve": "improve enhance increase boost",
    "occur": "occur happen",
    "duty": "duty responsibility task obligation",
    "theme": "theme idea message topic subject",
    "goal": "goal aim objective",
    "rule": "rule regulation",
    "idea": "concept notion idea",
    "person": "person people individual",
    "student": "student learner pupil",
    "get": "get obtain acquire",
    "need": "need require requirement necessary",
    "change": "change alter alteration modify modification",
    "relationship": "relationship relation relate connection link correlate correlation",
    "prevent": "prevent avoid prevention",
    "teacher": "teacher instructor educator",
    "child": "child children",
    "woman": "woman women",
    "man": "man men",
    "doctor": "doctor physician",
    "usa": "usa us american america",
}  # fmt: skip
"""Words that ask for one and the same thing, by the name of what they ask for."""
_EMPTY: Final = frozenset(
    """a about according all an and any are article as associated at be been being between briefly broadly by can
    common commonly could define defined definition describe described detail discuss discussed do does doing each
    explain explained exactly for from general generally get give given had has have having i identify in include
    included including into involve involved is it its just key know known list main mainly major may mean meaning
    meant mention might more most must name often of on one or other our outline overview particular particularly
    perform performed play please possible primarily primary principal provide refer referred regard regarding related
    respect shall should so some specific specifically state such summarize term terms than that the their them then
    there these they thing this those through to today typical typically upon used using usually various very was we
    were what when which while will with within would you your called consider considered involves overall different
    effective effectively""".split()  # noqa: SIM905
)
_NOT: Final = frozenset(("not", "no", "without", "never", "non", "except", "neither", "nor", "least", "cannot"))
_ASKING: Final = {"who": "who", "whom": "who", "whose": "who", "where": "where", "when": "when", "why": "why"}
_IMPLIED: Final = {
    "how": frozenset(("difference", "effect", "role", "relationship", "importance")),
    "why": frozenset(("importance",)),
}
"""What the rest of the question says already: "how does it affect" is "what effect has it"."""
_TURNABLE: Final = frozenset(("difference", "and", "relationship"))
_SIDED: Final = frozenset(("feature", "effect"))
"""Aspects that are asked of one of the two: "features of gases that differ from liquids" has its direction."""
_ENDINGS: Final = frozenset(
    """s al ally ic ical ion tion ation ional ive ative is tic ity ly ment ist ism y e ous ence ance ency ancy ent ant
    ing ed ial ary""".split()  # noqa: SIM905
) | {""}
_ROOT: Final = 5


class Asked(Struct, frozen=True):
    """What a question asks: its telling words in order, each as what it stands for."""

    words: tuple[str, ...]

    @property
    def telling(self) -> frozenset[str]:
        """The words without their order."""
        return frozenset(self.words)


def same(one: Asked, other: Asked) -> bool:
    """Whether one answer serves both: no word of either is without its like in the other, in an order that fits."""
    left, right = one.telling - other.telling, other.telling - one.telling
    if not _paired(left, right):
        return False
    shared = one.telling & other.telling
    if shared & _TURNABLE and not shared & _SIDED:
        return True
    return _order(one, shared) == _order(other, shared)


@lru_cache(maxsize=1 << 16)
def asked(question: str) -> Asked:
    """The telling words of a question."""
    found = dict.fromkeys(meant for word in words(question) if (meant := _meant(word)))
    implied = {word for word, names in _IMPLIED.items() if names & found.keys()}
    return Asked(tuple(word for word in found if word not in implied))


def differing(one: Asked, other: Asked) -> tuple[frozenset[str], frozenset[str]]:
    """The telling words that only one of the two has."""
    return one.telling - other.telling, other.telling - one.telling


def _paired(left: Iterable[str], right: Iterable[str]) -> bool:
    rest = set(right)
    for word in sorted(left):
        like = next((other for other in sorted(rest) if _kin(word, other)), None)
        if like is None:
            return False
        rest.discard(like)
    return not rest


def _kin(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: ``diagnos-is``, ``diagnos-tic``; never ``methan-e``, ``methan-ol``."""
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= _ROOT and one[shared:] in _ENDINGS and other[shared:] in _ENDINGS


def _order(question: Asked, shared: frozenset[str]) -> list[str]:
    return [word for word in question.words if word in shared and word not in _BY_NAME]


def _meant(word: str) -> str:
    if word in _NOT:
        return "not"
    if word in _ASKING:
        return _ASKING[word]
    if word in _EMPTY:
        return ""
    folded = stem(word)
    return _NAMES.get(folded, folded)


_BY_NAME: Final = frozenset(_ASPECTS)
_NAMES: Final = {stem(word): name for name, listed in _ASPECTS.items() for word in listed.split()}

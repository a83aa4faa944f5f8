"""Opposites: higher for lower, before for after, recommended for contraindicated, women for men."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from responsa.evidence.differences.laid import Laid
from responsa.evidence.differences.population import is_person
from responsa.evidence.lexicon import AXES, PREFIXES, RECOMMENDATIONS
from responsa.evidence.verdict import Difference, Kind
from responsa.evidence.words import Word, stem

_RECOMMENDED: Final = frozenset(stem(word) for word in RECOMMENDATIONS)
_STEMMED: Final = {
    key: frozenset[tuple[int, bool]]().union(*(axes for word, axes in AXES.items() if stem(word) == key))
    for key in {stem(word) for word in AXES}
}


def opposites(laid: Laid, ours: range, theirs: range) -> None:
    """The first word of the claim whose opposite stands in its place."""
    for at in ours:
        axes = axes_of(laid.ours[at])
        for place in theirs:
            opposed = any((axis, not pole) in axes_of(laid.theirs[place]) for axis, pole in axes)
            if _prefixed(laid.ours[at], laid.theirs[place]) or (opposed and not axes & axes_of(laid.theirs[place])):
                laid.found(Difference(_sort(laid.ours[at]), laid.ours[at].text, laid.theirs[place].text), at)
                return


def axes_of(word: Word) -> frozenset[tuple[int, bool]]:
    """The axes of opposites on which a word lies, and at which pole."""
    return _axes_of(word.lower, word.key)


@lru_cache(maxsize=1 << 14)
def _axes_of(lower: str, key: str) -> frozenset[tuple[int, bool]]:
    found = AXES.get(lower, frozenset()) | _STEMMED.get(key, frozenset())
    return found.union(*(AXES[base] for base in _bases(lower) if base in AXES))


def _bases(lower: str) -> Iterator[str]:
    """Of what a word may be a form: `rarer`, `biggest`, `falling`, `coldness`."""
    for ending in ("er", "est", "ing", "ed", "ly", "ness"):
        root = lower.removesuffix(ending)
        if root != lower and len(root) > 2:  # noqa: PLR2004 - `her`, `sing`
            yield from (root, f"{root}e")
            if root.endswith("i"):
                yield f"{root[:-1]}y"
            if root[-1] == root[-2]:
                yield root[:-1]


def _prefixed(one: Word, two: Word) -> bool:
    """`hyperactive` and `hypoactive`."""
    if one.lower[-4:] != two.lower[-4:]:
        return False
    for first, second in PREFIXES:
        for mine, other in ((first, second), (second, first)):
            root = one.lower.removeprefix(mine)
            if len(root) > 3 and root != one.lower and two.lower == other + root:  # noqa: PLR2004 - `inform`, `exform`
                return True
    return False


def _sort(word: Word) -> Kind:
    if is_person(word):
        return "population"
    return "recommendation" if word.lower in RECOMMENDATIONS or word.key in _RECOMMENDED else "direction"

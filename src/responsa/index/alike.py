"""Whether two questions ask the same: how near they are in meaning and in words, weighed as doctors judged."""

import math
from collections.abc import Callable, Iterable
from typing import Final

from responsa.index.stems import Stems, words

FEATURES: Final = ("cosine", "letters", "stems", "telling", "rare of all", "rare of fewer", "numbers", "length")
WEIGHTS: Final = (14.49, 0.96, 3.87, 4.96, -2.22, -6.57, 0.22, -0.66, -9.33)
"""Of ``FEATURES`` and the constant, fitted on 3,048 pairs of medical questions by bench/quality/mqp.py."""
_STEMS: Final = Stems()

Rarity = Callable[[str], float]
"""How much a stem tells, such as ``Words.idf``."""


def chance(one: str, other: str, cosine: float, rarity: Rarity) -> float:
    """The probability, 0 to 1, that one answer serves both; ``cosine`` is that of the encoder's vectors."""
    found = (*features(one, other, cosine, rarity), 1.0)
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(WEIGHTS, found, strict=True))))


def features(one: str, other: str, cosine: float, rarity: Rarity) -> tuple[float, ...]:
    """The values of ``FEATURES``, the same either way round."""
    first, second = words(one), words(other)
    told = {*_STEMS.asked(one)}, {*_STEMS.asked(other)}
    both = told[0] & told[1]
    digits = {word for word in first if word.isdigit()}, {word for word in second if word.isdigit()}
    shorter, longer = sorted((len(first), len(second)))
    return (
        cosine,
        _shared(_threes(" ".join(first)), _threes(" ".join(second))),
        _shared({*_STEMS.of(one)}, {*_STEMS.of(other)}),
        len(both) / max(1, min(map(len, told))),
        _weight(both, rarity) / (_weight(told[0] | told[1], rarity) or 1.0),
        _weight(both, rarity) / (min(_weight(stems, rarity) for stems in told) or 1.0),
        float(digits[0] != digits[1]),
        shorter / max(1, longer),
    )


def _weight(stems: Iterable[str], rarity: Rarity) -> float:
    return math.fsum(map(rarity, stems))


def _threes(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(max(1, len(text) - 2))}


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))

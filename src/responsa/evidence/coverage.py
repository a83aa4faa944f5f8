"""How likely the nearest passages carry a claim: seven plain features and a logistic regression.

Words only, no vectors: a number that a ledger keeps must be the same on every machine.
"""

import math
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

from responsa.evidence.retrieval import Hit, Window, windows
from responsa.evidence.words import Word, words

Features = tuple[float, ...]
NAMES: Final = (
    "window", "passage", "passages", "numbers lacking", "names lacking", "negation", "length",
)  # fmt: skip
"""What ``features`` gives, in order."""
_CAP: Final = 3
_CONTENT: Final = 0.6
"""Weight from which a word is no function word."""


class Model(Struct, frozen=True, forbid_unknown_fields=True):
    """Weights by feature; made by ``bench/evidence/covering.py --write``, which ``trained_on`` sums up."""

    intercept: float
    weights: dict[str, float]
    trained_on: str

    def probability(self, found: Features) -> float:
        """To three decimals, so that the last bit of a machine's ``exp`` never shows."""
        total = self.intercept + sum(self.weights[name] * value for name, value in zip(NAMES, found, strict=True))
        return round(1 / (1 + math.exp(-total)), 3)


MODEL: Final = msgspec.json.decode(files(__package__).joinpath("coverage.json").read_bytes(), type=Model)


def covered(claim: str, hits: Sequence[Hit]) -> float:
    """The chance, 0 to 1, that the passages carry the claim; 0 without passages."""
    return MODEL.probability(features(claim, hits)) if hits else 0.0


def features(claim: str, hits: Sequence[Hit]) -> Features:
    """Shares of the claim's weight of words in the best window, in the best passage and in all; what all lack.

    ``hits`` must not be empty.
    """
    own = words(claim)
    weights = {word.key: word.weight for word in own if word.weight >= _CONTENT}
    pieces = [windows(hit.passage.text) for hit in hits]
    near = max(
        (window for part in pieces for window in part),
        key=lambda window: _share(weights, window.keys),
        default=Window("", (), frozenset()),
    )
    held = [frozenset[str]().union(*(window.keys for window in part)) for part in pieces]
    everywhere = frozenset[str]().union(*held)
    return (
        _share(weights, near.keys),
        max(_share(weights, keys) for keys in held),
        _share(weights, everywhere),
        _lacking((word for word in own if word.value is not None), everywhere),
        _lacking((word for word in own if word.value is None and word.name), everywhere),
        float(_negated(own) != _negated(near.words)),
        round(math.log1p(len(weights)), 6),
    )


def _share(weights: dict[str, float], held: frozenset[str]) -> float:
    """Summed in the claim's order: a set's order, and with it the last digit, changes from process to process."""
    return round(sum(weight for key, weight in weights.items() if key in held) / (sum(weights.values()) or 1.0), 6)


def _lacking(wanted: Iterable[Word], held: frozenset[str]) -> float:
    return float(min(_CAP, len({word.key for word in wanted} - held)))


def _negated(text: Iterable[Word]) -> bool:
    return sum(word.negation for word in text) % 2 == 1

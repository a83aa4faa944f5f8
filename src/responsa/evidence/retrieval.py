"""The passages nearest to a claim, by words (BM25); plain Python, for a shelf of any size."""

import math
from collections.abc import Iterable
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from typing import Final

from msgspec import Struct

from responsa.evidence.passages import Passage
from responsa.evidence.plain import whole_spans
from responsa.evidence.postings import Postings, Span, build
from responsa.evidence.sentences import sentences
from responsa.evidence.terms import MEANT, keys_of, terms
from responsa.evidence.words import Word, words

__all__ = ["MEANT", "Hit", "Nearest", "Window", "windows"]

COMMON: Final = 1_000
"""Passages: a word that stands in more of them brings up none by itself."""
_DEAR: Final = 12
"""A look-up costs as much as so many steps along the list."""
_SLACK: Final = 1e-6
"""Sums of the same numbers in another order differ by less."""


class Hit(Struct, frozen=True):
    """A passage and how near it is; ``cover`` is the share of the claim's weight of words that its text holds.

    ``cover`` depends on the two texts alone: a verdict that rests on it stands while other sources come and go.
    """

    passage: Passage
    score: float
    cover: float


class _Term(Struct, frozen=True):
    share: float
    span: Span


class Nearest:
    """Finds passages. Ties go by the passage's id, so that the answer is the same everywhere."""

    name = "words"

    def __init__(self, passages: Iterable[Passage] | Postings) -> None:
        self.postings = passages if isinstance(passages, Postings) else Postings(build(passages))

    @property
    def names(self) -> frozenset[str]:
        """Words that the passages write with a capital."""
        return self.postings.names

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All of them, in the order of the shelf."""
        return tuple(map(self.postings.passage, range(self.postings.count)))

    def search(self, text: str, lead: str = "", k: int = 5) -> list[Hit]:
        """The best ``k``; none where no word meets."""
        wanted = {key: min(count, 1.0) for key, count in terms(words(text), words(lead)).items()}
        return [self.hit(number, score, text) for number, score in self.scored(wanted, k).items()]

    def scored(self, wanted: dict[str, float], k: int) -> dict[int, float]:
        """Numbers and scores of the best ``k`` passages, best first."""
        chosen = (
            _Term(count * self.idf(key), span)
            for key, count in wanted.items()
            if (span := self.postings.keys.get(key)) is not None
        )
        scores = self._scores(sorted(chosen, key=lambda term: (-term.share * term.span.top, term.span.start)), k)
        rank = self.postings.rank
        best = sorted(scores, key=lambda number: (-round(scores[number], 6), rank[number]))[:k]
        return {number: scores[number] for number in best}

    def idf(self, key: str) -> float:
        """The weight of a word by how many passages hold it."""
        span = self.postings.keys.get(key)
        held = span.end - span.start if span else 0
        return math.log(1 + (self.postings.count - held + 0.5) / (held + 0.5))

    def _scores(self, wanted: list[_Term], k: int) -> dict[int, float]:
        """Of the best ``k`` and some others.

        A word is looked up only for passages that others brought up, once ``k`` of them are there that nothing new
        can overtake (MaxScore, Turtle and Flood 1995), or where it stands in more than ``COMMON`` passages.
        """
        rest = [0.0]
        for term in reversed(wanted):
            rest.append(rest[-1] + term.share * term.span.top)
        rest.reverse()
        scores: dict[int, float] = {}
        for at, term in enumerate(wanted):
            full = len(scores) >= k
            if full and _kth(scores, k) > rest[at] + _SLACK:
                return self._finished(scores, wanted[at:], rest[at:], k)
            self._add(scores, term, only=full and term.span.end - term.span.start > COMMON)
        return scores

    def _add(self, scores: dict[int, float], term: _Term, *, only: bool) -> None:
        """To every passage that holds the term, or ``only`` to those that have a score."""
        span, share = term.span, term.share
        if only and len(scores) * _DEAR < span.end - span.start:
            for number in scores:
                scores[number] += share * self.postings.weight(span, number)
            return
        numbers = self.postings.numbers[span.start : span.end]
        weights = self.postings.weights[span.start : span.end]
        for number, weight in zip(numbers, weights, strict=True):
            if not only or number in scores:
                scores[number] = scores.get(number, 0.0) + share * weight

    def _finished(self, scores: dict[int, float], wanted: list[_Term], rest: list[float], k: int) -> dict[int, float]:
        for at, term in enumerate(wanted):
            least = _kth(scores, k) - rest[at] - _SLACK
            scores = {number: score for number, score in scores.items() if score >= least}
            self._add(scores, term, only=True)
        return scores

    def hit(self, number: int, score: float, claim: str) -> Hit:
        """A passage that was found, and how much of the claim's own words its text holds."""
        passage = self.postings.passage(number)
        held = keys_of(passage.text)
        own = {key: min(count, 1.0) for key, count in terms(words(claim)).items()}
        cover = sum(count for key, count in own.items() if key in held) / (sum(own.values()) or 1.0)
        return Hit(passage, round(score, 6), round(cover, 6))


def _kth(scores: dict[int, float], k: int) -> float:
    return nlargest(k, scores.values())[-1] if len(scores) >= k else float("-inf")


class Window(Struct, frozen=True):
    """A sentence of a passage, or two that follow each other, with its words."""

    text: str
    words: tuple[Word, ...]
    keys: frozenset[str]


@lru_cache(maxsize=1 << 14)
def windows(passage: str) -> tuple[Window, ...]:
    """Every sentence of a passage, and every two that follow each other."""
    single = [_window(text, words(text)) for text in _sentences(passage)]
    pairs = [_window(f"{one.text} {two.text}", one.words + two.words) for one, two in pairwise(single)]
    return (*single, *pairs)


def _window(text: str, held: tuple[Word, ...]) -> Window:
    return Window(text, held, frozenset(word.key for word in held))


def _sentences(passage: str) -> list[str]:
    return [passage[start:end] for start, end in sentences(passage, whole_spans(passage))]

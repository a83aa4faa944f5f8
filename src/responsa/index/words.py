"""The lexical half: BM25 over questions and answers, with typos forgiven and phrases kept together."""

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.index.near import Spellings
from responsa.index.places import Sought, together
from responsa.index.segment import Segment
from responsa.index.stems import Stems, packed

K1: Final = 0.9
B: Final = 0.6
"""As Robertson and Zaragoza 2009 name them; chosen by bench/quality/tune.py."""
FORGIVEN: Final = 0.7
"""What a near spelling counts beside the word itself."""

Scores = NDArray[np.float32]


class Place(Struct, frozen=True):
    """Where a word stands in one segment: rows of the living articles and how often each holds it."""

    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]


class Lexical(Struct, frozen=True):
    """What the words of a query lead to.

    ``scores`` has a row an article, 0 where none of the words is. ``reach`` is the score of an article that holds
    every word many times. ``phrases``: rows that hold what the query has in quotes, or nothing where it has no quotes.
    ``respelled`` are words that no article has with the spellings taken instead; ``sought`` is each word as the stems
    that are looked for, with how telling it is.
    """

    scores: Scores
    reach: float
    phrases: NDArray[np.bool_] | None = None
    respelled: dict[str, tuple[str, ...]] = {}
    sought: Sought = ()


class Words:
    """Segments seen through the sorted ``numbers`` of living articles: row r is the article ``numbers[r]``."""

    def __init__(self, segments: Sequence[Segment], numbers: NDArray[np.int64], stems: Stems) -> None:
        self.stems, self.count, self._numbers = stems, len(numbers), numbers
        self._segments = [(segment, _rows(segment.numbers, numbers)) for segment in segments]
        self._gone = [bool(len(rows)) and int(rows.min()) < 0 for _, rows in self._segments]
        lengths = np.zeros(self.count, np.int64)
        for segment, rows in self._segments:
            lengths[rows[rows >= 0]] = segment.lengths[rows >= 0]
        # Whole numbers until here: the mean is the same whatever the order of the articles.
        mean = max(1.0, int(lengths.sum()) / max(1, self.count))
        self._norm: Scores = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)

    def search(self, query: str) -> Lexical:
        """Every article's score. A word that no article has counts as the rarest, or by its nearest spellings."""
        scores = np.zeros(self.count, np.float32)
        sought, respelled = list[tuple[list[bytes], float]](), dict[str, tuple[str, ...]]()
        for stem, word in self.stems.asked(query).items():
            places = self._places(packed(stem))
            if places:
                sought.append(([packed(stem)], self._add(scores, places, 1.0)))
            else:
                near = self._near(packed(stem))
                if near:
                    respelled[word] = tuple(other.decode("utf-8", "replace") for other in near)
                sought.append((near, self._add_near(scores, near)))
        reach = math.fsum(weight for _, weight in sought) * (K1 + 1)
        return Lexical(scores, reach, self._phrases(query), respelled, sought)

    def together(self, sought: Sought, rows: NDArray[np.intp]) -> Scores:
        """How much of a query each article holds in one place (``places.together``)."""
        found, numbers = np.zeros(len(rows), np.float32), self._numbers[rows]
        for segment, of_segment in self._segments:
            docs = np.minimum(np.searchsorted(segment.numbers, numbers), len(segment.numbers) - 1)
            here = np.flatnonzero(of_segment[docs] == rows)
            if len(here):
                found[here] = together(segment, docs[here].tolist(), sought)
        return found

    def idf(self, stem: str) -> float:
        """How telling a word is; a word of no article is the most telling."""
        return _idf(self.count, sum(len(place.rows) for place in self._places(packed(stem))))

    def known(self, stem: str) -> int:
        """How many articles hold the word."""
        return sum(len(place.rows) for place in self._places(packed(stem)))

    def _places(self, word: bytes) -> list[Place]:
        found: list[Place] = []
        for (segment, rows), gone in zip(self._segments, self._gone, strict=True):
            if (term := segment.term(word)) is None:
                continue
            docs, counts = segment.places(term)
            here = rows[docs]
            if gone:
                alive = here >= 0
                here, counts = here[alive], counts[alive]
            if len(here):
                found.append(Place(here, counts))
        return found

    def _add(self, scores: Scores, places: list[Place], share: float) -> float:
        """Add a word to the scores; its idf."""
        idf = _idf(self.count, sum(len(place.rows) for place in places))
        weight = np.float32(share * idf * (K1 + 1))
        for place in places:
            often = place.counts.astype(np.float32)
            scores[place.rows] += weight * often / (often + self._norm[place.rows])
        return idf

    def _add_near(self, scores: Scores, words: list[bytes]) -> float:
        best = np.zeros(self.count, np.float32)
        for word in words:
            alone = np.zeros(self.count, np.float32)
            self._add(alone, self._places(word), FORGIVEN)
            np.maximum(best, alone, out=best)
        scores += best
        return _idf(self.count, 0)

    def _near(self, word: bytes) -> list[bytes]:
        return [near for near in self._spellings.near(word) if self._places(near)]

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(term for segment, _ in self._segments for term in segment.terms.tolist())

    def _phrases(self, query: str) -> NDArray[np.bool_] | None:
        phrases = self.stems.phrases(query)
        if not phrases:
            return None
        held = np.ones(self.count, np.bool_)
        for phrase in phrases:
            here = np.zeros(self.count, np.bool_)
            here[[row for segment, rows in self._segments for row in _holding(segment, rows, phrase)]] = True
            held &= here
        return held


def _rows(numbers: NDArray[np.int64], living: NDArray[np.int64]) -> NDArray[np.int32]:
    """The row of each article, -1 for one that is gone."""
    at = np.searchsorted(living, numbers)
    there = np.append(living, -1)[at] == numbers
    return np.where(there, at, -1).astype(np.int32)


def _holding(segment: Segment, rows: NDArray[np.int32], phrase: list[str]) -> Iterator[int]:
    """Rows of living articles in which the stems follow one another."""
    terms = [segment.term(packed(stem)) for stem in phrase]
    known = [term for term in terms if term is not None]
    if len(known) < len(terms):
        return
    docs = segment.places(min(known, key=lambda term: int(segment.posts[term + 1] - segment.posts[term])))[0]
    for term in set(known):
        docs = np.intersect1d(docs, segment.places(term)[0], assume_unique=True)
    sought = np.array(known, np.uint32)
    for doc in docs[rows[docs] >= 0].tolist():
        tokens = segment.tokens[int(segment.starts[doc]) : int(segment.starts[doc + 1])]
        if _follow(tokens, sought):
            yield int(rows[doc])


def _follow(tokens: NDArray[np.uint32], sought: NDArray[np.uint32]) -> bool:
    last = len(tokens) - len(sought) + 1
    starts = np.flatnonzero(tokens[: max(0, last)] == sought[0])
    return any(np.array_equal(tokens[start : start + len(sought)], sought) for start in starts)


def _idf(count: int, known: int) -> float:
    return math.log(1 + (count - known + 0.5) / (known + 0.5))

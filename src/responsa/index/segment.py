"""A part of the lexical index: which words stand where in some articles. Written once, memory-mapped, merged.

Scores are made from whole counts of living articles only when a query comes, so an index in many parts that has lost
articles gives the very scores of one made at once. Engines that keep counts with their segments (tantivy, Lucene) count
what is deleted until it is merged away: the same library then has other scores after an edit.
"""

from array import array
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.index.stems import WIDTH, Stems, packed, words

ASKED: Final = 3
"""A word of the question counts as much as this many of the answer (bench/quality/tune.py)."""
GAP: Final = 0xFFFFFFFF
"""In ``tokens``, between question and answer: no phrase reaches across."""
_MOST: Final = 0xFFFF

Ids = NDArray[np.uint32]


class Segment(Struct, frozen=True):
    """``terms`` sorted; ``posts[t]:posts[t + 1]`` are the places of term t in ``docs`` (ascending) and ``counts``.

    ``docs`` counts articles within the segment, whose numbers and lengths are in ``numbers`` and ``lengths``;
    ``starts[d]:starts[d + 1]`` are article d's words in ``tokens``, as places in ``terms``.
    """

    numbers: NDArray[np.int64]
    lengths: NDArray[np.int32]
    starts: NDArray[np.int64]
    tokens: Ids
    terms: NDArray[np.bytes_]
    posts: NDArray[np.int64]
    docs: Ids
    counts: NDArray[np.uint16]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept on disk."""
        return {name: getattr(self, name) for name in self.__struct_fields__}

    def term(self, word: bytes) -> int | None:
        """The place of a word in ``terms``."""
        at = int(np.searchsorted(self.terms, np.bytes_(word)))
        return at if at < len(self.terms) and self.terms[at] == word else None

    def places(self, term: int) -> tuple[Ids, NDArray[np.uint16]]:
        """The articles that hold the term, and how often."""
        part = slice(int(self.posts[term]), int(self.posts[term + 1]))
        return self.docs[part], self.counts[part]


def whole(arrays: dict[str, NDArray[Any]]) -> Segment:
    """The segment that was kept. Raises ``ValueError`` where its parts do not fit together."""
    try:
        found = Segment(**arrays)
    except TypeError as error:
        raise ValueError(f"a segment lacks a part: {error}") from error
    fits = len(found.starts) == len(found.numbers) + 1 == len(found.lengths) + 1
    if not fits or len(found.posts) != len(found.terms) + 1 or len(found.docs) != len(found.counts):
        raise ValueError("the parts of a segment do not fit together")
    return found


class _Known(dict[str, int]):
    """The id of a word's stem; a word is stemmed when it is first met."""

    def __init__(self, stems: Stems) -> None:
        self.stem, self.terms = stems.stemmer(), dict[bytes, int]()

    def __missing__(self, word: str) -> int:
        self[word] = found = self.terms.setdefault(packed(self.stem(word)), len(self.terms))
        return found


class Gatherer:
    """Articles on their way into a segment."""

    def __init__(self, stems: Stems) -> None:
        self._known = _Known(stems)
        self._numbers, self._starts, self._gaps = array("q"), array("q", [0]), array("q")
        self._tokens = array("I")

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, number: int, asked: str, answer: str) -> None:
        """Add an article; ``number`` is greater than any before."""
        known = self._known.__getitem__
        self._tokens.extend(map(known, words(asked)))
        self._gaps.append(len(self._tokens))
        self._tokens.append(GAP)
        self._tokens.extend(map(known, words(answer)))
        self._numbers.append(number)
        self._starts.append(len(self._tokens))

    def segment(self) -> Segment:
        """All that was added."""
        terms = np.array(list(self._known.terms), f"S{WIDTH}")
        order = np.argsort(terms)
        place = np.empty(len(order) + 1, np.uint32)
        place[order], place[-1] = np.arange(len(order), dtype=np.uint32), GAP
        tokens = np.frombuffer(self._tokens, np.uint32) if self._tokens else np.zeros(0, np.uint32)
        moved = place[np.where(tokens == GAP, len(order), tokens)]
        return _made(np.array(self._numbers, np.int64), np.array(self._starts, np.int64), moved, terms[order])


def merged(parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> Segment:
    """One segment of the living articles of several, in the order of the segments."""
    terms = np.unique(np.concatenate([segment.terms for segment, _ in parts]))
    numbers, sizes, tokens = [], [], []
    for segment, alive in parts:
        place = np.append(np.searchsorted(terms, segment.terms).astype(np.uint32), np.uint32(GAP))
        size = np.diff(segment.starts)
        kept = segment.tokens[np.repeat(alive, size)]
        tokens.append(place[np.where(kept == GAP, len(segment.terms), kept)])
        numbers.append(segment.numbers[alive])
        sizes.append(size[alive])
    starts = np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64)
    return _made(np.concatenate(numbers), starts, np.concatenate(tokens), terms)


def _made(numbers: NDArray[np.int64], starts: NDArray[np.int64], tokens: Ids, terms: NDArray[np.bytes_]) -> Segment:
    """Counts from the words themselves: each (term, article) as one integer, sorted; question words repeated."""
    owner = np.repeat(np.arange(len(numbers), dtype=np.uint64), np.diff(starts))
    gaps = np.flatnonzero(tokens == GAP)
    in_question = np.arange(len(tokens)) < np.repeat(gaps, np.diff(starts))
    real = tokens != GAP
    pairs = (tokens.astype(np.uint64) << np.uint64(32)) | owner
    asked = pairs[in_question & real]
    pairs = np.concatenate([pairs[real], *[asked] * (ASKED - 1)])
    pairs.sort()
    first = np.flatnonzero(np.diff(pairs, prepend=pairs[:1] + np.uint64(1)) != 0) if len(pairs) else np.zeros(0, int)
    counts = np.minimum(np.diff(np.append(first, len(pairs))), _MOST).astype(np.uint16)
    kept = pairs[first]
    posts = np.searchsorted(kept >> np.uint64(32), np.arange(len(terms) + 1, dtype=np.uint64)).astype(np.int64)
    sizes = np.diff(starts) - 1 + (ASKED - 1) * (gaps - starts[:-1])
    docs = (kept & np.uint64(GAP)).astype(np.uint32)
    return Segment(numbers, sizes.astype(np.int32), starts, tokens, terms, posts, docs, counts)

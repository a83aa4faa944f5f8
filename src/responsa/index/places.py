"""How much of a query stands in one place of an article: in its question, or within a few lines of its answer."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from responsa.index.encoder import Floats
from responsa.index.segment import GAP, Segment

SPAN: Final = 40
"""Words of an answer that count as one place (bench/quality/tune.py)."""

Sought = Sequence[tuple[Sequence[bytes], float]]
"""Each word of a query as the stems that stand for it, with what it weighs. At most 255 words count."""

_MOST: Final = 255


def together(segment: Segment, docs: Sequence[int], sought: Sought) -> Floats:
    """For each article of a segment the greatest share, 0 to 1, of the query's weight that one of its places holds."""
    parts = [segment.tokens[int(segment.starts[doc]) : int(segment.starts[doc + 1])] for doc in docs]
    tokens = np.concatenate(parts)
    weights = [0.0, *(weight for _, weight in sought[:_MOST])]
    kinds = _kinds(segment, sought)[np.minimum(tokens, np.uint32(len(segment.terms)))]
    at = np.flatnonzero(kinds)
    ends = np.cumsum([len(part) for part in parts])
    cuts = np.searchsorted(at, ends).tolist()
    gaps = np.flatnonzero(tokens == GAP).tolist()
    places, words = at.tolist(), kinds[at].tolist()
    total = sum(weights) or 1.0
    best, start = np.zeros(len(parts), np.float32), 0
    for article, (cut, gap) in enumerate(zip(cuts, gaps, strict=True)):
        best[article] = _best(places[start:cut], words[start:cut], gap, weights) / total
        start = cut
    return best


def _kinds(segment: Segment, sought: Sought) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    """Which word of the query each term of the segment stands for, from 1; 0 for none, and for the gap at the end."""
    kinds = np.zeros(len(segment.terms) + 1, np.uint8)
    for kind, (stems, _) in enumerate(sought[:_MOST], 1):
        for stem in stems:
            if (term := segment.term(stem)) is not None:
                kinds[term] = kind
    return kinds


def _best(places: list[int], words: list[int], gap: int, weights: list[float]) -> float:
    """The weight of the words in the question, before ``gap``, or in the best stretch of the answer if that is more."""
    best = sum(weights[word] for word in {word for place, word in zip(places, words, strict=True) if place < gap})
    held, weight, first = [0] * len(weights), 0.0, 0
    for place, word in zip(places, words, strict=True):
        if place < gap:
            first += 1
            continue
        if not held[word]:
            weight += weights[word]
        held[word] += 1
        while place - places[first] >= SPAN:
            gone = words[first]
            held[gone] -= 1
            if not held[gone]:
                weight -= weights[gone]
            first += 1
        best = max(best, weight)
    return best

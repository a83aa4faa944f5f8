"""The part of an answer that a query is about."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from responsa.index.fuse import MIX
from responsa.index.index import Index
from responsa.index.stems import Stems

MOST: Final = 8
"""Passages of one answer that are compared by meaning, those with most of the query's words first."""
LENGTH: Final = 320
"""Characters of a passage, about 60 tokens."""
_MARKS: Final = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+|\|)", re.MULTILINE)
_EMPHASIS: Final = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_LINK: Final = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_RULE: Final = re.compile(r"^\s*[-*_|: ]{3,}\s*$", re.MULTILINE)
_HEADS: Final = re.compile(r"^[ \t]*\|.*\n(?=[ \t]*\|?[ :|]*-{3})", re.MULTILINE)
"""First lines of tables, which say nothing alone."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")


def passages(answer: str) -> list[str]:
    """Runs of whole sentences, of one paragraph or list entry each, without the marks of Markdown."""
    found: list[str] = []
    for line in _RULE.sub("", _HEADS.sub("", answer)).splitlines():
        text = " ".join(_EMPHASIS.sub("", _LINK.sub(r"\1", _MARKS.sub("", line))).split())
        found += _runs(_SENTENCE.split(text))
    return [passage for passage in found if any(sign.isalpha() for sign in passage)]


def _runs(sentences: Sequence[str]) -> Iterator[str]:
    run = ""
    for sentence in sentences:
        if run and len(run) + len(sentence) >= LENGTH:
            yield run
            run = ""
        run = f"{run} {sentence}".strip()
    if run:
        yield run


def best_passages(index: Index, query: str, answers: Sequence[str]) -> list[str]:
    """For each answer the passage nearest to the query, by words and meaning; empty for an empty answer."""
    asked = {stem: index.words.idf(stem) for stem in index.words.stems.asked(query)}
    likely = [_likely(passages(answer), asked, index.words.stems) for answer in answers]
    texts = [passage for found in likely for passage, _ in found]
    vectors = index.encoder.encode([query, *texts])
    near = iter((vectors[1:] @ vectors[0]).tolist())
    chosen: list[str] = []
    for found in likely:
        scored = [(share + MIX.text * next(near), -at, passage) for at, (passage, share) in enumerate(found)]
        chosen.append(max(scored, default=(0.0, 0, ""))[2])
    return chosen


def likely_passages(index: Index, query: str, answers: Sequence[str]) -> list[str]:
    """As ``best_passages`` by words alone: a hundredth of the time, for hits that are shown while one types."""
    asked = {stem: index.words.idf(stem) for stem in index.words.stems.asked(query)}
    likely = (_likely(passages(answer), asked, index.words.stems) for answer in answers)
    return [found[0][0] if found else "" for found in likely]


def _likely(found: list[str], asked: dict[str, float], stems: Stems) -> list[tuple[str, float]]:
    """The passages that hold most of the query, as a share of its words' weight, most first."""
    total = sum(asked.values()) or 1.0
    shares = [
        (passage, sum(asked[stem] for stem in asked.keys() & set(stems.of(passage))) / total) for passage in found
    ]
    order = np.argsort([-share for _, share in shares], kind="stable")[:MOST]
    return [shares[at] for at in order.tolist()]

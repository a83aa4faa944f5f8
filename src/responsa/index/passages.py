"""The part of an answer that a query is about."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np

from responsa.index.index import Index
from responsa.index.stems import Stems, words

MOST: Final = 8
"""Passages of one answer that are compared by meaning, those with most of the query's words first."""
NEAR: Final = 2.0
"""What a cosine weighs beside the share of the query's words that a passage holds."""
LENGTH: Final = 320
"""Characters of a passage, about 60 tokens."""
_MARKS: Final = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+|\|)", re.MULTILINE)
_EMPHASIS: Final = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_LINK: Final = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_RULE: Final = re.compile(r"\s*[-*_|: ]{3,}\s*")
_HEADS: Final = re.compile(r"^[ \t]*\|.*\n(?=[ \t]*\|?[ :|]*-{3})", re.MULTILINE)
"""First lines of tables, which say nothing alone."""
_LETTERED: Final = re.compile(r"[^\W_A-Za-z0-9]")
"""Letters beyond English ones, which words are compared without or in pairs."""
_SURE: Final = 3
"""Letters of a stem that its words begin with; the few that do not (dying, die) only lose a place."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")


def passages(answer: str) -> list[str]:
    """Runs of whole sentences, of one paragraph or list entry each, without the marks of Markdown."""
    return [passage for line in _lines(answer) for passage in _of_line(line)]


def _lines(answer: str) -> list[str]:
    text = _HEADS.sub("", answer) if "|" in answer else answer
    return text.splitlines()


def _of_line(line: str) -> list[str]:
    if _RULE.fullmatch(line):
        return []
    text = _MARKS.sub("", line)
    # Looking for the signs themselves is faster than for what they could be part of.
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text or "`" in text:
        text = _EMPHASIS.sub("", text)
    text = " ".join(text.split())
    found = _runs(_SENTENCE.split(text)) if len(text) > LENGTH else iter((text,) if text else ())
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
        scored = [(share + NEAR * next(near), -at, passage) for at, (passage, share) in enumerate(found)]
        chosen.append(max(scored, default=(0.0, 0, ""))[2])
    return chosen


def likely_passages(index: Index, query: str, answers: Sequence[str]) -> list[str]:
    """As ``best_passages`` by words alone: a hundredth of the time, for hits that are shown while one types."""
    stems = index.words.stems
    asked = {stem: index.words.idf(stem) for stem in stems.asked(query)}
    stem, begins = cache(stems.stemmer()), {one[:1] for one in asked}

    def held(passage: str) -> set[str]:
        found = words(passage)
        # An English stem begins as its word does, so most words need not be stemmed at all.
        return {*map(stem, [word for word in found if word[0] in begins] if stems.algorithm == "english" else found)}

    return [_likeliest(answer, asked, held) for answer in answers]


def _likeliest(answer: str, asked: dict[str, float], held: Callable[[str], set[str]]) -> str:
    """The first passage that holds most of the query. Lines that cannot hold as much as one read are not read."""
    lines = [line for line in _lines(answer) if line.strip()]
    limits = _limits(answer, lines, asked)
    best, chosen = (-1.0, 0), ""
    for at in sorted(range(len(lines)), key=lambda at: (-limits[at], at)):
        if (limits[at], -at) < best:
            break
        for passage in _of_line(lines[at]):
            share = _weight(asked, held(passage))
            if (share, -at) > best:
                best, chosen = (share, -at), passage
    return chosen


def _limits(answer: str, lines: Sequence[str], asked: dict[str, float]) -> list[float]:
    """At least what each line's words weigh: a word begins as its stem does, but for the last letter (happy, happi)."""
    if not answer.isascii() and _LETTERED.search(answer):
        return [sum(asked.values())] * len(lines)
    begins = [(stem[: max(1, min(len(stem) - 1, _SURE))], weight) for stem, weight in asked.items()]
    texts = [line.lower() for line in lines]
    return [sum([weight for begin, weight in begins if begin in text]) for text in texts]


def _weight(asked: dict[str, float], held: set[str]) -> float:
    # In the order of the query: added in the order of a set, equal passages would differ from process to process.
    return sum([weight for stem, weight in asked.items() if stem in held])


def _likely(found: list[str], asked: dict[str, float], stems: Stems) -> list[tuple[str, float]]:
    """The passages that hold most of the query, as a share of its words' weight, most first."""
    total = sum(asked.values()) or 1.0
    shares = [(passage, _weight(asked, {*stems.of(passage)}) / total) for passage in found]
    order = np.argsort([-share for _, share in shares], kind="stable")[:MOST]
    return [shares[at] for at in order.tolist()]

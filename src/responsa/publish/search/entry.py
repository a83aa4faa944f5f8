"""What search needs of one article, made beside its page: its stems with their weights, and what a result shows.

A weight is BM25's share of a word in an article, in eight steps. It is measured against fixed lengths, not against
the library's own averages, so that an article's entry changes with nothing but the article.
"""

import re
from collections import Counter
from math import log2
from typing import Final

import msgspec
from msgspec import Struct

from responsa.article import Article
from responsa.publish.search.words import stems
from responsa.publish.views import clean, shorten

SUBJECT: Final = "="
"""Before a subject's slug: the list of its articles is kept like that of a word."""
LEVELS: Final = 8
LOWEST: Final = 0.8
STEP: Final = 0.1625
"""Level 0 begins below the least share that real articles have (0.84), level 7 holds all above 1.94 (of 2.2)."""
DESCRIPTION: Final = 100

_K1, _B, _USUAL = 1.2, 0.75, 233
"""BM25's usual constants; articles of the real library have 233 words that count, the question's counted twice."""
# Names of TeX commands and of tags, and addresses of links, are no words of the answer.
_UNSAID: Final = re.compile(r"\\[A-Za-z]+|</?[A-Za-z][^<>]{0,300}>|\]\([^()\s]{1,300}\)|https?://[^\s)\]>]+")


class Entry(Struct, frozen=True, array_like=True):
    """``terms`` are eight lines of stems, by level from 0; ``face`` is JSON: address, title, subject's slug, about."""

    url: str
    terms: bytes
    face: bytes


def entry(article: Article, title: str, slug: str) -> Entry:
    """The same for the same article, title and slug, whatever else is in the library."""
    asked = stems("\n".join((article.question or title, *article.also_asked)))
    counts = stems(_UNSAID.sub(" ", article.answer))
    counts.update(asked)
    counts.update(asked)
    lines = _by_level(counts)
    lines[0].append(SUBJECT + "".join(slug.split()))
    face = [article.url, title, slug, shorten(clean(article.seo.description), DESCRIPTION)]
    return Entry(article.url, "\n".join(map(" ".join, lines)).encode(), msgspec.json.encode(face))


def _by_level(counts: Counter[str]) -> list[list[str]]:
    lines: list[list[str]] = [[] for _ in range(LEVELS)]
    levels = _levels(counts.total(), set(counts.values()))
    for term, count in counts.items():
        lines[levels[count]].append(term)
    return lines


def _levels(length: int, counts: set[int]) -> dict[int, int]:
    """The level of each count. Lengths go by halves of powers of two: a few words more change no level."""
    relative = 2.0 ** (round(2 * log2(max(length, 1) / _USUAL)) / 2)
    slope = _K1 * (1 - _B + _B * relative)
    return {count: level((_K1 + 1) * count / (count + slope)) for count in counts}


def level(share: float) -> int:
    """0 to 7."""
    return min(LEVELS - 1, max(0, int((share - LOWEST) / STEP)))

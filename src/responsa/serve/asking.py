"""Searching and asking, as API, pages and tools for agents share it."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Final, Protocol

from msgspec import Struct

from responsa.article import Article, Source
from responsa.draft.outcome import Draft, Reason, Refusal
from responsa.draft.writing import Study, draft
from responsa.index.found import NEAREST, READ, sure
from responsa.index.index import Hit, Index
from responsa.index.passages import best_passages, likely_passages
from responsa.index.stems import words
from responsa.library.catalogue import Catalogue
from responsa.publish.views import web_address
from responsa.serve.live import Now

LONGEST: Final = 500
"""Characters of a query that count: what is longer is no question, and reading it would cost everyone."""
ANSWERS: Final = 3
"""Articles that answer a question."""
KNOWN: Final = 1.25
"""The score (``fuse.fused``, the answer read) from which an article is said to answer (bench/serve/known.py)."""
NEXT: Final = 0.8
"""Of the best answer's score: what further answers have."""
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


class Passage(Struct, frozen=True):
    """Words of an answer; ``marks`` are the places (start, end) of what the query asks for."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class Found(Struct, frozen=True):
    """An article that a search found, with the passage that is about it."""

    url: str
    title: str
    subject: str
    score: float
    similarity: float
    passage: Passage


class Search(Struct, frozen=True):
    """What a search found. ``found``: whether these are answers, or only the nearest there is.

    ``respelled`` are words that no article has with what was taken instead; ``phrases``: whether what stood in
    quotes was found so. ``more``: whether there is more than was asked for.
    """

    query: str
    found: bool
    phrases: bool
    respelled: dict[str, tuple[str, ...]]
    hits: tuple[Found, ...]
    more: bool = False


class Said(Struct, frozen=True):
    """A sentence of a source, word for word; ``source`` is the number of its reference, ``place`` where it stands."""

    text: str
    source: int
    place: str


class Cited(Struct, frozen=True):
    """A source that is quoted."""

    number: int
    id: str
    title: str
    url: str
    year: int | None


class Digest(Struct, frozen=True):
    """What the library's sources say to a question: their own sentences, none of another's."""

    sentences: tuple[Said, ...]
    sources: tuple[Cited, ...]


class Asked(Struct, frozen=True):
    """What the library says to a question. ``known``: whether an article answers it; else ``answers`` are near to it.

    ``digest`` is drawn from the sources, where they answer. ``warning`` is said instead where a page is no help.
    """

    question: str
    known: bool
    answers: tuple[Found, ...]
    respelled: dict[str, tuple[str, ...]] = {}
    digest: Digest | None = None
    warning: str = ""


class Searchable(Protocol):
    """What searching needs of a state of a library: ``live.Now`` is one."""

    @property
    def index(self) -> Index:
        """Of the same state as the answers."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """Where answers are read."""
        ...


class Held(Struct, frozen=True):
    """A state as a process that only searches has it."""

    index: Index
    catalogue: Catalogue


def search(now: Searchable, query: str, k: int, offset: int = 0, subject: str | None = None) -> Search:
    """Articles for a query as it is typed: by words and by meaning, with the passage that holds most of the words."""
    text = query.strip()[:LONGEST]
    answered = now.index.answer(text, offset + k + 1, subject)
    hits, found = sure(answered), True
    if not hits:
        hits, found = answered.hits[:NEAREST], False
    shown = hits[offset : offset + k]
    passages = likely_passages(now.index, text, answers(now.catalogue, shown))
    told = _found(shown, passages, now.index, text)
    return Search(text, found, answered.found, answered.respelled, told, len(hits) > offset + k)


def ask(now: Now, question: str, k: int = ANSWERS, study: Study | None = None) -> Asked:
    """The articles that answer a question, read with their answers, and the passage nearest to it in meaning."""
    text = question.strip()[:LONGEST]
    answered = now.index.answer(text, max(k, 1), read=READ)
    best = answered.hits[0].score if answered.hits else 0.0
    known = [hit for hit in answered.hits if hit.score >= max(KNOWN, NEXT * best)]
    shown = (known or answered.hits)[:k]
    passages = best_passages(now.index, text, answers(now.catalogue, shown))
    found = _found(shown, passages, now.index, text)
    near = max((hit.similarity for hit in answered.hits), default=0.0)
    made = draft(text, study, near_articles=near) if study is not None and text else None
    warning = made.message if isinstance(made, Refusal) and made.reason is Reason.UNSAFE else ""
    told = digest(made) if isinstance(made, Draft) else None
    return Asked(text, bool(known), found, answered.respelled, told, warning)


def digest(made: Draft) -> Digest:
    """A draft as readers are shown it: only what its passages carry."""
    carried = [sentence for sentence in made.sentences if sentence.carried]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(one.source for one in carried), 1)}
    held = {source.id: source for source in made.sources}
    sources = tuple(
        Cited(number, name, source.title or name, address(source), source.year)
        for name, number in numbers.items()
        if (source := held.get(name, Source(name)))
    )
    return Digest(tuple(Said(one.quote or one.text, numbers[one.source], one.place) for one in carried), sources)


def address(source: Source) -> str:
    """Where a source is read: its own address or its DOI's, nothing where neither is one of the web."""
    return web_address(source.url) or (web_address(f"https://doi.org/{source.doi}") if source.doi else "")


def answers(catalogue: Catalogue, hits: Sequence[Hit]) -> list[str]:
    """The answers of hits; nothing for one that was changed beyond reading since."""
    entries = catalogue.entries(PurePosixPath(hit.document.path) for hit in hits)
    return [entry.answer if isinstance(entry, Article) else "" for entry in entries]


def marks(index: Index, query: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where words of the query stand in a text, in whatever form."""
    return marker(index, query)(text)


def marker(index: Index, query: str) -> Callable[[str], tuple[tuple[int, int], ...]]:
    """``marks`` for several texts, whose words are compared once. For one thread."""
    stems = index.words.stems
    asked, stem = stems.asked(query).keys(), stems.stemmer()
    begins = {one[:1] for one in asked}

    @cache
    def is_asked(word: str) -> bool:
        if word.isascii() and "'" not in word:
            # Most words begin otherwise than any of the query's.
            return word[:1] in begins and stem(word) in asked
        return any(stem(part) in asked for part in words(word))

    return lambda text: tuple(match.span() for match in _WORD.finditer(text) if is_asked(match[0].lower()))


def _found(hits: Sequence[Hit], passages: Sequence[str], index: Index, query: str) -> tuple[Found, ...]:
    mark = marker(index, query)
    shown = [passage.replace(" | ", " · ").rstrip("| ") for passage in passages]
    return tuple(_one(hit, Passage(text, mark(text))) for hit, text in zip(hits, shown, strict=True))


def _one(hit: Hit, told: Passage) -> Found:
    return Found(hit.url, hit.title, hit.subject, hit.score, hit.similarity, told)

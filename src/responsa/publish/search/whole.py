"""The index made from nothing: every file, in an order that needs no more memory than a batch of articles."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, Protocol

from msgspec import Struct

from responsa.publish.search.entry import SUBJECT
from responsa.publish.search.files import (
    File,
    Postings,
    letter_file,
    list_files,
    offered,
    own,
    shard_file,
    shards,
    size,
)
from responsa.publish.search.gather import BATCH, gathered
from responsa.publish.search.manifest import FACES, Shelf, faces_file, manifest

FIRST: Final = ""
"""The shard of words before the first cut."""


class Articles(Protocol):
    """What the index is made of, in the order of the articles' numbers."""

    @property
    def span(self) -> int:
        """The bits of a number."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...

    def terms(self) -> Iterator[tuple[int, bytes]]:
        """Number and stems of each."""
        ...

    def faces(self) -> Iterator[tuple[int, bytes]]:
        """Number and face of each."""
        ...


class Seen(Struct):
    """What the manifest tells of the files made so far."""

    sizes: dict[str, int] = {}
    starts: list[str] = []
    subjects: dict[str, int] = {}
    letters: dict[str, list[str]] = {}


def whole(articles: Articles, titles: dict[str, str], batch: int = BATCH) -> Iterator[File]:
    """Every file of the index; ``titles`` are the subjects' by slug. The manifest comes last."""
    seen = Seen()
    yield from _lists(gathered(articles.terms(), batch), articles.span, seen)
    yield from (letter_file(letter, words) for letter, words in seen.letters.items())
    for _, faces in groupby(articles.faces(), lambda face: face[0] >> FACES):
        held = list(faces)
        yield faces_file(held[0][0], held)
    made = manifest(
        articles.count(),
        articles.span,
        sizes=seen.sizes,
        starts=seen.starts,
        letters=seen.letters,
        subjects=shelves_of(seen.subjects, titles),
    )
    yield made.file()


def shelves_of(counts: dict[str, int], titles: dict[str, str]) -> list[Shelf]:
    """Subjects with articles; one without a title is called by its slug."""
    return [Shelf(slug, titles.get(slug, slug), count) for slug, count in counts.items() if count]


def _lists(lists: Iterable[tuple[str, Postings]], span: int, seen: Seen) -> Iterator[File]:
    """Frequent words on the way, rare ones as their shards are full."""
    frequent: list[File] = []
    for start, held in shards(_rare(lists, span, seen, frequent), FIRST):
        yield from frequent
        frequent.clear()
        seen.starts.append(start)
        yield shard_file(start, held, span)
    yield from frequent


def _rare(
    lists: Iterable[tuple[str, Postings]], span: int, seen: Seen, frequent: list[File]
) -> Iterator[tuple[str, Postings]]:
    for term, postings in lists:
        if not own(term, len(postings)):
            if offered(term, len(postings)):
                seen.letters.setdefault(term[0], []).append(term)
            yield term, postings
            continue
        frequent.extend(list_files(term, postings, span))
        if term.startswith(SUBJECT):
            seen.subjects[term[len(SUBJECT) :]] = len(postings)
        else:
            seen.sizes[term] = size(len(postings))

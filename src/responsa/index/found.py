"""What a search tells people: which hits are answers, which are only the nearest there is, and which shelf is meant."""

import difflib
from typing import Final

from responsa.errors import UsageError
from responsa.index.index import Answered, Hit, Index
from responsa.library.library import Library

READ: Final = 80
"""First articles of a question whose answers are read where not all have been (docs/search.md)."""
SURE: Final = 0.3
"""Cosine below which an article without any of the words is no answer but only the nearest there is."""
NEAREST: Final = 3
"""Hits shown where none is an answer."""


def sure(answered: Answered) -> list[Hit]:
    """The hits that have a word of the query or are near it in meaning."""
    return [hit for hit in answered.hits if hit.words or hit.similarity >= SURE]


def shelf_of(library: Library, index: Index, subject: str) -> str | None:
    """The slug of a subject that has articles, whatever its spelling; ``None`` where none is asked for."""
    if not subject:
        return None
    slug = library.subject_of(subject).slug
    if slug in index.shelves:
        return slug
    near = difflib.get_close_matches(slug, index.shelves, n=3, cutoff=0.5) or index.shelves[:5]
    raise UsageError(f"{subject}: no listed article has this subject; there are {', '.join(near) or 'no articles'}")

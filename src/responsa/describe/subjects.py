"""The shelf where a question belongs, as the articles say that are nearest to it."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from responsa.article import Url
from responsa.index.index import Hit, Index
from responsa.library.library import Library

NEAREST: Final = 30
"""Articles that have a vote."""
SHARPNESS: Final = 6.0
"""How much more the nearest count than the next; chosen by bench/quality/subjects.py."""


class Guess(Struct, frozen=True):
    """A subject with the share of the vote that it has, 0 to 1, and its nearest articles."""

    subject: str
    slug: str
    confidence: float
    near: tuple[Url, ...]


def subjects(
    library: Library, index: Index, question: str, answer: str = "", besides: Collection[str] = ()
) -> list[Guess]:
    """Subjects by confidence, ties by slug; the articles ``besides`` have no vote (the asked one, its copies)."""
    asked = f"{question}\n{answer[:600]}".strip()
    hits = index.search(asked, NEAREST + len(besides))
    return voted(library, [hit for hit in hits if hit.url not in besides][:NEAREST])


def voted(library: Library, hits: list[Hit]) -> list[Guess]:
    """What the articles found say together."""
    top = max((hit.score for hit in hits), default=0.0)
    votes: dict[str, float] = {}
    near: dict[str, list[Url]] = {}
    titles: dict[str, str] = {}
    for hit in hits:
        shelf = library.subject_of(hit.subject)
        votes[shelf.slug] = votes.get(shelf.slug, 0.0) + max(0.0, hit.score / top if top else 0.0) ** SHARPNESS
        near.setdefault(shelf.slug, []).append(hit.url)
        titles.setdefault(shelf.slug, shelf.title)
    whole = sum(votes.values()) or 1.0
    order = sorted(votes, key=lambda slug: (-votes[slug], slug))
    return [Guess(titles[slug], slug, round(votes[slug] / whole, 4), tuple(near[slug][:3])) for slug in order]

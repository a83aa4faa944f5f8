"""The shelf where a question belongs, as the articles say that are nearest to it."""

from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct

from responsa.article import Url
from responsa.index.fuse import Mix
from responsa.index.index import Index
from responsa.library.library import Library

NEAREST: Final = 20
"""Articles that have a vote; chosen by bench/quality/subjects.py, as the next."""
SHARPNESS: Final = 4.0
"""How much more the nearest count than the next: a vote is the nearness to this power."""
BEGINNING: Final = 600
"""Characters of an answer that are searched with."""
BY_WORDS: Final = Mix(0.0, 0.0)
BY_MEANING: Final = Mix(1000.0, 1000.0)
"""So much more than words that these only put in order what is equally near."""


class Near(Struct, frozen=True):
    """An article that has a vote: its subject, as it spells it, and how near it is, 1 at most."""

    subject: str
    nearness: float
    url: Url


class Guess(Struct, frozen=True):
    """A subject with the share of the vote that it has, 0 to 1, and its nearest articles."""

    subject: str
    slug: str
    confidence: float
    near: tuple[Url, ...]


def subjects(
    library: Library, index: Index, question: str, answer: str = "", besides: Collection[str] = ()
) -> list[Guess]:
    """Subjects by confidence, ties by slug; the articles ``besides`` have no vote (the asked one, its copies).

    The nearest by words vote beside the nearest by meaning. The answer is only looked at where there is no question.
    """
    asked = question.strip() or answer[:BEGINNING]
    near: list[Near] = []
    for mix in (BY_WORDS, BY_MEANING):
        hits = index.search(asked, NEAREST + len(besides), mix=mix)
        top = max((hit.score for hit in hits), default=0.0) or 1.0
        near += [Near(hit.subject, hit.score / top, hit.url) for hit in hits if hit.url not in besides][:NEAREST]
    return voted(library, near, 2 * NEAREST)


def voted(library: Library, near: Iterable[Near], nearest: int = NEAREST, sharpness: float = SHARPNESS) -> list[Guess]:
    """What the ``nearest`` of these say together."""
    votes: dict[str, float] = {}
    urls: dict[str, list[Url]] = {}
    titles: dict[str, str] = {}
    for one in sorted(near, key=lambda one: (-one.nearness, one.url))[:nearest]:
        shelf = library.subject_of(one.subject)
        votes[shelf.slug] = votes.get(shelf.slug, 0.0) + max(0.0, one.nearness) ** sharpness
        urls.setdefault(shelf.slug, []).append(one.url)
        titles.setdefault(shelf.slug, shelf.title)
    whole = sum(votes.values()) or 1.0
    order = sorted(votes, key=lambda slug: (-votes[slug], slug))
    return [Guess(titles[slug], slug, round(votes[slug] / whole, 4), tuple(urls[slug][:3])) for slug in order]

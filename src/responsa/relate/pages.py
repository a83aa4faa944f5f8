"""What relating needs of each article, read once and kept: its question, its words, its links, its editor's wishes."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from responsa.article import Article, Url
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.relate.asked import asked as meaning
from responsa.relate.words import content, often

PINNED: Final = "related_pinned"
BANNED: Final = "related_banned"
"""Keys of a record that list addresses: always related, never related."""
BEGINNING: Final = 1500
MOST: Final = 32
"""Letters of an answer in which it says what it is about, and words kept of them."""


class Page(Struct, frozen=True, array_like=True):
    """An article that could be published, unless ``held``.

    ``asked`` are the content words of its question, ``told`` those of its description that are not among them;
    ``said`` are numbers of the words that its answer uses most, four bytes each. ``meant`` is what it asks, the same
    for two ways to ask it. ``stored`` are the related links of its record by slot.
    """

    path: str
    url: Url
    title: str
    subject: str
    slug: str
    date: str
    listed: bool
    held: bool
    key: str
    digest: str
    id: int | str | None
    asked: tuple[str, ...]
    told: tuple[str, ...]
    said: bytes
    meant: str
    stored: tuple[tuple[int, str], ...] = ()
    pinned: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()


def changes(catalogue: Catalogue, stamp: str) -> tuple[set[str] | None, list[Page]]:
    """Files whose articles went or changed since ``stamp``, and the new ones; ``None`` and all if it is not told."""
    if not catalogue.knows(stamp):
        return None, list(_pages(catalogue, catalogue.cards(by="path")))
    return {str(former.path) for former in catalogue.former(stamp)}, list(_pages(catalogue, catalogue.changed(stamp)))


def _pages(catalogue: Catalogue, cards: Iterable[Card]) -> Iterable[Page]:
    return (page_of(card, article) for card, article in catalogue.articles(cards))


def page_of(card: Card, article: Article) -> Page:
    """The page of an article."""
    asked = tuple(dict.fromkeys(content(card.title)))
    return Page(
        card.file,
        card.url,
        card.title,
        card.subject,
        card.subject_slug,
        card.date,
        card.listed,
        bool(card.held),
        card.question_key or card.url,
        card.answer_digest,
        card.id,
        asked,
        tuple(word for word in dict.fromkeys(content(card.description)) if word not in asked),
        b"" if card.held else often(article.answer[:BEGINNING], MOST),
        " ".join(sorted(meaning(card.title).words)) or card.question_key,
        tuple((link.slot, link.url) for link in article.related),
        _addresses(article.extra.get(PINNED)),
        _addresses(article.extra.get(BANNED)),
    )


def _addresses(value: object) -> tuple[str, ...]:
    """A list of addresses, or one; whatever else an editor wrote there names nothing."""
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(item for item in items if isinstance(item, str) and item))

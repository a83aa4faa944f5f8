"""Which articles an export holds: what the site publishes, of one subject or of all; everything only where asked."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from responsa.article import Article
from responsa.errors import EditError, UnreadableError, UsageError
from responsa.exchange.whole import Whole, whole
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library


class Full(NamedTuple):
    """An article, and the same with everything that its file says."""

    article: Article
    whole: Whole


class Selection(Struct, frozen=True):
    """``subject`` is a slug or empty. ``everything``: also what is held back, such as refusals, and unlisted pages."""

    library: Library
    catalogue: Catalogue
    subject: str = ""
    everything: bool = False

    def cards(self) -> Iterator[Card]:
        """In the order of paths."""
        cards = self.catalogue.cards(subject=self.subject or None, by="path")
        return (card for card in cards if self.everything or card.publishable)

    def full(self) -> Iterator[Full]:
        """Every article with its record, read from its file, one at a time."""
        shared = {group.key for group in self.catalogue.repeated("url")}
        for card in self.cards():
            record = self.library.record(card.path)
            article = self.library.article_of(record, card.path)
            inner = card.path.relative_to(self.library.content)
            held = whole(record, inner, self.library.config.layout, shared=article.url in shared)
            yield Full(article, held)

    def listed(self) -> Iterator[Article]:
        """What readers are meant to find: one article an address, none that is kept out of lists."""
        cards = self.catalogue.published() if not self.everything else self.catalogue.cards(by="path")
        wanted = (card.path for card in cards if self.holds(card))
        return map(_readable, self.catalogue.entries(wanted))

    def holds(self, card: Card) -> bool:
        """Whether ``listed`` gives the article."""
        of_subject = not self.subject or card.subject_slug == self.subject
        return of_subject and (self.everything or (card.publishable and not card.no_index))

    def left_out(self) -> dict[str, int]:
        """How many articles are not exported, by why."""
        counts = dict[str, int]()
        if not self.everything:
            for card in self.catalogue.cards(subject=self.subject or None):
                if card.held:
                    counts[card.held] = counts.get(card.held, 0) + 1
        unreadable = sum(1 for _ in self.catalogue.unreadable())
        return {**counts, **({"unreadable": unreadable} if unreadable else {})}


def subject_slug(catalogue: Catalogue, library: Library, name: str) -> str:
    """The slug of a subject's name or spelling. Raises ``UsageError`` where no article has it."""
    slug = library.subject_of(name).slug if name else ""
    shelves = catalogue.subjects()
    if slug and all(shelf.info.slug != slug for shelf in shelves):
        known = ", ".join(shelf.info.title for shelf in shelves[:30])
        raise UsageError(f"--subject {name}: no article has this subject; there are {known}")
    return slug


def _readable(entry: Article | UnreadableError) -> Article:
    if isinstance(entry, UnreadableError):
        raise EditError(f"{entry}; it changed while the library was exported: run the command again") from entry
    return entry

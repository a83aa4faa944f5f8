"""Which article a page shows: one a file, decided by the catalogue alone."""

from collections.abc import Iterable, Iterator
from itertools import chain

from responsa.article import Url
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.library.urls import is_address
from responsa.publish.places import clashes, is_reserved, place_of, urls_of
from responsa.shards import batches

BATCH = 256


def owners(catalogue: Catalogue, places: Iterable[str], shelves: frozenset[str]) -> dict[str, Card]:
    """The published article at each place; places that have none are missing."""
    free = [place for place in places if _is_free(place, shelves)]
    cards = catalogue.lookup(url for place in free for url in urls_of(place))
    found: dict[str, Card] = {}
    for place in free:
        for url in urls_of(place):
            card = cards.get(Url(url))
            if card is not None and card.publishable:
                found[place] = card
                break
    return found


def living(catalogue: Catalogue, urls: Iterable[str], shelves: frozenset[str]) -> dict[str, Card]:
    """The articles that have a page at exactly these addresses."""
    places = {url: place_of(url) for url in dict.fromkeys(urls) if is_address(url)}
    # Most addresses come first at their place: no other article can have it, so that none need be looked up.
    first = {url for url, place in places.items() if urls_of(place)[0] == url}
    cards = catalogue.lookup(first)
    alive: dict[str, Card] = {
        url: card for url, card in cards.items() if card.publishable and _is_free(places[url], shelves)
    }
    others = {url: place for url, place in places.items() if url not in first}
    held = owners(catalogue, dict.fromkeys(others.values()), shelves)
    found = {url: card for url, place in others.items() if (card := held.get(place)) is not None and card.url == url}
    return alive | found


def _is_free(place: str, shelves: frozenset[str]) -> bool:
    return not is_reserved(place, shelves) and not clashes(place)


def owned(catalogue: Catalogue, shelves: frozenset[str]) -> Iterator[Card]:
    """Every article that has a page, by path."""
    for batch in batches(catalogue.published(), BATCH):
        unclear = [card.url for card in batch if _shares(card.url) or is_reserved(place_of(card.url), shelves)]
        alive = living(catalogue, unclear, shelves) if unclear else {}
        refused = {url for url in unclear if url not in alive}
        yield from (card for card in batch if card.url not in refused)


def _shares(url: str) -> bool:
    """Whether another address could have the same page and come first, or the page could not lie where it should."""
    place = place_of(url)
    return urls_of(place)[0] != url or clashes(place)


def moved(catalogue: Catalogue, shelves: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Earlier addresses that no page has now, each with an address that one has."""
    pairs = list(catalogue.aliases())
    alive = living(catalogue, chain.from_iterable(pairs), shelves)
    return ((old, new) for old, new in pairs if old not in alive and new in alive)

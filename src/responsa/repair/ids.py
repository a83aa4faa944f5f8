"""Ids that several articles have: one keeps it, the others get new ones."""

from collections.abc import Iterator
from itertools import count

from responsa.article import Article, Edit, Link
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.repair.repair import Repair
from responsa.repair.scene import Scene


def ids(scene: Scene) -> Iterator[Repair]:
    """One repair an article that gets a new id, by id and path. Ids that are no numbers are a person's to choose."""
    catalogue = scene.catalogue
    fresh = count(1 + max((card.id for card in catalogue.cards(by="path") if isinstance(card.id, int)), default=0))
    shared = {card.path for group in catalogue.repeated("url") for card in group.cards}
    for group in catalogue.repeated("id"):
        if not isinstance(group.cards[0].id, int):
            continue
        cards = sorted(group.cards, key=lambda card: card.file)
        calls = {card.file: list(_calls(catalogue, card)) for card in cards if card.path not in shared}
        keeper = min(cards, key=lambda card: (-len(calls.get(card.file, ())), card.date or "9999", card.url, card.file))
        for card in cards:
            if card.file != keeper.file and card.path not in shared:
                yield _renumbered(card, keeper, next(fresh), calls[card.file])


def _calls(catalogue: Catalogue, card: Card) -> Iterator[tuple[str, int]]:
    """Links that call the article by its id: whose they are, and their slots."""
    sources = list(dict.fromkeys(link.source for link in catalogue.links_to(card.url)))
    paths = [found.path for found in catalogue.lookup(sources).values()]
    for article in catalogue.entries(paths):
        if isinstance(article, Article):
            yield from ((article.url, link.slot) for link in article.related if _is_call(link, card))


def _is_call(link: Link, card: Card) -> bool:
    return link.url == card.url and link.id == card.id


def _renumbered(card: Card, keeper: Card, fresh: int, calls: list[tuple[str, int]]) -> Repair:
    reason = f"{card.id} is the id of {keeper.url} too"
    links = (Edit(url, f"related_article{slot}.id", fresh, f"the new id of {card.url}") for url, slot in calls)  # type: ignore[arg-type]
    return Repair(card.url, f"{reason}; becomes {fresh}", (Edit(card.url, "id", fresh, reason), *links))

"""Articles with the same question and the same answer, to the letter: one stays."""

from collections.abc import Iterator

from responsa.article import Article
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.relate.duplicates import Cluster, Copy, clustered
from responsa.relate.merge import merges
from responsa.relate.pages import Page, page_of
from responsa.repair.related import repair_of
from responsa.repair.repair import Repair
from responsa.repair.scene import Scene


def copies(scene: Scene) -> Iterator[Repair]:
    """One repair a group of copies, by the address of the one that stays."""
    clusters = [cluster for group in _groups(scene.catalogue) for cluster in _cluster(scene.catalogue, group)]
    clusters.sort(key=lambda cluster: cluster.canonical.url)
    yield from (repair_of(merge) for merge in merges(clusters, scene.catalogue))


def _groups(catalogue: Catalogue) -> Iterator[list[Card]]:
    """Published articles that ask and answer the same, two or more; none that shares its address with another file."""
    shared = {card.path for group in catalogue.repeated("url") for card in group.cards}
    for group in catalogue.repeated("question_key"):
        by_answer: dict[str, list[Card]] = {}
        for card in group.cards:
            if card.publishable and card.path not in shared:
                by_answer.setdefault(card.answer_digest, []).append(card)
        yield from (cards for cards in by_answer.values() if len(cards) > 1)


def _cluster(catalogue: Catalogue, cards: list[Card]) -> Iterator[Cluster]:
    entries = list(catalogue.entries(card.path for card in cards))
    pages = [page_of(card, one) for card, one in zip(cards, entries, strict=True) if isinstance(one, Article)]
    if len(pages) == len(cards):
        yield clustered(catalogue, pages, _copied)


def _copied(page: Page, canonical: Page) -> Copy:
    where = "" if page.slug == canonical.slug else ", in another subject"
    return Copy(page, f"the same question and answer{where}")

"""Addresses that a script wrote without knowing the subject."""

from collections.abc import Iterator

from responsa.article import Article, Edit
from responsa.library.urls import is_address, slugify
from responsa.repair.repair import Repair
from responsa.repair.scene import Scene


def addresses(scene: Scene) -> Iterator[Repair]:
    """The address that the layout gives an article, where it is free; the earlier one becomes an alias.

    Not where the file states no subject: then only a person knows it.
    """
    moved = dict(scene.catalogue.aliases())
    taken: set[str] = set()
    paths = [card.path for card in scene.catalogue.cards(by="path") if _undefined(card.url)]
    for article in scene.catalogue.entries(paths):
        if not isinstance(article, Article) or {"url", "subject"} & set(article.unstated):
            continue
        right = _right(scene, article)
        free = right not in taken and right not in moved and scene.catalogue.card(right) is None
        if (
            free
            and is_address(right)
            and not _undefined(right)
            and scene.catalogue.path_of(article.url) == article.path
        ):
            taken.add(right)
            yield Repair(article.url, f"becomes {right}", tuple(_edits(article, right)))


def _edits(article: Article, right: str) -> Iterator[Edit]:
    """The aliases first: once the address is another one, no edit finds the article by the old."""
    if is_address(article.url) and article.url not in article.aliases:
        aliases = [*map(str, article.aliases), str(article.url)]
        yield Edit(article.url, "aliases", [*aliases], f"the earlier address of {right}")
    yield Edit(article.url, "url", right, "the address that the layout gives this file")


def _right(scene: Scene, article: Article) -> str:
    path = article.path
    stem = path.parent.name if path.stem == "index" else path.stem
    slug = scene.library.subject_of(article.subject).slug
    permalink = scene.library.config.layout.permalink
    return permalink.replace("{subject}", slug).replace("{slug}", slugify(stem))


def _undefined(url: str) -> bool:
    return "undefined" in url.split("/")

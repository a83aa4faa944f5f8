"""Damage that the real library happens not to have, laid into its articles: each kind that `fix` has one answer to."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from responsa.article import ABSENT, Article, Edit
from responsa.library.catalogue import refresh
from responsa.library.library import apply, read
from responsa.library.refusal import is_refusal
from responsa.library.write import write

TABLE = "\n\n| sign | meaning |\n| a | one |\n| b | two |"
FENCE = "\n\n```\nsome code"
JUMP = "# Overview\n\n### Detail\n\nFirst.\n\n"
BROKEN = "\n\nIt holds that $a \neq b$."
Damage = Callable[[Article, Article], Iterator[Edit]]


def undefined_address(article: Article, _: Article) -> Iterator[Edit]:
    yield Edit(article.url, "url", f"/learn/undefined/questions/{article.path.stem}", "planted")


def undefined_link(article: Article, other: Article) -> Iterator[Edit]:
    yield from linked(article, other, f"/questions/undefined{other.url}")


def moved_link(article: Article, other: Article) -> Iterator[Edit]:
    """To an earlier address of an article."""
    yield Edit(other.url, "aliases", [f"/old/{other.path.stem}"], "planted")
    yield from linked(article, other, f"/old/{other.path.stem}")


def linked(article: Article, other: Article, url: str) -> Iterator[Edit]:
    slot = f"related_article{max((link.slot for link in article.related), default=0) + 1}"
    yield Edit(article.url, slot, {"title": other.question, "subject": other.subject, "url": url}, "planted")


def collision(article: Article, other: Article) -> Iterator[Edit]:
    yield Edit(article.url, "aliases", [str(other.url)], "planted")


def no_description(article: Article, _: Article) -> Iterator[Edit]:
    yield Edit(article.url, "seo.page_description", ABSENT, "planted")


def behind(text: str) -> Damage:
    return lambda article, _: iter([Edit(article.url, "answer", article.answer.rstrip() + text, "planted")])


def jump(article: Article, _: Article) -> Iterator[Edit]:
    yield Edit(article.url, "answer", JUMP + article.answer, "planted")


def unheld(article: Article, _: Article) -> Iterator[Edit]:
    """A refusal that lists and search engines would show."""
    if is_refusal(article):
        yield Edit(article.url, "no_index", ABSENT, "planted")


DAMAGE: dict[str, Damage] = {
    "address-undefined": undefined_address,
    "link-undefined": undefined_link,
    "link-moved": moved_link,
    "alias-collision": collision,
    "description-missing": no_description,
    "table-broken": behind(TABLE),
    "fence-unclosed": behind(FENCE),
    "heading-jump": jump,
    "escape-broken": behind(BROKEN),
}


def plant(folder: Path, each: int, seed: int = 7) -> None:
    """``each`` articles of every kind of damage, no article twice; all refusals lose what holds them."""
    library = read(folder)
    with refresh(library) as catalogue:
        shared = {card.path for group in catalogue.repeated("url") for card in group.cards}
        found = [
            article
            for article in catalogue.entries(card.path for card in catalogue.cards(by="path"))
            if isinstance(article, Article) and article.path not in shared
        ]
        whole = [article for article in found if not is_refusal(article) and is_plain(article)]
        random.Random(seed).shuffle(whole)
        pairs = iter(zip(whole[::2], whole[1::2], strict=False))
        edits = [edit for article in found for edit in unheld(article, article)]
        for damage in DAMAGE.values():
            for _ in range(each):
                edits += damage(*next(pairs))
        write(library, apply(library, edits, catalogue.path_of))


def is_plain(article: Article) -> bool:
    """Whether what is laid behind the answer stands for itself there."""
    return (
        not article.aliases and "```" not in article.answer and "$" not in article.answer and "#" not in article.answer
    )

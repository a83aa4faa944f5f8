"""The library around a new article: how its records look, which number and address are free, what it should lead to."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct

from responsa.article import Article, Link
from responsa.library.card import Card, question_key
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.library.urls import is_address, slugify
from responsa.relate.links import FIVE
from responsa.relate.rank import REPEAT, SHELF
from responsa.relate.table import Table

SAMPLES: Final = 40
"""Newest records whose common values a new one takes over."""
LEAST: Final = 0.3
"""Cosine below which a question is no neighbour."""
CANDIDATES: Final = 60
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}-")


class Style(Struct, frozen=True):
    """What the library's records have in common. ``fields``: keys that they state, by Responsa's first name of each."""

    schema: str = "default"
    author: str = ""
    date_format: str = "MMM DD, YYYY"
    post_on_text: str = "Posted on"
    language: str = ""
    fields: frozenset[str] = frozenset()
    dated: bool = False


def style_of(library: Library, catalogue: Catalogue) -> Style:
    """From the newest articles; the seed's own habits where there are none."""
    cards = [card for card, _ in zip(catalogue.cards(), range(SAMPLES), strict=False)]
    articles = [one for one in catalogue.entries([card.path for card in cards]) if isinstance(one, Article)]
    keys = [key for card in cards[:5] for key in library.record(card.path).values]
    base = Style()
    return Style(
        _most(article.schema for article in articles) or base.schema,
        _most(article.author for article in articles) or library.config.site.author,
        _most(article.date_format for article in articles) or base.date_format,
        _most(article.post_on_text for article in articles) or base.post_on_text,
        _most(article.language for article in articles),
        frozenset(keys),
        bool(cards) and all(_DATED.match(card.path.name) for card in cards),
    )


def _most(texts: Iterable[str]) -> str:
    counts = Counter(text for text in texts if text)
    return min(counts, key=lambda text: (-counts[text], text)) if counts else ""


class Taken:
    """Numbers, addresses and files that are in use; what is given out counts as taken from then on."""

    def __init__(self, library: Library, catalogue: Catalogue, others: Iterable[Mapping[str, Any]] = ()) -> None:
        self.library, self.catalogue = library, catalogue
        self.aliases = {str(alias) for _, alias in catalogue.aliases()}
        self.urls: set[str] = set()
        self.paths: set[PurePosixPath] = set()
        self.numbers: set[int] = set()
        self.asked: dict[str, Card] = {}
        for card in catalogue.cards(by="path"):
            self.asked.setdefault(card.question_key, card)
            if isinstance(card.id, int):
                self.numbers.add(card.id)
        self.largest = max(self.numbers, default=0)
        for other in others:
            self.urls.add(str(other.get("url", "")))
            self.paths.add(PurePosixPath(str(other.get("path", ""))))
            number = other.get("id")
            self.largest = max(self.largest, number if isinstance(number, int) else 0)

    def number(self) -> int:
        """One more than the largest."""
        self.largest += 1
        return self.largest

    def answers(self, question: str) -> Card | None:
        """The article that answers a question in the same words."""
        return self.asked.get(question_key(question))

    def release(self, url: str, path: str) -> None:
        """What a draft had that is made anew."""
        self.urls.discard(url)
        self.paths.discard(PurePosixPath(path))

    def place(self, question: str, subject: str, style: Style, day: str) -> tuple[str, PurePosixPath]:
        """A free address with the file that belongs to it: the question's slug, with a number where it is taken."""
        shelf = self.library.subject_of(subject).slug
        folder = self._folder(shelf)
        slug = slugify(question)
        for count in range(1, 10_000):
            stem = slug if count == 1 else f"{slug}-{count}"
            url = self.library.config.layout.permalink.replace("{subject}", shelf).replace("{slug}", stem)
            path = folder / f"{day}-{stem}.md" if style.dated else folder / f"{stem}.md"
            if self.is_free(url, path):
                self.urls.add(url)
                self.paths.add(path)
                return url, path
        raise AssertionError(slug)

    def has_number(self, number: int) -> bool:
        """Whether an article has it."""
        return number in self.numbers

    def is_free(self, url: str, path: PurePosixPath) -> bool:
        """Whether neither an article nor a draft that was given out has the address or the file."""
        if not is_address(url) or url in self.urls or url in self.aliases or path in self.paths:
            return False
        return self.catalogue.card(url) is None and not (self.library.folder / path).exists()

    def _folder(self, shelf: str) -> PurePosixPath:
        """Where most articles of the subject lie, else a folder of its name."""
        parents = Counter(
            card.path.parent for card, _ in zip(self.catalogue.cards(subject=shelf), range(SAMPLES), strict=False)
        )
        if parents:
            return min(parents, key=lambda folder: (-parents[folder], str(folder)))
        return self.library.content / shelf


def links_for(table: Table, cosines: Mapping[int, float], shelf: str) -> tuple[Link, ...]:
    """Five listed questions that a reader wants next: near, no repeats of each other, the own shelf first."""
    worth = {row: near + (SHELF if table.faces[row].slug == shelf else 0.0) for row, near in cosines.items()}
    rows: list[int] = []
    for row in sorted(worth, key=lambda row: (-round(worth[row], 4), table.faces[row].url)):
        face = table.faces[row]
        if len(rows) == FIVE or cosines[row] < LEAST:
            break
        if face.listed and cosines[row] < REPEAT and all(table.apart(row, other, REPEAT) for other in rows):
            rows.append(row)
    return tuple(
        Link(slot, face.url, face.title, face.subject, face.id)
        for slot, face in enumerate((table.faces[row] for row in rows), 1)
    )


def nearest_rows(table: Table, vector: Any) -> dict[int, float]:  # noqa: ANN401 - a row of NumPy, an extra
    """The nearest questions with their cosines."""
    if not len(table):
        return {}
    cosines = table.vectors @ vector
    order = sorted(range(len(cosines)), key=lambda row: (-round(float(cosines[row]), 4), table.faces[row].url))
    return {row: round(float(cosines[row]), 4) for row in order[:CANDIDATES]}

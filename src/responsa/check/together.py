"""Rules on articles taken together, asked of the catalogue."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from responsa.check.problem import Problem
from responsa.check.rules import RULES
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.library.urls import collisions

REPEATS: Final = (
    ("address-repeated", "url", "url"),
    ("repeated-id", "id", "id"),
    ("repeated-question", "question_key", "question"),
    ("repeated-answer", "answer_digest", "answer"),
)
"""Rule, field of the catalogue, key of the record."""


class Together:
    """All of these rules over one catalogue."""

    def __init__(self, library: Library, catalogue: Catalogue) -> None:
        self.library, self.catalogue = library, catalogue
        self._lines = lru_cache(maxsize=1024)(library.lines)

    def problems(self) -> Iterator[Problem]:
        """In no order that means anything."""
        yield from self.unreadable()
        yield from self.repeats()
        yield from self.case()
        yield from self.aliases()

    def unreadable(self) -> Iterator[Problem]:
        """Files that are no records."""
        for bad in self.catalogue.unreadable():
            yield Problem("unreadable-file", bad.path, bad.line, bad.problem, RULES["unreadable-file"].severity)

    def repeats(self) -> Iterator[Problem]:
        """Every article of a group but the first names the first."""
        for rule, field, key in REPEATS:
            for group in self.catalogue.repeated(field):
                first = min(group.cards, key=lambda card: str(card.path))
                others = (card for card in group.cards if card.path != first.path)
                yield from (self._problem(rule, key, card, f"the same as in {first.path}") for card in others)

    def case(self) -> Iterator[Problem]:
        """Addresses that some file systems take for one."""
        for earlier, later in collisions(card.url for card in self.catalogue.cards(by="path")):
            card = self.catalogue.lookup([later]).popitem()[1]
            yield self._problem("address-case", "url", card, f"differs from {earlier} in case or accents alone")

    def aliases(self) -> Iterator[Problem]:
        """Earlier addresses that lead to two places, or to a living page."""
        for alias, urls in self.catalogue.alias_collisions():
            for card in self.catalogue.lookup(urls).values():
                message = f"{alias} is claimed by another article too, or is the address of one"
                yield self._problem("alias-collision", "aliases", card, message)

    def _problem(self, rule: str, key: str, card: Card, message: str) -> Problem:
        return Problem(rule, card.path, self._line(card.path, key), message, RULES[rule].severity, url=card.url)

    def _line(self, path: PurePosixPath, key: str) -> int:
        return self._lines(path)(self.library.config.layout.key(key))

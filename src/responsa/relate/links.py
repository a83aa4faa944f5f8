"""The five links of one article: what editors pinned, what it has that is still good, and the best of the rest."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from responsa.article import Url
from responsa.relate.neighbours import Neighbours
from responsa.relate.pages import Page
from responsa.relate.rank import REPEAT
from responsa.relate.table import Table

FIVE: Final = 5
MARGIN: Final = 0.05
"""A stored link stays unless it is worth this much less than the last of the best five."""

Slots = dict[int, Url]
"""Address by slot, from 1."""


def chosen(page: Page, table: Table, found: Neighbours) -> Slots:
    """The links ``page`` should have. Applied to what it proposed, it proposes the same: what is there stays."""
    pick = _Pick(page, table, found)
    pinned = pick.pinned()
    stored = pick.stored()
    filled = list(pick.others(FIVE - len(pinned) - len(stored)))
    if pinned:
        return dict(enumerate([*pinned, *stored.values(), *filled], 1))
    slots = {slot: url for slot, url in stored.items() if slot <= FIVE}
    free = (slot for slot in range(1, FIVE + 1) if slot not in slots)
    beyond = [url for slot, url in stored.items() if slot > FIVE]
    return dict(sorted({**slots, **dict(zip(free, [*beyond, *filled], strict=False))}.items()))


def fill(page: Page, table: Table, found: Neighbours) -> list[Page]:
    """The articles that ``page`` should lead to, in order: what a build shows without writing any record."""
    return [table.by_url[url] for url in chosen(page, table, found).values()]


class _Pick:
    def __init__(self, page: Page, table: Table, found: Neighbours) -> None:
        self.page, self.table = page, table
        self.row = table.row_of[page.key]
        worth = found.order.worth[self.row]
        good = np.isfinite(worth)
        self.worth = dict(zip(found.pools.rows[self.row][good].tolist(), worth[good].tolist(), strict=True))
        self.best = [row for row in found.order.best[self.row].tolist() if row >= 0]
        self.rows: list[int] = []
        self.least = min((self.worth[row] for row in self.best[:FIVE]), default=0.0) - MARGIN

    def pinned(self) -> list[Url]:
        """Addresses of published articles that an editor wants here, whatever their worth."""
        held = [self.table.by_url[Url(url)] for url in self.page.pinned if url in self.table.by_url]
        pins = [page for page in held if page.url != self.page.url][:FIVE]
        self.rows += [self.table.row_of[page.key] for page in pins]
        return [page.url for page in pins]

    def stored(self) -> Slots:
        """Links of the record that are as good as those which would replace them, in their slots."""
        kept: Slots = {}
        for slot, url in self.page.stored:
            target = self.table.by_url.get(Url(url))
            if len(self.rows) == FIVE or target is None or url in kept.values() or not self._fits(target):
                continue
            row = self.table.row_of[target.key]
            if self.worth.get(row, -np.inf) < self.least or not self._apart(row):
                continue
            self.rows.append(row)
            kept[slot] = target.url
        return kept

    def others(self, wanted: int) -> Iterator[Url]:
        """As many of the best as are wanted; where they run out, of all that are any."""
        rest = sorted(self.worth, key=lambda row: (-self.worth[row], row))
        for row in dict.fromkeys([*self.best, *rest]):
            if wanted <= 0:
                return
            face = self.table.faces[row]
            if self._fits(face) and self._apart(row):
                self.rows.append(row)
                wanted -= 1
                yield face.url

    def _fits(self, target: Page) -> bool:
        mine = self.page
        same = target.key == mine.key or target.digest == mine.digest
        return target.listed and not same and target.url not in mine.banned

    def _apart(self, row: int) -> bool:
        return all(self.table.apart(row, other, REPEAT) for other in self.rows)

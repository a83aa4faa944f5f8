"""Articles that stand on a shelf where hardly one of their neighbours stands."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from responsa.article import Edit, Url
from responsa.describe.subjects import Near, subjects, voted
from responsa.library.library import Library
from responsa.relate.pages import Page
from responsa.relate.rank import REPEAT
from responsa.relate.related import Relations
from responsa.repair.neighbourhood import Neighbourhood
from responsa.repair.repair import Repair
from responsa.repair.scene import Scene

SURE: Final = 0.9
"""Share of the vote from which another shelf is proposed: docs/describe.md says how often it is right then."""
DOUBTED: Final = 0.5
"""Share of the vote by meaning alone, which costs no search, below which the whole vote is not asked for."""


def shelves(scene: Scene, held: Neighbourhood) -> Iterator[Repair]:
    """One an article that its neighbours by words and by meaning place elsewhere, by path."""
    titles = {shelf.info.slug: shelf.info.title for shelf in scene.catalogue.subjects()}
    for page in held.relations.table.by_url.values():
        if not _doubted(scene.library, page, held.relations):
            continue
        same = _same(page, held.relations)
        best = next(iter(subjects(scene.library, held.index, page.title, besides=same)), None)
        if best is not None and best.slug != page.slug and best.confidence >= SURE:
            title = titles.get(best.slug, best.subject)
            reason = f"{best.confidence:.0%} of its neighbours' vote: {', '.join(best.near)}"
            yield Repair(page.url, f"{page.subject} becomes {title}", (Edit(page.url, "subject", title, reason),))


def _doubted(library: Library, page: Page, relations: Relations) -> bool:
    """Whether most of those that ask the nearest stand elsewhere."""
    table, row = relations.table, relations.table.row_of[page.key]
    same = _same(page, relations)
    others = [other for other in _pool(page, relations) if table.faces[other].url not in same]
    cosines = np.asarray(table.vectors[others], np.float32) @ np.asarray(table.vectors[row], np.float32)
    near = (
        Near(table.faces[other].subject, cosine, table.faces[other].url)
        for other, cosine in zip(others, cosines.tolist(), strict=True)
    )
    guesses = voted(library, near)
    return bool(guesses) and guesses[0].slug != page.slug and guesses[0].confidence >= DOUBTED


def _same(page: Page, relations: Relations) -> set[Url]:
    """The article and those that ask or answer the same: they have no vote, since they stand where it stands."""
    table, row = relations.table, relations.table.row_of[page.key]
    pool = _pool(page, relations)
    copies = (
        other for other in pool if not table.apart(row, other, REPEAT) or table.faces[other].digest == page.digest
    )
    return {page.url, *(table.faces[other].url for other in copies)}


def _pool(page: Page, relations: Relations) -> list[int]:
    pool = relations.found.pools.rows[relations.table.row_of[page.key]]
    return [other for other in pool.tolist() if other >= 0]

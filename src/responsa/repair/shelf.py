"""Articles that stand on a shelf where hardly one of their neighbours stands."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from responsa.article import Edit
from responsa.describe.subjects import Guess, Near, voted
from responsa.library.library import Library
from responsa.relate.pages import Page
from responsa.relate.rank import REPEAT
from responsa.relate.related import Relations
from responsa.repair.repair import Repair
from responsa.repair.scene import Scene

SURE: Final = 0.9
"""Share of the vote from which another shelf is proposed: docs/describe.md says how often it is right then."""


def subjects(scene: Scene, relations: Relations) -> Iterator[Repair]:
    """One an article that its neighbours place elsewhere, by path."""
    titles = {shelf.info.slug: shelf.info.title for shelf in scene.catalogue.subjects()}
    for page in relations.table.by_url.values():
        guesses = guessed(scene.library, page, relations)
        if guesses and guesses[0].slug != page.slug and guesses[0].confidence >= SURE:
            best = guesses[0]
            reason = f"{best.confidence:.0%} of its neighbours' vote: {', '.join(best.near)}"
            title = titles.get(best.slug, best.subject)
            yield Repair(page.url, f"{page.subject} becomes {title}", (Edit(page.url, "subject", title, reason),))


def guessed(library: Library, page: Page, relations: Relations) -> list[Guess]:
    """What the neighbours of a question say, without those that ask or answer the same."""
    table, row = relations.table, relations.table.row_of[page.key]
    pool = relations.found.pools.rows[row]
    pool = pool[pool >= 0]
    cosines = np.asarray(table.vectors[pool], np.float32) @ np.asarray(table.vectors[row], np.float32)
    near = [
        Near(face.subject, float(cosine), face.url)
        for other, cosine in zip(pool.tolist(), cosines.tolist(), strict=True)
        if table.apart(row, other, REPEAT) and (face := table.faces[other]).digest != page.digest
    ]
    return voted(library, near)

"""Whether a new question was asked already."""

from pathlib import PurePosixPath
from typing import Final

import numpy as np
from msgspec import Struct

from responsa.article import Article
from responsa.index.index import Index
from responsa.index.texts import sound
from responsa.library.card import question_key
from responsa.library.catalogue import Catalogue
from responsa.relate.asked import asked, same
from responsa.relate.duplicates import NEAR
from responsa.relate.pages import Page
from responsa.relate.table import Table

CLOSE: Final = 5
"""Questions shown beside one that was not asked yet."""
LIKELY: Final = 50
"""Nearest questions whose words are compared."""


class Heard(Struct, frozen=True):
    """Whether a question was asked already: the article, if so, and why; else the nearest with their cosines."""

    article: Page | None
    why: str
    near: tuple[tuple[Page, float], ...]


def heard(table: Table, index: Index, catalogue: Catalogue, question: str) -> Heard:
    """Whether a published article, or one of the other wordings that it names, asks the question already."""
    question = sound(question)
    wanted = question_key(question)
    if wanted in table.row_of:
        return Heard(table.faces[table.row_of[wanted]], "the same question", ())
    by_wording = _by_wording(table, index, catalogue, question, wanted)
    if by_wording is not None:
        return Heard(by_wording, "asked in the same words, kept in also_asked", ())
    if not len(table):
        return Heard(None, "", ())
    cosines = table.vectors @ index.encoder.encode([question])[0]
    order = np.lexsort((np.arange(len(cosines)), -cosines))[:LIKELY].tolist()
    for row in order:
        if cosines[row] >= NEAR and same(asked(question), asked(table.faces[row].title)):
            why = f"the same question in other words ({cosines[row]:.2f})"
            return Heard(table.faces[row], why, ())
    return Heard(None, "", tuple((table.faces[row], round(float(cosines[row]), 3)) for row in order[:CLOSE]))


def _by_wording(table: Table, index: Index, catalogue: Catalogue, question: str, wanted: str) -> Page | None:
    hits = index.search(question, 10)
    entries = catalogue.entries(PurePosixPath(hit.document.path) for hit in hits)
    for entry in entries:
        if isinstance(entry, Article) and wanted in map(question_key, entry.also_asked):
            return table.by_url.get(entry.url)
    return None

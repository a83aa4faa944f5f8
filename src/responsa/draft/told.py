"""What lists and heads of pages say of a draft: subject, description, keywords."""

from typing import Final

from msgspec import Struct

from responsa.describe.description import description
from responsa.describe.keywords import keywords
from responsa.describe.subjects import subjects
from responsa.draft.outcome import Draft
from responsa.index.index import Index
from responsa.library.library import Library

OTHER: Final = "Others"
"""The subject of the first article of a library that names none."""


class Told(Struct, frozen=True):
    """``confidence`` is that of the subject, 0 to 1."""

    subject: str
    confidence: float
    description: str
    keywords: tuple[str, ...]


def told(library: Library, index: Index, draft: Draft) -> Told:
    """The subject by the nearest articles, the rest from the answer's own words."""
    guesses = subjects(library, index, draft.question, draft.answer)
    titles = [subject.title for subject in library.config.subjects]
    subject, sure = (guesses[0].subject, guesses[0].confidence) if guesses else ((titles or [OTHER])[0], 0.0)
    return Told(subject, sure, description(draft.question, draft.answer), keywords(draft.question, draft.answer))

"""A new question beside the library's own: whether it was asked, and under which subject its draft shall stand."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from responsa.article import Url
from responsa.draft.around import Style, Taken, links_for, nearest_rows, style_of
from responsa.draft.drafts import Saved, listed
from responsa.draft.outcome import Draft
from responsa.draft.record import Filed, record_of
from responsa.draft.told import told
from responsa.index.encoders import encoder_of
from responsa.index.index import Index, open_index
from responsa.library.catalogue import Catalogue, refresh
from responsa.library.library import Library
from responsa.relate.heard import Heard, heard
from responsa.relate.now import table_now
from responsa.relate.related import Progress
from responsa.relate.table import Table


class Around(Struct, frozen=True):
    """The library as a new article meets it."""

    library: Library
    catalogue: Catalogue
    index: Index
    table: Table
    style: Style
    taken: Taken

    def heard(self, question: str) -> Heard:
        """Whether it was asked already, and which questions are near."""
        return heard(self.table, self.index, self.catalogue, question)

    def near(self, question: str) -> float:
        """How near the nearest question is, 0 to 1."""
        found = nearest_rows(self.table, self.index.encoder.encode([question])[0])
        return max([0.0, *found.values()])

    def filed(self, draft: Draft, day: datetime.date, before: Saved | None = None) -> tuple[Filed, bytes]:
        """Where the draft shall stand and the record that it would be; where ``before`` stood if it is drafted anew."""
        rows = nearest_rows(self.table, self.index.encoder.encode([draft.question])[0])
        words = told(self.library, self.index, draft)
        shelf = self.library.subject_of(words.subject).slug
        url, path = self.taken.place(draft.question, words.subject, self.style, day.isoformat())
        number = before.id if before else self.taken.number()
        links = links_for(self.table, rows, shelf)
        filed = Filed(number, day, words.subject, Url(url), path, words.description, words.keywords, links)
        return filed, record_of(self.library, self.style, draft, filed)


@contextmanager
def around(library: Library, progress: Progress = lambda _done, _all: None) -> Iterator[Around]:
    """Brought up to date with the files; drafts that wait keep their numbers and addresses."""
    encoder = encoder_of(library)
    with refresh(library) as catalogue, open_index(library, catalogue, encoder, progress=progress) as index:
        table = table_now(library, catalogue, index)
        waiting = (one.entry for one in listed(library))
        others = [{"url": one.url, "path": one.path, "id": one.id} for one in waiting if isinstance(one, Saved)]
        taken = Taken(library, catalogue, others)
        yield Around(library, catalogue, index, table, style_of(library, catalogue), taken)

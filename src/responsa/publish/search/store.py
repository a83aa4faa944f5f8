"""What the next build must know of each listed article, in the tables of the site's own state."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from msgspec import Struct, structs

from responsa.publish.search.entry import Entry
from responsa.publish.search.manifest import FACES
from responsa.publish.search.numbers import hash_of, numbered, span_of

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS search_articles (
  place TEXT PRIMARY KEY, hash INTEGER, number INTEGER, terms BLOB, face BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS search_hash ON search_articles (hash, place);
CREATE INDEX IF NOT EXISTS search_number ON search_articles (number);
CREATE TABLE IF NOT EXISTS search_before (place TEXT PRIMARY KEY, number INTEGER, terms BLOB) WITHOUT ROWID;
"""
_TABLES: Final = ("search_articles", "search_before")
_PUT: Final = (
    "INSERT INTO search_articles VALUES (?1, ?2, NULL, ?3, ?4) ON CONFLICT (place) DO UPDATE SET "
    "hash = ?2, number = CASE WHEN hash = ?2 THEN number END, terms = ?3, face = ?4"
)
BATCH: Final = 500


class Known(Struct, frozen=True):
    """What is kept of an entry."""

    hash: int
    terms: bytes
    face: bytes


_NONE: Final = (None, Known(0, b"", b""))


class Change(Struct, frozen=True, array_like=True):
    """An article before and after; ``number`` is ``None`` where it is not in the index."""

    old: int | None
    old_terms: bytes
    new: int | None
    new_terms: bytes


class Store:
    """Entries by place. Changes belong to the caller's transaction.

    An article's entry as the published index has it is kept aside at its first change, until ``settle``.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        for statement in filter(str.strip, SCHEMA.split(";")):
            database.execute(statement)

    def put_all(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """The pages at those places are listed and say this."""
        stream = iter(entries)
        while batch := list(islice(stream, BATCH)):
            old = self._known(place for place, _ in batch)
            new = {place: Known(hash_of(entry.url), entry.terms, entry.face) for place, entry in batch}
            changed = [place for place, known in new.items() if place not in old or old[place][1] != known]
            self._keep((place, *old.get(place, _NONE)) for place in changed)
            self._database.executemany(_PUT, ((place, *structs.astuple(new[place])) for place in changed))

    def drop_all(self, places: Iterable[str]) -> None:
        """There are no listed pages at those places; nothing where there was none."""
        stream = iter(places)
        while batch := list(islice(stream, BATCH)):
            old = self._known(batch)
            self._keep((place, *known) for place, known in old.items())
            self._database.executemany("DELETE FROM search_articles WHERE place = ?", ((place,) for place in old))

    def changed(self) -> bool:
        """Whether anything has changed since ``settle``."""
        return bool(self._database.execute("SELECT EXISTS (SELECT 1 FROM search_before)").fetchone()[0])

    def places(self) -> list[str]:
        """Every place that has an entry, in order."""
        return [place for (place,) in self._stream("SELECT place FROM search_articles ORDER BY place")]

    def clear(self) -> None:
        """Forget everything."""
        for table in _TABLES:
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables

    def settle(self) -> None:
        """The index has been made of what is here."""
        self._database.execute("DELETE FROM search_before")

    def count(self) -> int:
        """How many articles there are."""
        return int(self._database.execute("SELECT count(*) FROM search_articles").fetchone()[0])

    @property
    def span(self) -> int:
        """The bits of an article's number."""
        return span_of(self.count())

    def number(self) -> None:
        """Give every article its number; those whose number changes are changed."""
        if self._numbered():
            return
        rows = self._database.execute("SELECT hash, place, number FROM search_articles ORDER BY hash, place").fetchall()
        numbers = numbered((row[0] for row in rows), span_of(len(rows)))
        moved = [(new, place) for (_, place, old), new in zip(rows, numbers, strict=True) if old != new]
        for batch in (moved[at : at + BATCH] for at in range(0, len(moved), BATCH)):
            known = self._known(place for _, place in batch)
            self._keep((place, *known[place]) for _, place in batch)
        self._database.executemany("UPDATE search_articles SET number = ? WHERE place = ?", moved)

    def _numbered(self) -> bool:
        query = (
            "SELECT EXISTS (SELECT 1 FROM search_articles WHERE number IS NULL) OR EXISTS "
            "(SELECT 1 FROM search_before WHERE place NOT IN (SELECT place FROM search_articles))"
        )
        return not self._database.execute(query).fetchone()[0]

    def terms(self) -> Iterator[tuple[int, bytes]]:
        """Number and stems of each article, by number."""
        return self._stream("SELECT number, terms FROM search_articles ORDER BY number")

    def faces(self, number: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Number and face of each article by number, or of those that share a file with ``number``."""
        if number is None:
            return self._stream("SELECT number, face FROM search_articles ORDER BY number")
        first = number >> FACES << FACES
        query = "SELECT number, face FROM search_articles WHERE number BETWEEN ? AND ? ORDER BY number"
        return self._stream(query, first, first + (1 << FACES) - 1)

    def changes(self) -> Iterator[Change]:
        """Articles of which anything has changed since ``settle``."""
        query = (
            "SELECT old.number, old.terms, new.number, new.terms FROM search_before old "
            "LEFT JOIN search_articles new ON new.place = old.place ORDER BY old.place"
        )
        return (Change(old, before or b"", new, after or b"") for old, before, new, after in self._stream(query))

    def _known(self, places: Iterable[str]) -> dict[str, tuple[int | None, Known]]:
        wanted = list(places)
        query = f"SELECT * FROM search_articles WHERE place IN ({', '.join('?' * len(wanted))})"  # noqa: S608 - only marks
        rows = self._database.execute(query, wanted)
        return {place: (number, Known(hashed, terms, face)) for place, hashed, number, terms, face in rows}

    def _keep(self, rows: Iterable[tuple[str, int | None, Known]]) -> None:
        kept = ((place, number, known.terms) for place, number, known in rows)
        self._database.executemany("INSERT OR IGNORE INTO search_before VALUES (?, ?, ?)", kept)

    def _stream(self, query: str, *values: object) -> Iterator[Any]:
        cursor = self._database.execute(query, values)
        while rows := cursor.fetchmany(500):
            yield from rows

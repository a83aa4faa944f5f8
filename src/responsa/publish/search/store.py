"""What the next build must know of each listed article, in the tables of the site's own state."""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

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

    def put(self, place: str, entry: Entry) -> None:
        """The page at ``place`` is listed and says this."""
        old = self._database.execute(
            "SELECT hash, terms, face FROM search_articles WHERE place = ?", (place,)
        ).fetchone()
        new = (hash_of(entry.url), entry.terms, entry.face)
        if old == new:
            return
        self._keep(place)
        self._database.execute(
            "INSERT INTO search_articles VALUES (?1, ?2, NULL, ?3, ?4) "
            "ON CONFLICT (place) DO UPDATE SET "
            "hash = ?2, number = CASE WHEN hash = ?2 THEN number END, terms = ?3, face = ?4",
            (place, *new),
        )

    def drop(self, place: str) -> None:
        """There is no listed page at ``place``; nothing where there was none."""
        self._keep(place, gone=True)
        self._database.execute("DELETE FROM search_articles WHERE place = ?", (place,))

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
        for _, place in moved:
            self._keep(place)
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

    def _keep(self, place: str, *, gone: bool = False) -> None:
        found = self._database.execute("SELECT number, terms FROM search_articles WHERE place = ?", (place,)).fetchone()
        if found is None and gone:
            return
        number, terms = found or (None, b"")
        self._database.execute("INSERT OR IGNORE INTO search_before VALUES (?, ?, ?)", (place, number, terms))

    def _stream(self, query: str, *values: object) -> Iterator[Any]:
        cursor = self._database.execute(query, values)
        while rows := cursor.fetchmany(500):
            yield from rows

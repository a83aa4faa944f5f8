"""What a published site holds, file by file, so that the next build changes only what is other: derived, disposable."""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from msgspec import structs

from responsa.errors import ResponsaError
from responsa.library.lock import private
from responsa.library.tables import discard_database
from responsa.publish.neighbours import Neighbours
from responsa.publish.pages import Row
from responsa.publish.search.store import Store
from responsa.publish.study.store import Cards

VERSION: Final = 3
MODULUS: Final = 2**256

_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE outputs (path TEXT PRIMARY KEY, digest BLOB, part TEXT, seen INTEGER) WITHOUT ROWID;
CREATE INDEX outputs_part ON outputs (part) WHERE part <> '';
CREATE TABLE rows (
  place TEXT PRIMARY KEY, url TEXT, title TEXT, slug TEXT, date TEXT, posted TEXT, listed INTEGER, no_index INTEGER
);
CREATE INDEX rows_shelf ON rows (slug, date DESC, url) WHERE listed;
CREATE INDEX rows_counted ON rows (slug, listed);
CREATE INDEX rows_newest ON rows (date DESC, url) WHERE listed;
CREATE TABLE lag (path TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_TABLES: Final = ("meta", "outputs", "rows", "lag")


class State:
    """One site's files and rows. Changes belong to one transaction: a kill leaves what was there before.

    ``mark`` is the sum of a hash of every path with its content's digest, modulo 2^256: it depends on nothing but
    the files, whatever order they were written in, and follows each change at once.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.search = Store(database)
        self.neighbours = Neighbours(database)
        self.cards = Cards(database)
        self._meta: dict[str, str] = dict(database.execute("SELECT key, value FROM meta"))
        self.mark = int(self._meta.get("mark", "0"), 16)
        self.generation = int(self._meta.get("generation", "0")) + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def get(self, key: str) -> str:
        """A word kept with the state, or nothing."""
        return self._meta.get(key, "")

    @property
    def stated(self) -> str:
        """The mark as a site's folder states it; empty while nothing was ever built."""
        return self.get("live")

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All that is done within holds, or nothing of it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        for table in _TABLES:
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608
        self.search.clear()
        self.neighbours.clear()
        self.cards.clear()
        self._meta, self.mark = {}, 0

    def keep(self, **words: str) -> None:
        """Keep words with the state."""
        words |= {"mark": f"{self.mark:x}", "generation": str(self.generation)}
        self._meta |= words
        self._database.executemany("REPLACE INTO meta VALUES (?, ?)", words.items())

    def digests(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Of those paths that the site has."""
        found: dict[str, bytes] = {}
        wanted = iter(paths)
        while batch := list(islice(wanted, 500)):
            marks = ", ".join("?" * len(batch))
            query = f"SELECT path, digest FROM outputs WHERE path IN ({marks})"  # noqa: S608
            found.update(self._database.execute(query, batch))
        return found

    def put(self, path: str, digest: bytes, part: str = "", old: bytes | None = None) -> None:
        """The site has a file; ``old`` is the digest it had. ``part`` names the list it belongs to."""
        self.put_all([(path, digest, old)], part)

    def put_all(self, files: Iterable[tuple[str, bytes, bytes | None]], part: str = "") -> None:
        """The site has files: each its path, its digest and the digest it had."""
        held = list(files)
        changed = [(path, digest, old) for path, digest, old in held if old != digest]
        terms = (_term(path, digest) - (_term(path, old) if old else 0) for path, digest, old in changed)
        self.mark = (self.mark + sum(terms)) % MODULUS
        many = self._database.executemany
        many("INSERT OR IGNORE INTO lag VALUES (?)", [(path,) for path, _, _ in changed])
        many("REPLACE INTO outputs VALUES (?, ?, ?, ?)", [(path, new, part, self.generation) for path, new, _ in held])

    def drop(self, path: str) -> bool:
        """The site has a file no longer; whether it had it."""
        old = self.digests([path]).get(path)
        if old is None:
            return False
        self.mark = (self.mark - _term(path, old)) % MODULUS
        self._database.execute("DELETE FROM outputs WHERE path = ?", (path,))
        self._database.execute("INSERT OR IGNORE INTO lag VALUES (?)", (path,))
        return True

    def paths(self) -> Iterator[str]:
        """Every file of the site, in order."""
        return (row[0] for row in self._stream("SELECT path FROM outputs ORDER BY path"))

    def stale(self, part: str = "") -> list[str]:
        """Files of a part (question pages have none) that this build has not made again."""
        query = "SELECT path FROM outputs WHERE part = ? AND seen <> ? ORDER BY path"
        if part:
            query = query.replace("WHERE", "WHERE part <> '' AND")  # lets SQLite use the index of the parts
        return [row[0] for row in self._stream(query, [part, self.generation])]

    def parts(self) -> list[str]:
        """Parts that have files."""
        return [row[0] for row in self._stream("SELECT DISTINCT part FROM outputs WHERE part <> '' ORDER BY part")]

    def lag(self) -> list[str]:
        """Files in which the twin differs from the live site."""
        return [row[0] for row in self._stream("SELECT path FROM lag ORDER BY path")]

    def forget_lag(self) -> None:
        """The twin holds what the live site holds."""
        self._database.execute("DELETE FROM lag")

    def row(self, place: str) -> Row | None:
        """The page at ``place``."""
        return self.rows([place]).get(place)

    def rows(self, places: Iterable[str]) -> dict[str, Row]:
        """The pages at those places that have one."""
        found: dict[str, Row] = {}
        wanted = iter(places)
        while batch := list(islice(wanted, 500)):
            marks = ", ".join("?" * len(batch))
            query = f"SELECT * FROM rows WHERE place IN ({marks})"  # noqa: S608
            found |= {row[0]: _row(row) for row in self._database.execute(query, batch)}
        return found

    def put_rows(self, rows: Iterable[Row]) -> None:
        """Pages as lists see them now."""
        self._database.executemany("REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(structs.astuple, rows))

    def drop_row(self, place: str) -> None:
        """There is no page at ``place``."""
        self._database.execute("DELETE FROM rows WHERE place = ?", (place,))

    def drop_homeless_rows(self) -> None:
        """Rows of pages that the site has no file of, and what is kept of pages that are not listed."""
        self._database.execute("DELETE FROM rows WHERE place NOT IN (SELECT path FROM outputs)")
        listed = {row.place for row in self.listed()}
        self.search.drop_all(place for place in self.search.places() if place not in listed)
        self.cards.keep_only(listed)

    def pages(self) -> int:
        """How many question pages there are."""
        return int(self._database.execute("SELECT count(*) FROM rows").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Listed pages of each subject's slug."""
        return dict(self._database.execute("SELECT slug, count(*) FROM rows WHERE listed GROUP BY slug"))

    def count(self, slug: str) -> int:
        """Listed pages of one subject's slug."""
        query = "SELECT count(*) FROM rows WHERE listed AND slug = ?"
        return int(self._database.execute(query, (slug,)).fetchone()[0])

    def listed(self, slug: str | None = None) -> Iterator[Row]:
        """Listed pages of one subject, or of all: newest first, ties by address."""
        where, values = ("AND slug = ?", [slug]) if slug is not None else ("", [])
        query = f"SELECT * FROM rows WHERE listed {where} ORDER BY date DESC, url"  # noqa: S608
        return map(_row, self._stream(query, values))

    def _stream(self, query: str, values: Iterable[object] = ()) -> Iterator[tuple[Any, ...]]:
        cursor = self._database.execute(query, tuple(values))
        while rows := cursor.fetchmany(500):
            yield from rows


def _row(values: tuple[Any, ...]) -> Row:
    place, url, title, slug, date, posted, listed, no_index = values
    return Row(place, url, title, slug, date, posted, bool(listed), bool(no_index))


def _term(path: str, digest: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(path.encode() + b"\0" + digest, digest_size=32).digest(), "big")


def state_path(folder: Path, out: Path) -> Path:
    """Where the library in ``folder`` keeps the state of the site in ``out``."""
    name = hashlib.blake2b(os.fsencode(out), digest_size=8).hexdigest()
    return private(folder) / f"site-{name}.sqlite"


def open_state(path: Path) -> State:
    """The state, or an empty one where there is none, or one that is damaged or of another version."""
    try:
        return State(_opened(path))
    except (sqlite3.DatabaseError, ValueError):
        discard_database(path)
    try:
        return State(_opened(path))
    except sqlite3.DatabaseError as error:
        raise ResponsaError(f"{path}: cannot be made: {error}") from error


def _create(database: sqlite3.Connection) -> None:
    known = database.execute("PRAGMA user_version").fetchone()[0]
    if known == 0:
        database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
    elif known != VERSION:
        raise sqlite3.DatabaseError("made by another version")


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA cache_size = -16384")
        _create(database)
    except BaseException:
        database.close()
        raise
    return database

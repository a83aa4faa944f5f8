"""What the index holds, article by article: derived, disposable, changed in one transaction."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, Final

from msgspec import Struct

from responsa.article import Url

VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE documents (
  number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE, url TEXT, title TEXT, subject TEXT, slug TEXT,
  listed INTEGER, held TEXT, question BLOB, text BLOB
);
CREATE INDEX documents_url ON documents (url);
"""
_FIELDS: Final = "number, path, url, title, subject, slug, listed, held, question, text"


class Document(Struct, frozen=True):
    """An article as the index knows it. ``question`` and ``text`` are the keys of its two vectors."""

    number: int
    path: PurePosixPath
    url: Url
    title: str
    subject: str
    slug: str
    listed: bool
    held: str
    question: bytes
    text: bytes


class Documents:
    """The table in ``path``. Raises ``sqlite3.DatabaseError`` where it is damaged or of another version."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._database.close()
            raise

    def _prepare(self) -> None:
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        elif version != VERSION:
            raise sqlite3.DatabaseError("made by another version")
        self._database.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def get(self, key: str) -> str:
        """A word kept beside the table, or nothing."""
        row = self._database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def set(self, key: str, value: str) -> None:
        """Keep a word."""
        self._database.execute("REPLACE INTO meta VALUES (?, ?)", (key, value))

    def begin(self) -> None:
        """Changes from here on are seen by others, and survive a kill, only after ``commit``."""
        self._database.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the changes since ``begin`` durable."""
        self._database.execute("COMMIT")

    def rollback(self) -> None:
        """Undo the changes since ``begin``."""
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")

    def clear(self) -> None:
        """Forget every article."""
        self._database.execute("DELETE FROM documents")
        self._database.execute("DELETE FROM sqlite_sequence")

    def put(self, values: Sequence[Any]) -> int:
        """Keep the fields after ``number`` of a new article; its number."""
        return int(
            self._database.execute(
                "INSERT INTO documents (path, url, title, subject, slug, listed, held, question, text) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            ).lastrowid
            or 0
        )

    def drop(self, path: PurePosixPath) -> int | None:
        """Forget the article of a file; the number it had."""
        row = self._database.execute("DELETE FROM documents WHERE path = ? RETURNING number", (str(path),)).fetchone()
        return int(row[0]) if row else None

    def all(self, *, listed: bool = False) -> Iterator[Document]:
        """Every article, or every listed one, by number."""
        return self._found("WHERE listed ORDER BY number" if listed else "ORDER BY number")

    def at(self, numbers: Iterable[int]) -> dict[int, Document]:
        """Articles by number; numbers that none has are missing."""
        found: dict[int, Document] = {}
        wanted = iter(numbers)
        while batch := list(islice(wanted, 500)):
            marks = ", ".join("?" * len(batch))
            found |= {document.number: document for document in self._found(f"WHERE number IN ({marks})", batch)}
        return found

    def of_url(self, url: str) -> Document | None:
        """The article at an address; of several, the first that is published."""
        return next(self._found("WHERE url = ? ORDER BY held <> '', path LIMIT 1", [url]), None)

    def count(self, *, listed: bool = False) -> int:
        """How many there are."""
        where = " WHERE listed" if listed else ""
        return int(self._database.execute(f"SELECT count(*) FROM documents{where}").fetchone()[0])  # noqa: S608

    def keys(self, field: str) -> list[bytes]:
        """The keys of all vectors in use, of ``question`` or ``text``."""
        rows = self._database.execute(f"SELECT DISTINCT {field} FROM documents")  # noqa: S608 - our own two names
        return [row[0] for row in rows]

    def _found(self, rest: str, values: Sequence[object] = ()) -> Iterator[Document]:
        cursor = self._database.execute(f"SELECT {_FIELDS} FROM documents {rest}", values)  # noqa: S608
        while rows := cursor.fetchmany(500):
            for number, path, url, title, subject, slug, listed, *others in rows:
                yield Document(number, PurePosixPath(path), url, title, subject, slug, bool(listed), *others)

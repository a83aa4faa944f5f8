"""The file of the catalogue: its tables, how it is opened, and what is no damage when SQLite refuses."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from responsa.errors import ResponsaError

NAME: Final = "catalogue.sqlite"
VERSION: Final = 6

_TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE stamps (
  folder TEXT, name TEXT, changed INTEGER, size INTEGER, inode INTEGER, digest TEXT, PRIMARY KEY (folder, name)
) WITHOUT ROWID;
CREATE TABLE cards (
  number INTEGER PRIMARY KEY, path TEXT, url TEXT, title TEXT, subject TEXT, subject_slug TEXT, date TEXT,
  description TEXT, listed INTEGER, no_index INTEGER, held TEXT, unmet TEXT, digest TEXT, answer_digest TEXT,
  question_key TEXT, evidence TEXT, id, generation INTEGER
);
CREATE TABLE articles (card INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE links (
  card INTEGER, slot INTEGER, target TEXT, target_key INTEGER, PRIMARY KEY (card, slot, target)
) WITHOUT ROWID;
CREATE TABLE aliases (url TEXT, card INTEGER, PRIMARY KEY (url, card)) WITHOUT ROWID;
CREATE TABLE unreadable (path TEXT PRIMARY KEY, line INTEGER, problem TEXT) WITHOUT ROWID;
CREATE TABLE former (
  generation INTEGER, path TEXT, url TEXT, subject_slug TEXT, gone INTEGER, PRIMARY KEY (generation, path)
) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE UNIQUE INDEX cards_path ON cards (path);
CREATE INDEX cards_url ON cards (url);
CREATE INDEX cards_subject ON cards (subject_slug, subject, listed);
CREATE INDEX cards_held ON cards (held) WHERE held <> '';
CREATE INDEX cards_unmet ON cards (unmet, held) WHERE unmet <> '';
CREATE INDEX cards_generation ON cards (generation);
CREATE INDEX links_target ON links (target_key);
CREATE INDEX aliases_card ON aliases (card);
"""
FIELDS: Final = (
    "path, url, title, subject, subject_slug, date, description, listed, no_index, held, unmet, digest, answer_digest, "
    "question_key, evidence, id"
)
"""The columns of a card, in its own order."""
_NOT_DAMAGE: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_PERM: "may not be opened",
    sqlite3.SQLITE_BUSY: "another command holds it",
    sqlite3.SQLITE_LOCKED: "another command holds it",
    sqlite3.SQLITE_NOMEM: "memory is short",
}


def harmless(error: sqlite3.DatabaseError) -> str | None:
    """What is wrong where the file itself is not; ``None``: it is damaged."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    return _NOT_DAMAGE.get(code & 0xFF)


def discard_database(path: Path) -> None:
    """Remove a database with all that SQLite keeps beside it: for what is derived, and made again."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def opened(path: Path) -> sqlite3.Connection:
    """The catalogue in ``path``. Raises ``sqlite3.DatabaseError`` where it is damaged or of another version."""
    if path.is_dir() or path.is_symlink():
        raise ResponsaError(f"{path}: is no plain file; remove it")
    database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        _prove(database)
        database.execute("PRAGMA journal_mode = WAL")
        # In WAL mode a kill never harms; only a power cut can cost the last commits, and files are the truth.
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA cache_size = -16384")
    except BaseException:
        database.close()
        raise
    return database


def _prove(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        raise sqlite3.DatabaseError("made by another version")


def begun(path: Path) -> sqlite3.Connection:
    """An empty catalogue being made in ``path``: nobody sees it before it is ``finished`` and has its own name.

    So it needs no journal, and its indexes are made at the end, which costs half.
    """
    discard_database(path)
    database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -16384")
    # The epoch tells a consumer that generations started anew.
    database.executescript(
        f"BEGIN; {_TABLES}"  # noqa: S608
        f"INSERT INTO meta VALUES ('epoch', '{os.urandom(8).hex()}'), ('generation', '0'), ('settings', ''); COMMIT;"
    )
    return database


def finished(database: sqlite3.Connection, begun_as: Path, path: Path) -> None:
    """Give a catalogue that was begun its indexes and its name; it is on the disk before it has it."""
    database.executescript(f"BEGIN; {_INDEXES} PRAGMA user_version = {VERSION}; COMMIT;")
    database.close()
    descriptor = os.open(begun_as, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    discard_database(path)
    begun_as.replace(path)

"""Sessions, kept by the server: what a browser holds is a random name, of which the server keeps a digest only.

An SQLite file in `.responsa/`, so that a restart signs nobody out; deleting it signs everybody out.
"""

import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.library.lock import private
from responsa.library.tables import discard_database

NAME: Final = "sessions.sqlite"
IDLE: Final = 2 * 3600.0
LONGEST: Final = 12 * 3600.0
"""Seconds without a request, and in all, after which a person signs in again."""
FRESH: Final = 60.0
"""A session that was seen so shortly ago is not written again."""


class Session(Struct, frozen=True):
    """``csrf`` is what forms of this session hold; a page of another site cannot read it.

    ``mark`` is what the caller gave at its beginning: a session lasts no longer than what it stands for.
    """

    login: str
    csrf: str
    mark: str = ""


class Sessions:
    """``clock`` gives seconds since the epoch."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._file, self._clock = private(folder) / NAME, clock
        self._lock = Lock()
        self._database = _opened(self._file)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def begin(self, login: str, former: str = "", mark: str = "") -> str:
        """A new session's name. What the browser held before ends: nobody can have planted it (fixation)."""
        token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), self._clock()
        with self._write() as database:
            database.execute("DELETE FROM session WHERE digest = ? OR seen < ? OR begun < ?", (
                _digest(former), now - IDLE, now - LONGEST,
            ))  # fmt: skip
            database.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)", (_digest(token), login, csrf, mark, now, now)
            )
        return token

    def find(self, token: str) -> Session | None:
        """The session of a name; none where it ended or was idle for too long."""
        if not token:
            return None
        now = self._clock()
        with self._lock:
            row = self._database.execute(
                "SELECT login, csrf, begun, seen, mark FROM session WHERE digest = ?", (_digest(token),)
            ).fetchone()
        if row is None or row[2] < now - LONGEST or row[3] < now - IDLE:
            return None
        if row[3] < now - FRESH:
            with self._write() as database:
                database.execute("UPDATE session SET seen = ? WHERE digest = ?", (now, _digest(token)))
        return Session(row[0], row[1], row[4])

    def end(self, token: str) -> None:
        """Sign out."""
        with self._write() as database:
            database.execute("DELETE FROM session WHERE digest = ?", (_digest(token),))

    @property
    def key(self) -> str:
        """A secret of this server that lasts as long as its file."""
        with self._write() as database:
            database.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_urlsafe(32),))
            return str(database.execute("SELECT value FROM secret").fetchone()[0])

    def end_all(self, login: str) -> None:
        """Sign a person out everywhere."""
        with self._write() as database:
            database.execute("DELETE FROM session WHERE login = ?", (login,))

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                with self._database:
                    yield self._database
            except sqlite3.DatabaseError as error:
                raise ResponsaError(f"{self._file}: cannot be written: {error}; remove it") from error


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing."""
    return bool(one) and hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _opened(file: Path) -> sqlite3.Connection:
    try:
        return _connected(file)
    except sqlite3.DatabaseError:
        discard_database(file)
        return _connected(file)


def _connected(file: Path) -> sqlite3.Connection:
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise ResponsaError(f"{file}: cannot be written: {error.strerror}") from error
    file.chmod(0o600)
    database = sqlite3.connect(file, timeout=10, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS session "
            "(digest TEXT PRIMARY KEY, login TEXT, csrf TEXT, mark TEXT, begun REAL, seen REAL) WITHOUT ROWID"
        )
        database.execute("CREATE TABLE IF NOT EXISTS secret (number INTEGER PRIMARY KEY, value TEXT)")
        database.execute("SELECT digest, login, csrf, mark, begun, seen FROM session LIMIT 1").fetchone()
    except BaseException:
        database.close()
        raise
    return database

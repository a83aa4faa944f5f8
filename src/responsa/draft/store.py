"""What an endpoint answered about drafts, and what became of each question: SQLite in `.responsa/`.

An answer is committed before anything is made of it, so that a kill costs no more than the requests that were under
way; which those were stands here too. What was answered is never asked again.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final

from msgspec import Struct

from responsa.draft.model import is_usable
from responsa.errors import ResponsaError
from responsa.evidence.budget import Purse
from responsa.evidence.chat import OK, EndpointError, Reply, Transport, charged, digest, usage
from responsa.library.card import question_key
from responsa.library.library import Library
from responsa.library.lock import private

NAME: Final = "drafts.db"
EXPECTED: Final = 700
"""Tokens of an answer, until answers were counted."""
SECONDS: Final = 12.0
"""The same for the time that one takes."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, body BLOB NOT NULL, kind TEXT NOT NULL, asked INTEGER, answered INTEGER, seconds REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS underway (key TEXT PRIMARY KEY, since REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outcomes (
    key TEXT PRIMARY KEY, question TEXT NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL, score REAL
) WITHOUT ROWID;
"""


class Usual(Struct, frozen=True):
    """What an answer cost so far, on average."""

    answered: float
    seconds: float
    counted: int


class Store:
    """Shared by threads."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self._lock = Lock()
        self.lost = frozenset(str(key) for (key,) in database.execute("SELECT key FROM underway"))
        """Requests that an earlier run had sent when it was killed: they may have been answered, and paid, in vain."""

    def keeping(self, send: Transport, purse: Purse, address: str, *, skip_lost: bool = False) -> Transport:
        """Asks once: what was answered comes from here, at no cost, whichever run asked for it.

        What is ``lost`` is sent again under the same `Idempotency-Key`, or with ``skip_lost`` left for a person.
        """
        paying = charged(send, purse, round(self.usual().answered))

        def transport(request: bytes) -> Reply:
            key = digest(address.encode() + b"\0" + request)
            held = self._answer(key)
            if held is not None:
                return held
            if skip_lost and key in self.lost:
                raise EndpointError("was under way when an earlier run was killed and may be paid; --skip-lost left it")
            self._write("REPLACE INTO underway VALUES (?, ?)", key, time.time())
            began = time.monotonic()
            try:
                reply = paying(request)
            except BaseException:
                self._write("DELETE FROM underway WHERE key = ?", key)
                raise
            self._keep(key, reply, time.monotonic() - began)
            return reply

        return transport

    def forget_underway(self) -> None:
        """Once that is told, and what is still wanted is about to be sent again."""
        self._write("DELETE FROM underway")

    def usual(self) -> Usual:
        """What answers cost so far; a guess where none came yet."""
        with self._lock:
            row = self.database.execute("SELECT avg(answered), avg(seconds), count(*) FROM answers").fetchone()
        return Usual(row[0] or EXPECTED, row[1] or SECONDS, row[2])

    def note(self, question: str, outcome: str, why: str, score: float | None) -> None:
        """What became of a question, for the desk and for summaries."""
        self._write(
            "REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?)", question_key(question), question, outcome, why, score
        )

    def failed(self) -> list[tuple[str, str]]:
        """Questions that failed at their last try, with why."""
        with self._lock:
            rows = self.database.execute("SELECT question, why FROM outcomes WHERE outcome = 'failed' ORDER BY key")
            return [(str(question), str(why)) for question, why in rows.fetchall()]

    def _answer(self, key: str) -> Reply | None:
        with self._lock:
            row = self.database.execute("SELECT body, kind FROM answers WHERE key = ?", (key,)).fetchone()
        return Reply(OK, bytes(row[0]), str(row[1])) if row else None

    def _keep(self, key: str, reply: Reply, seconds: float) -> None:
        """In one transaction with the end of the request. What cannot be used is not kept: it is asked once more."""
        asked, answered = usage(reply.body) or (None, len(reply.body) // 4)
        with self._lock, self.database:
            if reply.status == OK and is_usable(reply):
                values = (key, reply.body, reply.kind, asked, answered, round(seconds, 3))
                self.database.execute("REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", values)
            self.database.execute("DELETE FROM underway WHERE key = ?", (key,))

    def _write(self, statement: str, *values: object) -> None:
        with self._lock, self.database:
            self.database.execute(statement, values)


@contextmanager
def stored(library: Library) -> Iterator[Store]:
    """Opened; a damaged file is set aside as `drafts.db.damaged` and begun anew."""
    file = private(library.folder) / NAME
    try:
        database = _opened(file)
    except sqlite3.DatabaseError:
        _set_aside(file)
        database = _opened(file)
    try:
        yield Store(database)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise ResponsaError(f"{file}: {error}") from error
        _set_aside(file)
        raise ResponsaError(f"{file}: was damaged and is set aside; run the command again") from error
    finally:
        database.close()


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=30, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        # An answer costs more than the disk's assurance that it is kept.
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(_SCHEMA)
        database.execute("SELECT key, body, kind, asked, answered, seconds FROM answers LIMIT 1").fetchone()
        database.execute("SELECT key, question, outcome, why, score FROM outcomes LIMIT 1").fetchone()
    except BaseException:
        database.close()
        raise
    return database


def _set_aside(file: Path) -> None:
    with suppress(OSError):
        file.replace(file.with_name(f"{NAME}.damaged"))
    for ending in ("-wal", "-shm"):
        file.with_name(f"{NAME}{ending}").unlink(missing_ok=True)

"""The queue: every task of a library, most harmful first, in an SQLite file of `.responsa/` that can be deleted.

It follows the catalogue: only articles that changed are looked at again. A page is one query; no list of all articles
is ever in memory.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.library.catalogue import Catalogue, Duplicates
from responsa.library.config import fingerprint
from responsa.library.library import Library
from responsa.library.lock import private
from responsa.library.tables import discard_database
from responsa.serve.desk.tasks import KINDS, Shard, Task, tasks_of
from responsa.shards import AsNeeded, Executor, Here, batches

NAME: Final = "desk.sqlite"
VERSION: Final = "5"
"""Another number makes the queue anew: raise it with the tasks."""
SHARD: Final = 256
FEW: Final = 2000
"""Articles up to which no processes are started: a server has requests to answer meanwhile."""
PAGE: Final = 50
_FIELDS: Final = "path, url, title, subject, kind, weight, text, detail, start, due"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS task (
  number INTEGER PRIMARY KEY, path TEXT, url TEXT, title TEXT, subject TEXT, kind TEXT, level INTEGER, weight REAL,
  text TEXT, detail TEXT, start INTEGER, due TEXT
);
CREATE INDEX IF NOT EXISTS task_order ON task (level, weight, url, start);
CREATE INDEX IF NOT EXISTS task_path ON task (path);
CREATE INDEX IF NOT EXISTS task_kind ON task (kind, subject, due);
CREATE TABLE IF NOT EXISTS trait (
  path TEXT PRIMARY KEY, subject TEXT, score REAL, review TEXT, links INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS day (day TEXT, key TEXT, value INTEGER, PRIMARY KEY (day, key)) WITHOUT ROWID;
"""


class Filter(Struct, frozen=True):
    """What of the queue is asked for; empty for all. Each word of ``text`` begins a word of the task."""

    kind: str = ""
    subject: str = ""
    text: str = ""


class Count(Struct, frozen=True):
    """How many tasks of a kind there are."""

    kind: str
    count: int


class Queue:
    """One library's; all methods may be called by any thread."""

    def __init__(self, folder: Path) -> None:
        self._file = private(folder) / NAME
        self._guard, self._renewing = Lock(), Lock()
        self._database = _opened(self._file)
        self.progress: tuple[int, int] | None = None

    def close(self) -> None:
        """Give the file back."""
        with self._renewing, self._guard:
            self._database.close()

    def renew(self, library: Library, catalogue: Catalogue, *, wait: bool = True) -> bool:
        """Bring the queue to where the catalogue is; ``False`` where that is under way already and not waited for."""
        if not self._renewing.acquire(blocking=wait):
            return False
        try:
            self._renewed(library, catalogue)
        finally:
            self.progress = None
            self._renewing.release()
        return True

    @property
    def made(self) -> bool:
        """Whether every article has been looked at; before that, an empty list says nothing."""
        return bool(self._all("SELECT 1 FROM meta WHERE key = 'stamp'"))

    def tasks(self, wanted: Filter, today: str, start: int = 0, count: int = PAGE) -> list[Task]:
        """From place ``start`` on, most harmful first; ties by address, then by the claim's place."""
        clause, values = _clause(wanted, today)
        rows = self._all(
            f"SELECT {_FIELDS} FROM task WHERE {clause} ORDER BY level, weight, url, start LIMIT ? OFFSET ?",  # noqa: S608
            [*values, count, start],
        )
        return [Task(*row) for row in rows]

    def count(self, wanted: Filter, today: str) -> int:
        """How many there are."""
        clause, values = _clause(wanted, today)
        return int(self._all(f"SELECT count(*) FROM task WHERE {clause}", values)[0][0])  # noqa: S608

    def kinds(self, wanted: Filter, today: str) -> list[Count]:
        """By kind, whatever kind is asked for, most harmful first."""
        clause, values = _clause(Filter("", wanted.subject, wanted.text), today)
        found = dict(self._all(f"SELECT kind, count(*) FROM task WHERE {clause} GROUP BY kind", values))  # noqa: S608
        return [Count(name, found[name]) for name in KINDS if name in found]

    def of(self, url: str, today: str) -> list[Task]:
        """Everything that waits at one article."""
        clause = "url = ? AND (due = '' OR due <= ?)"
        rows = self._all(f"SELECT {_FIELDS} FROM task WHERE {clause} ORDER BY level, weight, start", [url, today])  # noqa: S608
        return [Task(*row) for row in rows]

    def subjects(self, today: str, most: int = 12) -> list[tuple[str, int]]:
        """Shelves with the most tasks."""
        query = "SELECT subject, count(*) FROM task WHERE due = '' OR due <= ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
        return [(str(slug), int(count)) for slug, count in self._all(query, [today, most])]

    def grouped(self, by: str) -> dict[str, int]:
        """How many articles by ``links`` (at most five count), ``review`` or ``score`` (tenths; -1: never checked)."""
        groups = {"links": "min(links, 5)", "review": "review", "score": "CASE WHEN score < 0 THEN -1 ELSE "
                  "min(9, CAST(score * 10 AS INTEGER)) END"}  # fmt: skip
        rows = self._all(f"SELECT {groups[by]}, count(*) FROM trait GROUP BY 1")  # noqa: S608 - words of ours
        return {str(key): int(count) for key, count in rows}

    def note_day(self, today: str, values: dict[str, int]) -> None:
        """What the library counts today, for the chart over time; the last word of a day stands."""
        with self._write() as database:
            rows = [(today, key, value) for key, value in values.items()]
            database.executemany("REPLACE INTO day VALUES (?, ?, ?)", rows)

    def days(self, key: str, most: int = 400) -> list[tuple[str, int]]:
        """(day, value), the oldest first."""
        rows = self._all("SELECT day, value FROM day WHERE key = ? ORDER BY day DESC LIMIT ?", [key, most])
        return [(str(day), int(value)) for day, value in reversed(rows)]

    def drafts(self, found: Iterable[Task]) -> None:
        """What lies in the folder of drafts, in place of what lay there."""
        with self._write() as database:
            database.execute("DELETE FROM task WHERE kind = 'draft'")
            _insert(database, found)

    def near(self, found: Iterable[Task]) -> None:
        """Questions asked twice in other words, in place of those found before."""
        listed = list(found)
        with self._write() as database:
            database.execute("DELETE FROM task WHERE kind = 'duplicate' AND detail LIKE 'near:%'")
            _insert(database, listed)

    def _renewed(self, library: Library, catalogue: Catalogue) -> None:
        config = library.config
        state = f"{VERSION} {fingerprint(config.layout, list(config.subjects), config.policy)}"
        known = dict(self._all("SELECT key, value FROM meta"))
        stamp = known.get("stamp", "") if known.get("state") == state else ""
        if stamp == catalogue.stamp:
            return
        anew = not catalogue.knows(stamp)
        if anew:
            with self._write() as database:
                database.execute("DELETE FROM task WHERE kind <> 'draft'")
                database.execute("DELETE FROM trait")
                database.execute("DELETE FROM meta WHERE key IN ('stamp', 'state')")
        self._gather(library, catalogue, "" if anew else stamp, anew=anew)
        with self._write() as database:
            database.execute("DELETE FROM task WHERE kind = 'duplicate' AND detail NOT LIKE 'near:%'")
            _insert(database, _repeats(catalogue))
            database.executemany("REPLACE INTO meta VALUES (?, ?)", [("stamp", catalogue.stamp), ("state", state)])

    def _gather(self, library: Library, catalogue: Catalogue, stamp: str, *, anew: bool) -> None:
        """Tasks of changed articles, a shard a transaction: the worst may be read before all are known."""
        gone = [str(former.path) for former in catalogue.former(stamp)] if stamp else []
        total = catalogue.count() if anew else 0
        executor: Executor = AsNeeded() if total > FEW else Here()
        shelves = {shelf.info.slug: shelf.info for shelf in catalogue.subjects()}
        moved: dict[str, str] = dict(catalogue.aliases())
        cards = catalogue.cards(by="path") if anew else catalogue.changed(stamp)
        with self._write() as database:
            for table in ("task", "trait"):
                database.executemany(f"DELETE FROM {table} WHERE path = ?", [(path,) for path in gone])  # noqa: S608
        done = 0
        self.progress = (0, total) if anew else None
        shards, kept = _both(Shard(library, catalogue.path, shelves, moved, some) for some in batches(cards, SHARD))
        for found in executor.map(tasks_of, shards):
            paths = [(card.file,) for card in kept.pop(0).cards]
            done += len(paths)
            with self._write() as database:
                database.executemany("DELETE FROM task WHERE path = ? AND kind NOT IN ('duplicate', 'draft')", paths)
                _insert(database, found.tasks)
                traits = [(one.path, one.subject, one.score, one.review, one.links) for one in found.traits]
                database.executemany("REPLACE INTO trait VALUES (?, ?, ?, ?, ?)", traits)
            self.progress = (done, total) if anew else None

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._guard:
            try:
                return self._database.execute(query, tuple(values)).fetchall()
            except sqlite3.DatabaseError as error:
                raise ResponsaError(f"{self._file}: cannot be read: {error}; remove it and begin again") from error

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            try:
                with self._database:
                    yield self._database
            except sqlite3.DatabaseError as error:
                raise ResponsaError(f"{self._file}: cannot be written: {error}; remove it and begin again") from error


def _both(shards: Iterator[Shard]) -> tuple[Iterator[Shard], list[Shard]]:
    """The shards, and a list of those that were taken and whose tasks have not come back."""
    taken: list[Shard] = []

    def one_by_one() -> Iterator[Shard]:
        for shard in shards:
            taken.append(shard)
            yield shard

    return one_by_one(), taken


def _clause(wanted: Filter, today: str) -> tuple[str, list[object]]:
    parts, values = ["(due = '' OR due <= ?)"], list[object]([today])
    for name, value in (("kind", wanted.kind), ("subject", wanted.subject)):
        if value:
            parts.append(f"{name} = ?")
            values.append(value)
    if wanted.text.strip():
        parts.append("speaks_of(?, title, text, url)")
        values.append(wanted.text)
    return " AND ".join(parts), values


def speaks_of(sought: str, *fields: str) -> bool:
    """Whether every word of ``sought`` begins a word of the fields: "liver" is not in "delivery", it is in "livers"."""
    text = "\n".join(fields).casefold()
    return all(beginning.search(text) for beginning in _beginnings(sought))


@lru_cache(maxsize=64)
def _beginnings(sought: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"(?<![^\W_]){re.escape(word)}" if word[0].isalnum() else re.escape(word))
        for word in sought.casefold().split()
    )


def _insert(database: sqlite3.Connection, tasks: Iterable[Task]) -> None:
    rows = [
        (one.path, one.url, one.title, one.subject, one.kind, one.level, one.weight, one.text, one.detail, one.start,
         one.due)
        for one in tasks
    ]  # fmt: skip
    database.executemany(
        "INSERT INTO task (path, url, title, subject, kind, level, weight, text, detail, start, due) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _repeats(catalogue: Catalogue) -> Iterator[Task]:
    """One a question that is asked in the same words more than once, at its first article."""
    for group in catalogue.repeated("question_key"):
        yield repeat_of(group, "same:")


def repeat_of(group: Duplicates, detail: str) -> Task:
    """The task of articles that ask one question; larger groups first."""
    card, *others = group.cards
    named = ", ".join(other.url for other in others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")  # noqa: PLR2004
    text = f"Also asked at {named}"
    return Task(
        card.file, card.url, card.title, card.subject_slug, "duplicate", -float(len(others)), text[:600], detail
    )


def _opened(file: Path) -> sqlite3.Connection:
    try:
        return _connected(file)
    except sqlite3.DatabaseError:
        discard_database(file)
        return _connected(file)


def _connected(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=10, check_same_thread=False)
    database.create_function(speaks_of.__name__, 4, speaks_of, deterministic=True)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA cache_size = -8192")
        database.executescript(_TABLES)
        database.execute(f"SELECT {_FIELDS}, level FROM task LIMIT 1").fetchone()  # noqa: S608
    except BaseException:
        database.close()
        raise
    return database

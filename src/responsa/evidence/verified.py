"""What an earlier run of `verify` found, by file: an article that did not change since need not be looked at again.

An SQLite file in `.responsa/`; it can be deleted. The ledger alone is what counts.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.evidence.report import Report, harm
from responsa.evidence.verify import digest
from responsa.library.library import Library
from responsa.library.lock import private
from responsa.library.tables import harmless

NAME: Final = "verified.db"
TICK: Final = 50_000_000
"""Nanoseconds within which a file could change twice under one stamp."""
MOST: Final = 20
"""Claims of one article that are remembered for the editor's queue."""
_VERSION: Final = 1


class Place(Struct, frozen=True, array_like=True, order=True):
    """A claim in an editor's queue: how harmful, and where its answer holds it."""

    level: int
    weight: float
    start: int


class Summary(Struct, frozen=True):
    """What a report comes to: verdicts by name, and the claims that an editor should see first."""

    url: str
    subject: str
    counts: dict[str, int]
    worst: tuple[Place, ...]


def summary_of(report: Report, subject: str) -> Summary:
    """Counts and the first ``MOST`` of the queue."""
    counts: dict[str, int] = {}
    for entry in report.checked:
        counts[entry.finding.verdict.value] = counts.get(entry.finding.verdict.value, 0) + 1
    worst = sorted(Place(*harm(entry), entry.claim.start) for entry in report.checked)
    return Summary(report.url, subject, counts, tuple(worst[:MOST]))


class Kept(Struct, frozen=True):
    """An article that was verified: ``holds`` are digests of what its file and its ledger hold now."""

    path: PurePosixPath
    holds: tuple[str, str]
    summary: Summary


class Verified:
    """Under one ``context`` (shelf and judge); what was found under another one counts for nothing."""

    def __init__(self, library: Library, database: sqlite3.Connection, context: str) -> None:
        self.library, self.database, self.context = library, database, context

    def known(self, path: PurePosixPath) -> Summary | None:
        """What was found, if neither the article nor its ledger changed since."""
        row = self.database.execute("SELECT stamps, context, summary FROM verified WHERE path = ?", (str(path),))
        found = row.fetchone()
        if found is None or found[1] != self.context or found[0] != self._stamps(path):
            return None
        return msgspec.json.decode(found[2], type=Summary)

    def keep(self, kept: Iterable[Kept]) -> None:
        """Remember articles whose files are as they were left, and have been for a moment."""
        rows = [row for one in kept if (row := self._row(one)) is not None]
        self.database.executemany("REPLACE INTO verified VALUES (?, ?, ?, ?)", rows)
        self.database.commit()

    @staticmethod
    def wait() -> None:
        """Until what was written just now is old enough for its stamp to be trusted."""
        time.sleep(1.2 * TICK / 1e9)

    def _row(self, one: Kept) -> tuple[str, str, str, bytes] | None:
        stamps = self._stamps(one.path)
        try:
            held = tuple(digest((self.library.folder / path).read_bytes()) for path in self._files(one.path))
        except OSError:
            return None
        newest = max((int(stamp.split(" ")[0]) for stamp in stamps.split("\n") if stamp), default=0)
        if held != one.holds or newest > time.time_ns() - TICK:
            return None
        return str(one.path), stamps, self.context, msgspec.json.encode(one.summary)

    def _stamps(self, path: PurePosixPath) -> str:
        return "\n".join(_stamp(self.library.folder / file) for file in self._files(path))

    def _files(self, path: PurePosixPath) -> tuple[PurePosixPath, PurePosixPath]:
        return path, self.library.ledger(path)


def _stamp(file: Path) -> str:
    try:
        stat = file.lstat()
    except OSError:
        return ""
    # Not the time of the last writing, which tools set back: this one no program can set.
    return f"{stat.st_ctime_ns} {stat.st_size} {stat.st_ino}"


@contextmanager
def remembered(library: Library, context: Mapping[str, str]) -> Iterator[Verified]:
    """Opened; made anew where it is damaged. Raises ``ResponsaError``."""
    file = private(library.folder) / NAME
    if file.is_symlink() or file.is_dir():
        raise ResponsaError(f"{file}: is no plain file; remove it")
    try:
        database = _database(file)
    except sqlite3.DatabaseError:
        database = _made_anew(file)
    try:
        yield Verified(library, database, msgspec.json.encode({**context, "version": str(_VERSION)}).decode())
    except sqlite3.DatabaseError as error:
        if (why := harmless(error)) is not None:
            raise ResponsaError(f"{file}: {why}") from error
        file.unlink(missing_ok=True)
        raise ResponsaError(f"{file}: was damaged and is removed; run the command again") from error
    finally:
        database.close()


def _made_anew(file: Path) -> sqlite3.Connection:
    try:
        for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
            (file.parent / name).unlink(missing_ok=True)
        return _database(file)
    except (sqlite3.DatabaseError, OSError) as error:
        raise ResponsaError(f"{file}: cannot be made: {error}") from error


def _database(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=10)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS verified (path TEXT PRIMARY KEY, stamps TEXT, context TEXT, summary BLOB)"
        )
        database.execute("SELECT path, stamps, context, summary FROM verified LIMIT 1").fetchone()
    except BaseException:
        database.close()
        raise
    return database

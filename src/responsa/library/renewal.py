"""The catalogue brought up to date: what changed is found by stat, read in shards, and stored in one transaction."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Any, Final

from responsa.library.card import Job, Reading, Shard, read_shard
from responsa.library.config import fingerprint
from responsa.library.library import EVIDENCE, MISNAMED, Library, Misnamed, is_utf8
from responsa.library.tables import FIELDS
from responsa.shards import AsNeeded, Executor, batches

SHARD: Final = 256
RACY: Final = 2_000_000_000
"""Nanoseconds: a file changed this shortly before it was read may change again without a new time stamp."""
UNSURE: Final = -1
LEDGERS: Final = "ledgers:"
"""Before a folder's name, among the stamps: the ledgers of its articles."""

_Stamp = tuple[str, int, int, int]
"""Name, time of the last change, size, inode."""


class Renewal:
    """One refresh. ``empty``: the catalogue is being made, so that nothing it holds need be looked up.

    ``touched`` are the only files that can have changed, relative to the library's folder; ``None``: any may have.
    """

    def __init__(
        self,
        library: Library,
        database: sqlite3.Connection,
        *,
        empty: bool = False,
        touched: Iterable[PurePosixPath] | None = None,
    ) -> None:
        self.library, self.database, self.empty = library, database, empty
        self.meta: dict[str, str] = dict(database.execute("SELECT key, value FROM meta"))
        config = library.config
        self.settings = fingerprint(config.layout, list(config.subjects), config.policy)
        self.reread = self.meta["settings"] != self.settings
        self.touched = None if touched is None or self.reread else sorted(set(touched))
        if self.touched is not None and not all(is_utf8(str(path)) for path in self.touched):
            self.touched = None
        self.generation = int(self.meta["generation"]) + 1
        self.started = time.time_ns()
        self.stamps: dict[tuple[str, str], tuple[int, int, int]] = {}
        self.gone: list[tuple[str, str]] = []
        self.ledgers = (library.folder / EVIDENCE).is_dir()
        self.kept: list[tuple[object, ...]] = []
        self.lost: list[tuple[str, str]] = []
        self.differs = False
        self.misnamed: list[Misnamed] = []
        self.number = 0
        self.ailing = database.execute("SELECT 1 FROM unreadable LIMIT 1").fetchone() is not None

    def run(self, executor: Executor | None) -> None:
        """Nothing is written where nothing changed."""
        jobs = self._jobs()
        first = list(islice(jobs, 1))
        if not (first or self.gone or self.kept or self.lost or self.reread or self._renamed()):
            return
        self.database.execute("BEGIN IMMEDIATE")
        try:
            work = (Shard(self.library, jobs, self.ledgers) for jobs in batches(chain(first, jobs), SHARD))
            for readings in (executor or AsNeeded()).map(read_shard, work):
                self._store(readings)
            for folder, name in self.gone:
                self._forget(_path(folder, name), drop=(folder, name))
            self._finish()
            self.database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self.database.execute("ROLLBACK")
            raise

    def _renamed(self) -> bool:
        """Whether other names than before are no UTF-8; only where all names were looked at."""
        rows = self.database.execute("SELECT path, problem FROM unreadable WHERE problem GLOB ?", (f"{MISNAMED}*",))
        return self.touched is None and {Misnamed(*row) for row in rows} != set(self.misnamed)

    def _finish(self) -> None:
        if self.touched is None:
            self.database.execute("DELETE FROM unreadable WHERE problem GLOB ?", (f"{MISNAMED}*",))
            wrong = [(one.path, 1, one.problem) for one in self.misnamed]
            self.database.executemany("REPLACE INTO unreadable VALUES (?, ?, ?)", wrong)
        self.database.executemany("DELETE FROM stamps WHERE folder = ? AND name = ?", self.lost)
        self.database.executemany("REPLACE INTO stamps VALUES (?, ?, ?, ?, ?, ?)", self.kept)
        now = {"settings": self.settings}
        if self.differs:
            now["generation"] = str(self.generation)
        self.database.executemany("REPLACE INTO meta VALUES (?, ?)", now.items())

    def _jobs(self) -> Iterator[Job]:
        """Files to read; ``stamps`` and ``gone`` are filled on the way."""
        if self.touched is not None:
            return self._jobs_of_touched(self.touched)
        return self._jobs_of_all()

    def _jobs_of_all(self) -> Iterator[Job]:
        rows = self.database.execute("SELECT DISTINCT folder FROM stamps WHERE folder NOT GLOB ?", (f"{LEDGERS}*",))
        folders = {row[0] for row in rows}
        for folder, entries in self.library.walk(self.misnamed):
            folders.discard(folder)
            yield from self._jobs_of(folder, _stamps(entries))
        for folder in sorted(folders):
            list(self._jobs_of(folder, set()))

    def _jobs_of_touched(self, touched: list[PurePosixPath]) -> Iterator[Job]:
        for path in touched:
            folder, name = str(path.parent), path.name
            query = "SELECT name, changed, size, inode FROM stamps WHERE folder = ? AND name = ?"
            known = set(self.database.execute(query, (folder, name)).fetchall())
            stat = self.library.stat(path)
            found = {(name, stat.st_ctime_ns, stat.st_size, stat.st_ino)} if stat else set[_Stamp]()
            yield from self._different(folder, found, known)

    def _jobs_of(self, folder: str, found: set[_Stamp]) -> Iterator[Job]:
        ledgers = self._ledgers(folder)
        done = set[str]()
        for job in self._different(folder, found, self._known(folder)):
            done.add(job.name)
            # With another ledger the article is another one, even where its own bytes are as known.
            yield Job(folder, job.name, "") if job.name in ledgers else job
        for stamp in sorted(found) if ledgers else ():
            if stamp[0] in ledgers and stamp[0] not in done:
                self.stamps[folder, stamp[0]] = stamp[1:]
                yield Job(folder, stamp[0], "")

    def _known(self, folder: str) -> set[_Stamp]:
        rows = self.database.execute("SELECT name, changed, size, inode FROM stamps WHERE folder = ?", (folder,))
        return set(rows.fetchall())

    def _ledgers(self, folder: str) -> set[str]:
        """Files of articles in ``folder`` whose ledger is new, changed or gone; its stamp is stored on the way."""
        kept = LEDGERS + folder
        found = _stamps(self.library.ledgers(folder)) if self.ledgers else set[_Stamp]()
        known = self._known(kept)
        different = found ^ known
        self.kept += [(kept, *self._sure(stamp), "") for stamp in sorted(found - known)]
        self.lost += [(kept, name) for name in sorted({stamp[0] for stamp in known} - {stamp[0] for stamp in found})]
        return {f"{name.removesuffix('.json')}.md" for name, *_ in different}

    def _different(self, folder: str, found: set[_Stamp], known: set[_Stamp]) -> Iterator[Job]:
        if found == known and not self.reread:
            return
        lost = {row[0] for row in known - found} - {row[0] for row in found}
        self.gone.extend((folder, name) for name in sorted(lost))
        changed = sorted(found if self.reread else found - known)
        digests = {} if self.reread else self._digests(folder, known)
        for name, *stamp in changed:
            self.stamps[folder, name] = (stamp[0], stamp[1], stamp[2])
            yield Job(folder, name, digests.get(name, ""))

    def _digests(self, folder: str, known: set[_Stamp]) -> dict[str, str]:
        if len(known) == 1:
            query = "SELECT name, digest FROM stamps WHERE folder = ? AND name = ?"
            return dict(self.database.execute(query, (folder, next(iter(known))[0])))
        return dict(self.database.execute("SELECT name, digest FROM stamps WHERE folder = ?", (folder,)))

    def _store(self, readings: list[Reading]) -> None:
        if self.empty:
            self._fill(readings)
        else:
            for reading in readings:
                self._replace(reading)
        self.database.executemany(
            "REPLACE INTO stamps VALUES (?, ?, ?, ?, ?, ?)",
            [(r.folder, r.name, *self._stamp(r), r.digest) for r in readings],
        )

    def _fill(self, readings: list[Reading]) -> None:
        """Into tables that hold nothing of these files."""
        bad = [(_path(r.folder, r.name), *r.problem) for r in readings if r.problem]
        self.database.executemany("INSERT INTO unreadable VALUES (?, ?, ?)", bad)
        good = [(number, r) for number, r in enumerate((r for r in readings if r.row), self.number + 1)]
        self.number += len(good)
        self.differs = self.differs or bool(good)
        self._insert(good)

    def _insert(self, good: list[tuple[int, Reading]]) -> None:
        many = self.database.executemany
        rows = [(number, _path(r.folder, r.name), *(r.row or ()), self.generation) for number, r in good]
        if rows:
            many(f"INSERT INTO cards VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608
        many("INSERT INTO articles VALUES (?, ?)", [(number, r.article) for number, r in good if r.article])
        links = [(number, slot, to, link_key(to)) for number, r in good for slot, to in r.links]
        many("INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", links)
        many("INSERT INTO aliases VALUES (?, ?)", [(alias, number) for number, r in good for alias in r.aliases])

    def _stamp(self, reading: Reading) -> tuple[int, int, int]:
        return self._sure((reading.name, *self.stamps.pop((reading.folder, reading.name))))[1:]

    def _sure(self, stamp: _Stamp) -> _Stamp:
        name, changed, size, inode = stamp
        return name, (UNSURE if changed > self.started - RACY else changed), size, inode

    def _replace(self, reading: Reading) -> None:
        path = _path(reading.folder, reading.name)
        if reading.problem:
            self._forget(path)
            self.database.execute("REPLACE INTO unreadable VALUES (?, ?, ?)", (path, *reading.problem))
        elif reading.row:
            self._put(path, reading)

    def _put(self, path: str, reading: Reading) -> None:
        number, old = self._card(path)
        if old is not None:
            # The row holds no links and aliases: other settings can read others in the same bytes.
            if tuple(old[1:]) == reading.row and not self.reread:
                return
            self._remember(old, gone=False)
            self._drop(number)
        elif self.ailing:
            self.database.execute("DELETE FROM unreadable WHERE path = ?", (path,))
        self.differs = True
        if number is None:
            number = self.database.execute("SELECT coalesce(max(number), 0) + 1 FROM cards").fetchone()[0]
        self._insert([(number, reading)])

    def _card(self, path: str) -> tuple[int | None, tuple[Any, ...] | None]:
        row = self.database.execute(f"SELECT number, {FIELDS} FROM cards WHERE path = ?", (path,)).fetchone()  # noqa: S608
        return (row[0], row[1:]) if row else (None, None)

    def _remember(self, old: tuple[Any, ...], *, gone: bool) -> None:
        row = (self.generation, old[0], old[1], old[4], int(gone))
        self.database.execute("REPLACE INTO former VALUES (?, ?, ?, ?, ?)", row)

    def _forget(self, path: str, drop: tuple[str, str] | None = None) -> None:
        number, old = self._card(path)
        if old is not None:
            self._remember(old, gone=True)
            self._drop(number)
        if old is not None or drop is not None:
            self.differs = True
        self.database.execute("DELETE FROM unreadable WHERE path = ?", (path,))
        if drop is not None:
            self.database.execute("DELETE FROM stamps WHERE folder = ? AND name = ?", drop)

    def _drop(self, number: int | None) -> None:
        self.database.execute("DELETE FROM cards WHERE number = ?", (number,))
        for table in ("articles", "links", "aliases"):
            self.database.execute(f"DELETE FROM {table} WHERE card = ?", (number,))  # noqa: S608


def _stamps(entries: list[os.DirEntry[str]]) -> set[_Stamp]:
    try:
        return {
            # Not the time of the last writing, which tools set back: this one no program can set.
            (entry.name, stat.st_ctime_ns, stat.st_size, stat.st_ino)
            for entry in entries
            for stat in (entry.stat(follow_symlinks=False),)
        }
    except FileNotFoundError:
        # Deleted since the folder was listed, as editors do that rename over a file.
        return _stamps([entry for entry in entries if os.path.lexists(entry.path)])


def _path(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def link_key(target: str) -> int:
    """Eight bytes stand for an address in the index, which would otherwise be as large as the table."""
    return int.from_bytes(hashlib.blake2b(target.encode(), digest_size=8).digest(), "big", signed=True)

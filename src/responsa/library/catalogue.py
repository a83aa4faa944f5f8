"""What all articles share, kept on disk so that memory stays bounded: derived, disposable, brought up to date by stat.

A row an article in an SQLite file. A refresh stats every file, reads those whose stamp changed in shards, and commits
once: a kill at any moment leaves the last commit. What is damaged is removed and made again.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self

from msgspec import Struct

from responsa.article import Url
from responsa.errors import ResponsaError
from responsa.library.card import Card, Job, Reading, Shard, card_of, read_shard
from responsa.library.config import fingerprint
from responsa.library.library import Library
from responsa.library.lock import lock, private
from responsa.library.subjects import SubjectInfo
from responsa.shards import Executor, Here, Processes

NAME: Final = "catalogue.sqlite"
LOCK: Final = "catalogue.lock"
"""Held by whoever changes the catalogue, or needs it to stay as it is for a while."""
VERSION: Final = 1
SHARD: Final = 256
MANY: Final = 500
"""Changed files from which starting processes (0.15 s) pays."""
RACY: Final = 2_000_000_000
"""Nanoseconds: a file changed this shortly before it was read may change again without a new time stamp."""
UNSURE: Final = -1

_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE stamps (
  folder TEXT, name TEXT, changed INTEGER, size INTEGER, inode INTEGER, digest TEXT, PRIMARY KEY (folder, name)
) WITHOUT ROWID;
CREATE TABLE cards (
  number INTEGER PRIMARY KEY, path TEXT UNIQUE, url TEXT, title TEXT, subject TEXT, subject_slug TEXT, date TEXT,
  description TEXT, listed INTEGER, no_index INTEGER, held TEXT, digest TEXT, answer_digest TEXT, question_key TEXT,
  id, generation INTEGER
);
CREATE INDEX cards_url ON cards (url);
CREATE INDEX cards_subject ON cards (subject_slug);
CREATE INDEX cards_generation ON cards (generation);
CREATE TABLE links (
  card INTEGER, slot INTEGER, target TEXT, target_key INTEGER, PRIMARY KEY (card, slot, target)
) WITHOUT ROWID;
CREATE INDEX links_target ON links (target_key);
CREATE TABLE aliases (url TEXT, card INTEGER, PRIMARY KEY (url, card)) WITHOUT ROWID;
CREATE INDEX aliases_card ON aliases (card);
CREATE TABLE unreadable (path TEXT PRIMARY KEY, line INTEGER, problem TEXT) WITHOUT ROWID;
CREATE TABLE former (
  generation INTEGER, path TEXT, url TEXT, subject_slug TEXT, gone INTEGER, PRIMARY KEY (generation, path)
) WITHOUT ROWID;
"""
_FIELDS: Final = (
    "path, url, title, subject, subject_slug, date, description, listed, no_index, held, digest, answer_digest, "
    "question_key, id"
)
_NEWEST_FIRST: Final = "date DESC, url, path"
_NOT_DAMAGE: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_PERM: "may not be opened",
    sqlite3.SQLITE_BUSY: "another command holds it",
    sqlite3.SQLITE_LOCKED: "another command holds it",
    sqlite3.SQLITE_NOMEM: "memory is short",
}


class Incoming(Struct, frozen=True):
    """A related link as an article stores it."""

    source: Url
    slot: int
    target: Url


class Unreadable(Struct, frozen=True):
    """A file that is no record, and why."""

    path: PurePosixPath
    line: int
    problem: str


class Former(Struct, frozen=True):
    """What an article was before a change; ``gone``: its file is no longer there or no longer readable."""

    path: PurePosixPath
    url: Url
    subject_slug: str
    gone: bool


class Shelf(Struct, frozen=True):
    """A subject with its spellings (most frequent first) and the number of its articles and of those listed."""

    info: SubjectInfo
    spellings: tuple[str, ...]
    articles: int
    listed: int


class Duplicates(Struct, frozen=True):
    """Articles that share ``key``; cards in order of url."""

    key: str
    cards: tuple[Card, ...]


def refresh(library: Library, executor: Executor | None = None) -> "Catalogue":
    """The catalogue as the files are now."""
    path = private(library.folder) / NAME
    with lock(library.folder, LOCK, wait=True):
        try:
            return _refreshed(library, path, executor)
        except sqlite3.DatabaseError as error:
            if (why := _harmless(error)) is not None:
                raise ResponsaError(f"{path}: {why}") from error
        discard(path)
        try:
            return _refreshed(library, path, executor)
        except sqlite3.DatabaseError as error:
            raise ResponsaError(f"{path}: cannot be made: {_harmless(error) or error}") from error


def attach(library: Library, path: Path) -> "Catalogue":
    """The catalogue at ``path`` as it was last refreshed, to be read only: what workers of a build use."""
    try:
        database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30, check_same_thread=False)
        return Catalogue(library, path, database)
    except sqlite3.DatabaseError as error:
        raise ResponsaError(f"{path}: cannot be read: {error}") from error


def discard(path: Path) -> None:
    """Remove a catalogue; the next refresh makes it again."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _harmless(error: sqlite3.DatabaseError) -> str | None:
    """What is wrong where the file itself is not; ``None``: it is damaged."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    return _NOT_DAMAGE.get(code & 0xFF)


def _refreshed(library: Library, path: Path, executor: Executor | None) -> "Catalogue":
    database = _opened(path)
    try:
        _Refresh(library, database).run(executor)
    except BaseException:
        database.close()
        raise
    return Catalogue(library, path, database)


def _opened(path: Path) -> sqlite3.Connection:
    if path.is_dir() or path.is_symlink():
        raise ResponsaError(f"{path}: is no plain file; remove it")
    database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        _prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        _create(database)
    # In WAL mode a kill never harms; only a power cut can cost the last commits, and files are the truth.
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA cache_size = -16384")


def _create(database: sqlite3.Connection) -> None:
    if database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise sqlite3.DatabaseError("made by another version")
    database.execute("PRAGMA journal_mode = WAL")
    # The epoch tells a consumer that generations started anew.
    database.executescript(
        f"BEGIN IMMEDIATE; {_SCHEMA}"  # noqa: S608
        f"INSERT INTO meta VALUES ('epoch', '{os.urandom(8).hex()}'), ('generation', '0'), ('settings', '');"
        f"PRAGMA user_version = {VERSION}; COMMIT;"
    )


_Stamp = tuple[str, int, int, int]
"""Name, time of the last change, size, inode."""


class _Refresh:
    """One refresh: what changed is found folder by folder, read in shards, and stored in one transaction."""

    def __init__(self, library: Library, database: sqlite3.Connection) -> None:
        self.library, self.database = library, database
        self.meta: dict[str, str] = dict(database.execute("SELECT key, value FROM meta"))
        config = library.config
        self.settings = fingerprint(config.layout, list(config.subjects), config.policy)
        self.reread = self.meta["settings"] != self.settings
        self.generation = int(self.meta["generation"]) + 1
        self.started = time.time_ns()
        self.stamps: dict[tuple[str, str], tuple[int, int, int]] = {}
        self.gone: list[tuple[str, str]] = []
        self.differs = False
        self.ailing = database.execute("SELECT 1 FROM unreadable LIMIT 1").fetchone() is not None

    def run(self, executor: Executor | None) -> None:
        jobs = self._jobs()
        first = list(islice(jobs, MANY + 1))
        if not first and not self.gone and not self.reread:
            return
        chosen = executor or (Processes() if len(first) > MANY else Here())
        self.database.execute("BEGIN IMMEDIATE")
        try:
            work = (Shard(self.library, jobs) for jobs in _batches(chain(first, jobs)))
            for readings in chosen.map(read_shard, work):
                self._store(readings)
            for folder, name in self.gone:
                self._forget(_path(folder, name), drop=(folder, name))
            self._finish()
            self.database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self.database.execute("ROLLBACK")
            raise

    def _finish(self) -> None:
        now = {"settings": self.settings}
        if self.differs:
            now["generation"] = str(self.generation)
        self.database.executemany("REPLACE INTO meta VALUES (?, ?)", now.items())

    def _jobs(self) -> Iterator[Job]:
        """Files to read; ``stamps`` and ``gone`` are filled on the way."""
        folders = {row[0] for row in self.database.execute("SELECT DISTINCT folder FROM stamps")}
        for folder, entries in self.library.walk():
            folders.discard(folder)
            yield from self._jobs_of(folder, _stamps(entries))
        for folder in sorted(folders):
            list(self._jobs_of(folder, set()))

    def _jobs_of(self, folder: str, found: set[_Stamp]) -> Iterator[Job]:
        rows = self.database.execute("SELECT name, changed, size, inode FROM stamps WHERE folder = ?", (folder,))
        known = set(rows.fetchall())
        if found == known and not self.reread:
            return
        lost = {row[0] for row in known - found} - {row[0] for row in found}
        self.gone.extend((folder, name) for name in sorted(lost))
        changed = sorted(found if self.reread else found - known)
        digests = {} if self.reread else self._digests(folder)
        for name, *stamp in changed:
            self.stamps[folder, name] = (stamp[0], stamp[1], stamp[2])
            yield Job(folder, name, digests.get(name, ""))

    def _digests(self, folder: str) -> dict[str, str]:
        return dict(self.database.execute("SELECT name, digest FROM stamps WHERE folder = ?", (folder,)))

    def _store(self, readings: list[Reading]) -> None:
        for reading in readings:
            path = _path(reading.folder, reading.name)
            if reading.problem:
                self._forget(path)
                self.database.execute("REPLACE INTO unreadable VALUES (?, ?, ?)", (path, *reading.problem))
            elif reading.row:
                self._put(path, reading)
        self.database.executemany(
            "REPLACE INTO stamps VALUES (?, ?, ?, ?, ?, ?)",
            [(r.folder, r.name, *self._stamp(r), r.digest) for r in readings],
        )

    def _stamp(self, reading: Reading) -> tuple[int, int, int]:
        changed, size, inode = self.stamps.pop((reading.folder, reading.name))
        return (UNSURE if changed > self.started - RACY else changed), size, inode

    def _put(self, path: str, reading: Reading) -> None:
        row = reading.row or ()
        number, old = self._card(path)
        if old is not None:
            # The row holds no links and aliases: other settings can read others in the same bytes.
            if tuple(old[1:]) == row and not self.reread:
                return
            self._remember(old, gone=False)
        elif self.ailing:
            self.database.execute("DELETE FROM unreadable WHERE path = ?", (path,))
        self.differs = True
        marks = ", ".join("?" * (len(row) + 3))
        made = self.database.execute(f"REPLACE INTO cards VALUES ({marks})", (number, path, *row, self.generation))  # noqa: S608
        self._drop_links(number)
        card = made.lastrowid
        self.database.executemany(
            "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)",
            [(card, slot, target, _key(target)) for slot, target in reading.links],
        )
        self.database.executemany("INSERT INTO aliases VALUES (?, ?)", [(alias, card) for alias in reading.aliases])

    def _card(self, path: str) -> tuple[int | None, tuple[Any, ...] | None]:
        row = self.database.execute(f"SELECT number, {_FIELDS} FROM cards WHERE path = ?", (path,)).fetchone()  # noqa: S608
        return (row[0], row[1:]) if row else (None, None)

    def _remember(self, old: tuple[Any, ...], *, gone: bool) -> None:
        row = (self.generation, old[0], old[1], old[4], int(gone))
        self.database.execute("REPLACE INTO former VALUES (?, ?, ?, ?, ?)", row)

    def _forget(self, path: str, drop: tuple[str, str] | None = None) -> None:
        number, old = self._card(path)
        if old is not None:
            self._remember(old, gone=True)
            self._drop_links(number)
            self.database.execute("DELETE FROM cards WHERE number = ?", (number,))
        if old is not None or drop is not None:
            self.differs = True
        self.database.execute("DELETE FROM unreadable WHERE path = ?", (path,))
        if drop is not None:
            self.database.execute("DELETE FROM stamps WHERE folder = ? AND name = ?", drop)

    def _drop_links(self, number: int | None) -> None:
        if number is not None:
            self.database.execute("DELETE FROM links WHERE card = ?", (number,))
            self.database.execute("DELETE FROM aliases WHERE card = ?", (number,))


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


def _batches(jobs: Iterator[Job]) -> Iterator[list[Job]]:
    while batch := list(islice(jobs, SHARD)):
        yield batch


def _path(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _key(target: str) -> int:
    """Eight bytes stand for an address in the index, which would otherwise be as large as the table."""
    return int.from_bytes(hashlib.blake2b(target.encode(), digest_size=8).digest(), "big", signed=True)


class Catalogue:
    """Questions about all articles, answered in streams; every order is decided (ties by url, then path)."""

    def __init__(self, library: Library, path: Path, database: sqlite3.Connection) -> None:
        self.library, self.path, self._database = library, path, database
        meta = dict(self._all("SELECT key, value FROM meta"))
        self._epoch, self._generation = str(meta["epoch"]), int(meta["generation"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    @property
    def stamp(self) -> str:
        """What a consumer keeps, to ask later what has changed since."""
        return f"{self._epoch}:{self._generation}"

    def knows(self, stamp: str) -> bool:
        """Whether changes since ``stamp`` can be told; not after the catalogue was made anew."""
        epoch, _, generation = stamp.partition(":")
        return epoch == self._epoch and generation.isdigit() and int(generation) <= self._generation

    def cards(self, *, subject: str | None = None, listed: bool | None = None, by: str = "newest") -> Iterator[Card]:
        """Cards, newest first (date, then url) or ``by="path"``; of one subject's slug, listed ones or others."""
        where = {"subject_slug": subject, "listed": listed}
        tests = [(f"{name} = ?", value) for name, value in where.items() if value is not None]
        clause = f"WHERE {' AND '.join(test for test, _ in tests)}" if tests else ""
        order = _NEWEST_FIRST if by == "newest" else "path"
        return self._cards(f"{clause} ORDER BY {order}", [value for _, value in tests])

    def published(self) -> Iterator[Card]:
        """Cards that get a page, by path; of several with one address, that of the first path."""
        return self._cards(
            "WHERE held = '' AND NOT EXISTS (SELECT 1 FROM cards AS earlier WHERE earlier.url = cards.url "
            "AND earlier.held = '' AND earlier.path < cards.path) ORDER BY path"
        )

    def card(self, url: str) -> Card | None:
        """The article at ``url``; of several, that of the first path that is published, else of the first path."""
        return next(self._cards("WHERE url = ? ORDER BY held <> '', path LIMIT 1", [url]), None)

    def card_at(self, path: PurePosixPath) -> Card | None:
        """The article of the file."""
        return next(self._cards("WHERE path = ?", [str(path)]), None)

    def path_of(self, url: str) -> PurePosixPath | None:
        """Where the article at ``url`` lies."""
        card = self.card(url)
        return card.path if card else None

    def lookup(self, urls: Iterable[str]) -> dict[Url, Card]:
        """The cards of many addresses; those that no article has are missing. One a url, as ``card`` chooses."""
        found: dict[Url, Card] = {}
        wanted = iter(dict.fromkeys(urls))
        while batch := list(islice(wanted, 500)):
            marks = ", ".join("?" * len(batch))
            for card in self._cards(f"WHERE url IN ({marks}) ORDER BY held <> '', path", batch):
                found.setdefault(card.url, card)
        return found

    def links_from(self, url: str) -> list[Incoming]:
        """Related links as the article at ``url`` stores them, by slot."""
        return self._links("WHERE cards.url = ? ORDER BY path, slot, target", [url])

    def links_to(self, url: str) -> list[Incoming]:
        """Links of other articles and its own that lead to ``url``, by source and slot."""
        return self._links("WHERE target_key = ? AND target = ? ORDER BY cards.url, path, slot", [_key(url), url])

    def dangling(self) -> Iterator[Incoming]:
        """Links to addresses that no article has."""
        query = "WHERE NOT EXISTS (SELECT 1 FROM cards AS t WHERE t.url = target) ORDER BY cards.url, path, slot"
        return iter(self._links(query, []))

    def aliases(self) -> Iterator[tuple[Url, Url]]:
        """(earlier address, address) of published articles, in order."""
        query = "SELECT aliases.url, cards.url FROM aliases JOIN cards ON card = number WHERE held = '' ORDER BY 1, 2"
        return ((Url(alias), Url(url)) for alias, url in self._rows(query))

    def alias_collisions(self) -> Iterator[tuple[Url, tuple[Url, ...]]]:
        """Earlier addresses that several articles claim, or that another article has, with the claimants."""
        query = (
            "SELECT aliases.url, cards.url FROM aliases JOIN cards ON card = number WHERE aliases.url IN "
            "(SELECT url FROM aliases GROUP BY url HAVING count(*) > 1) "
            "OR EXISTS (SELECT 1 FROM cards AS t WHERE t.url = aliases.url) ORDER BY 1, 2"
        )
        claims: dict[Url, list[Url]] = {}
        for alias, url in self._rows(query):
            claims.setdefault(Url(alias), []).append(Url(url))
        return ((alias, tuple(urls)) for alias, urls in claims.items())

    def repeated(self, field: str) -> Iterator[Duplicates]:
        """Articles that share their ``url``, ``id``, ``question_key`` or ``answer_digest``, by that key."""
        if field not in {"url", "id", "question_key", "answer_digest"}:
            raise ValueError(field)
        keys = f"SELECT {field} FROM cards WHERE {field} IS NOT NULL AND {field} <> '' GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
        group: list[Card] = []
        for card in self._cards(f"WHERE {field} IN ({keys}) ORDER BY {field}, url, path"):
            if group and getattr(card, field) != getattr(group[0], field):
                yield Duplicates(str(getattr(group[0], field)), tuple(group))
                group = []
            group.append(card)
        if group:
            yield Duplicates(str(getattr(group[0], field)), tuple(group))

    def unreadable(self) -> Iterator[Unreadable]:
        """Files that are no records, by path."""
        rows = self._rows("SELECT path, line, problem FROM unreadable ORDER BY path")
        return (Unreadable(PurePosixPath(path), line, problem) for path, line, problem in rows)

    def subjects(self) -> list[Shelf]:
        """Subjects that have articles, by title. The most frequent spelling is the title where no setting is."""
        query = (
            "SELECT subject_slug, subject, count(*), sum(listed) FROM cards GROUP BY 1, 2 ORDER BY 1, count(*) DESC, 2"
        )
        found: dict[str, list[tuple[str, int, int]]] = {}
        for slug, spelling, count, listed in self._rows(query):
            found.setdefault(slug, []).append((spelling, count, listed))
        shelves = [self._shelf(slug, spellings) for slug, spellings in found.items()]
        return sorted(shelves, key=lambda shelf: (shelf.info.title.casefold(), shelf.info.slug))

    def _shelf(self, slug: str, spellings: list[tuple[str, int, int]]) -> Shelf:
        info = self.library.subject_of(spellings[0][0])
        names = tuple(spelling for spelling, _, _ in spellings)
        counts = (sum(count for _, count, _ in spellings), sum(listed for _, _, listed in spellings))
        return Shelf(SubjectInfo(info.title, slug, info.listed), names, *counts)

    def changed(self, since: str) -> Iterator[Card]:
        """Cards new or changed since the stamp, by path; all of them if the stamp is not known."""
        generation = int(since.partition(":")[2]) if self.knows(since) else -1
        return self._cards("WHERE generation > ? ORDER BY path", [generation])

    def former(self, since: str) -> Iterator[Former]:
        """What articles were at the stamp that changed or went since; nothing if the stamp is not known."""
        if not self.knows(since):
            return iter(())
        query = (
            "SELECT path, url, subject_slug, NOT EXISTS (SELECT 1 FROM cards WHERE cards.path = f.path) "
            "FROM former AS f "
            "WHERE generation = (SELECT min(generation) FROM former AS g WHERE g.path = f.path AND g.generation > ?) "
            "AND f.generation > ? ORDER BY path"
        )
        generation = int(since.partition(":")[2])
        rows = self._rows(query, [generation, generation])
        return (Former(PurePosixPath(path), Url(url), slug, bool(gone)) for path, url, slug, gone in rows)

    def count(self) -> int:
        """How many articles there are."""
        return int(self._all("SELECT count(*) FROM cards")[0][0])

    def _cards(self, rest: str, values: Iterable[object] = ()) -> Iterator[Card]:
        return map(card_of, self._rows(f"SELECT {_FIELDS} FROM cards {rest}", values))  # noqa: S608

    def _links(self, rest: str, values: Iterable[object]) -> list[Incoming]:
        query = f"SELECT cards.url, slot, target FROM links JOIN cards ON card = number {rest}"  # noqa: S608
        return [Incoming(Url(source), slot, Url(target)) for source, slot, target in self._rows(query, values)]

    def _all(self, query: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        return list(self._rows(query, values))

    def _rows(self, query: str, values: Iterable[object] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            cursor = self._database.execute(query, tuple(values))
            while rows := cursor.fetchmany(500):
                yield from rows
        except sqlite3.DatabaseError as error:
            if (why := _harmless(error)) is not None:
                raise ResponsaError(f"{self.path}: {why}") from error
            discard(self.path)
            raise ResponsaError(f"{self.path}: was damaged and is removed; run the command again") from error

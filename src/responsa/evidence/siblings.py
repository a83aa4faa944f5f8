"""Statements of a whole library laid beside each other, on disk: what is read once is kept, what is compared is kept.

A database in ``.responsa/`` holds the statements of every article, the words by which two of them can meet, and the
conflicts found. It can be deleted. Memory holds one shard of articles or one batch of words, and the counts of words.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import combinations
from math import ceil
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.evidence.contradictions import Conflict, Statement, conflict, content, rarities
from responsa.evidence.words import words
from responsa.library.tables import discard_database, harmless

NAME: Final = "contradictions.sqlite"
VERSION: Final = "1"
"""Another number throws away what was kept: raise it with the rules."""
SHARED: Final = 0.25
"""Share of their words that two statements must have in common to be compared."""
CROWD: Final = 1000
"""A word by which more statements could meet says nothing; they meet by another or not at all."""
BATCH: Final = 200_000
"""Pairs compared between two commits, at most one word's more."""
_TABLES: Final = """
create table if not exists meta (key text primary key, value text) without rowid;
create table if not exists article (path text primary key, mark text not null) without rowid;
create table if not exists statement (id integer primary key, path text not null, value blob not null);
create index if not exists statement_path on statement (path);
create table if not exists word (key text primary key, held integer not null) without rowid;
create table if not exists meeting (key text not null, statement integer not null, primary key (key, statement))
  without rowid;
create table if not exists batch (first text primary key, last text not null, done integer not null) without rowid;
create table if not exists conflict (rank real not null, value blob not null);
"""


class Read(Struct, frozen=True):
    """What an article says: ``mark`` is the fingerprint of its file; ``statements`` is none where it was known."""

    path: str
    mark: str
    statements: tuple[Statement, ...] | None


class Batch(Struct, frozen=True):
    """Words from ``first`` to ``last``, to be compared in the database ``file`` made from ``state``."""

    file: str
    state: str
    first: str
    last: str


class Siblings:
    """The database of one library. Everything is written in transactions: a kill leaves the last one."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._base = _opened(file)

    def close(self) -> None:
        """Give the file back."""
        self._base.close()

    def marks(self, paths: Sequence[str]) -> dict[str, str]:
        """Fingerprints of the files whose statements are kept."""
        ask = f"select path, mark from article where path in ({','.join('?' * len(paths))})"  # noqa: S608 - marks only
        return dict(self._base.execute(ask, paths))

    def keep(self, found: Iterable[Read]) -> None:
        """The statements of a shard, in place of what was kept of its articles."""
        with self._base:
            for one in found:
                if one.statements is None:
                    continue
                # Statements get new numbers: what was laid out by the old ones no longer holds.
                self._base.execute("delete from meta where key = 'state'")
                self._base.execute("delete from statement where path = ?", (one.path,))
                self._base.executemany(
                    "insert into statement (path, value) values (?, ?)",
                    [(one.path, msgspec.json.encode(statement)) for statement in one.statements],
                )
                self._base.execute("insert or replace into article values (?, ?)", (one.path, one.mark))

    def forget_all_but(self, paths: Iterable[str]) -> None:
        """Articles that are gone say nothing any more."""
        wanted = set(paths)
        gone = [(path,) for (path,) in self._base.execute("select path from article") if path not in wanted]
        with self._base:
            self._base.executemany("delete from statement where path = ?", gone)
            self._base.executemany("delete from article where path = ?", gone)

    def state(self) -> str:
        """A fingerprint of all that is compared."""
        digest = hashlib.blake2b(VERSION.encode(), digest_size=8)
        for path, mark in self._base.execute("select path, mark from article order by path"):
            digest.update(f"{path}\0{mark}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def batches(self) -> list[Batch]:
        """What is left to compare; all of it where an article changed since."""
        state = self.state()
        if self._meta("state") != state:
            self._meet(state)
        left = self._base.execute("select first, last from batch where not done order by first")
        return [Batch(str(self.file), state, first, last) for first, last in left]

    def record(self, batch: Batch, found: Iterable[Conflict]) -> None:
        """The conflicts of one batch, which is then done."""
        with self._base:
            rows = [(one.rank, msgspec.json.encode(one)) for one in found]
            self._base.executemany("insert into conflict values (?, ?)", rows)
            self._base.execute("update batch set done = 1 where first = ?", (batch.first,))

    def counts(self) -> tuple[int, int]:
        """Statements kept, conflicts found."""
        ask = "select (select count(*) from statement), (select count(*) from conflict)"
        statements, conflicts = self._base.execute(ask).fetchone()
        return int(statements), int(conflicts)

    def ranked(self) -> Iterator[Conflict]:
        """Conflicts, the surest first; a sentence that stands in many articles is shown once."""
        seen: set[str] = set()
        for (value,) in self._base.execute("select value from conflict order by rank desc, value"):
            found = msgspec.json.decode(value, type=Conflict)
            texts = {found.one.text, found.other.text}
            if not texts & seen:
                seen |= texts
                yield found

    def _meta(self, key: str) -> str:
        row = self._base.execute("select value from meta where key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def _meet(self, state: str) -> None:
        """Lay out anew by which words statements meet, in batches."""
        with self._base:
            for table in ("word", "meeting", "batch", "conflict"):
                self._base.execute(f"delete from {table}")  # noqa: S608 - names of ours
            for statement in self._statements():
                keys = {*statement.keys, *content(words(f"{statement.question} {statement.lead}"))}
                self._base.executemany(
                    "insert into word values (?, 1) on conflict (key) do update set held = held + 1",
                    [(key,) for key in keys],
                )
            held = _held(self._base)
            for number, value in self._base.execute("select id, value from statement"):
                by = meets_by(msgspec.json.decode(value, type=Statement).keys, held)
                self._base.executemany("insert or ignore into meeting values (?, ?)", [(key, number) for key in by])
            self._base.executemany("insert into batch values (?, ?, 0)", list(_cut(self._base)))
            self._base.execute("insert or replace into meta values ('state', ?)", (state,))

    def _statements(self) -> Iterator[Statement]:
        rows = self._base.execute("select value from statement")
        return (msgspec.json.decode(value, type=Statement) for (value,) in rows)


@contextmanager
def siblings(file: Path) -> Iterator[Siblings]:
    """The database in ``file``, made anew where it is damaged or of another version. Raises ``ResponsaError``."""
    if file.is_symlink() or file.is_dir():
        raise ResponsaError(f"{file}: is no plain file; remove it")
    try:
        with closing(Siblings(file)) as found:
            yield found
    except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
        why = harmless(error) if isinstance(error, sqlite3.DatabaseError) else None
        if why is None and not _is_of_disk(error):
            discard_database(file)
            raise ResponsaError(f"{file}: was damaged and is removed; run the command again") from error
        raise ResponsaError(f"{file}: cannot be written: {why or error}") from error


def _is_of_disk(error: Exception) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF == sqlite3.SQLITE_IOERR


def _opened(file: Path) -> sqlite3.Connection:
    try:
        base = _connected(file)
        row = base.execute("select value from meta where key = 'version'").fetchone()
    except sqlite3.DatabaseError:
        row, base = ("damaged",), None
    if row and row[0] == VERSION and base is not None:
        return base
    if row or base is None:
        if base is not None:
            base.close()
        discard_database(file)
        base = _connected(file)
    with base:
        base.execute("insert or replace into meta values ('version', ?)", (VERSION,))
    return base


def _connected(file: Path) -> sqlite3.Connection:
    base = sqlite3.connect(file)
    try:
        base.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + _TABLES)
    except sqlite3.DatabaseError:
        base.close()
        raise
    return base


def _held(base: sqlite3.Connection) -> dict[str, int]:
    return dict(base.execute("select key, held from word"))


def meets_by(keys: Sequence[str], held: dict[str, int]) -> list[str]:
    """The rarest words of a statement: two that share enough words share one of these (prefix filtering)."""
    ordered = sorted(keys, key=lambda key: (held.get(key, 0), key))
    return ordered[: len(ordered) - ceil(SHARED * len(ordered)) + 1]


def _cut(base: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Runs of words with about ``BATCH`` pairs."""
    ask = "select key, count(*) from meeting group by key having count(*) between 2 and ? order by key"
    first, last, pairs = "", "", 0
    for key, count in base.execute(ask, (CROWD,)):
        first = first or key
        last, pairs = key, pairs + count * (count - 1) // 2
        if pairs >= BATCH:
            yield first, last
            first, pairs = "", 0
    if first:
        yield first, last


def compare(batch: Batch) -> tuple[Batch, list[Conflict]]:
    """The stage: all pairs that meet by the words of the batch, each pair at the rarest word it shares."""
    held, rarity = _weights(batch.file, batch.state)
    found: list[Conflict] = []
    with closing(sqlite3.connect(f"{Path(batch.file).as_uri()}?mode=ro", uri=True)) as base:
        ask = (
            "select meeting.key, value from meeting join statement on statement.id = meeting.statement "
            "where meeting.key between ? and ? order by meeting.key, statement.path, statement.id"
        )
        for key, group in _groups(base.execute(ask, (batch.first, batch.last))):
            found += _conflicts(key, group, held, rarity)
    return batch, found


def _groups(rows: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, list[Statement]]]:
    key = ""
    group: list[Statement] = []
    for now, value in rows:
        if now != key:
            if 1 < len(group) <= CROWD:
                yield key, group
            key, group = now, []
        if len(group) <= CROWD:
            group.append(msgspec.json.decode(value, type=Statement))
    if 1 < len(group) <= CROWD:
        yield key, group


def _conflicts(key: str, group: list[Statement], held: dict[str, int], rarity: dict[str, float]) -> Iterator[Conflict]:
    sets = [(one, set(one.keys), set(meets_by(one.keys, held))) for one in group]
    for (one, mine, by), (other, their, beside) in combinations(sets, 2):
        both = len(mine & their)
        if one.url == other.url or both < SHARED * (len(mine) + len(their) - both):
            continue
        if min(by & beside, key=lambda word: (held.get(word, 0), word)) != key:
            continue  # met before, by a rarer word
        if (found := conflict(one, other, rarity)) is not None:
            yield found


@lru_cache(maxsize=1)
def _weights(file: str, state: str) -> tuple[dict[str, int], dict[str, float]]:  # noqa: ARG001 - the key of the cache
    with closing(sqlite3.connect(f"{Path(file).as_uri()}?mode=ro", uri=True)) as base:
        held = _held(base)
        total = int(base.execute("select count(*) from statement").fetchone()[0])
    return held, rarities(held, total)

"""What all articles share, kept on disk so that memory stays bounded: derived, disposable, brought up to date by stat.

A row an article in an SQLite file, beside the article itself as it was read. A refresh stats every file, reads those
whose stamp changed in shards, and commits once: a kill at any moment leaves the last commit. What is damaged is
removed and made again.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice, tee
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self

from msgspec import Struct

from responsa.article import Article, Url
from responsa.errors import ResponsaError, UnreadableError
from responsa.library.card import Card, card_of
from responsa.library.library import Library
from responsa.library.lock import lock, private
from responsa.library.renewal import Renewal, link_key
from responsa.library.store import unpacked
from responsa.library.subjects import SubjectInfo
from responsa.library.tables import FIELDS, NAME, begun, discard_database, finished, harmless, opened
from responsa.shards import Executor

LOCK: Final = "catalogue.lock"
"""Held by whoever changes the catalogue, or needs it to stay as it is for a while."""
_NEWEST_FIRST: Final = "date DESC, url, path"


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


def refresh(
    library: Library, executor: Executor | None = None, touched: Iterable[PurePosixPath] | None = None
) -> "Catalogue":
    """The catalogue as the files are now. Where ``touched`` are given, no other file is looked at."""
    path = private(library.folder) / NAME
    with lock(library.folder, LOCK, wait=True):
        try:
            return _refreshed(library, path, executor, touched)
        except sqlite3.DatabaseError as error:
            if (why := harmless(error)) is not None:
                raise ResponsaError(f"{path}: {why}") from error
        discard_database(path)
        try:
            return _refreshed(library, path, executor, None)
        except sqlite3.DatabaseError as error:
            raise ResponsaError(f"{path}: cannot be made: {harmless(error) or error}") from error


def attach(library: Library, path: Path) -> "Catalogue":
    """The catalogue at ``path`` as it was last refreshed, to be read only: what workers of a build use."""
    try:
        database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30, check_same_thread=False)
        return Catalogue(library, path, database)
    except sqlite3.DatabaseError as error:
        raise ResponsaError(f"{path}: cannot be read: {error}") from error


def _refreshed(
    library: Library, path: Path, executor: Executor | None, touched: Iterable[PurePosixPath] | None
) -> "Catalogue":
    if not path.exists():
        _make(library, path, executor)
        return Catalogue(library, path, opened(path))
    database = opened(path)
    try:
        Renewal(library, database, touched=touched).run(executor)
    except BaseException:
        database.close()
        raise
    return Catalogue(library, path, database)


def _make(library: Library, path: Path, executor: Executor | None) -> None:
    half = path.with_name(f"{path.name}.new")
    database = begun(half)
    try:
        Renewal(library, database, empty=True).run(executor)
        finished(database, half, path)
    except BaseException:
        database.close()
        discard_database(half)
        raise


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

    def after(self, path: PurePosixPath | None, limit: int, *, subject: str | None = None) -> Iterator[Card]:
        """At most ``limit`` published cards by path, from the first behind ``path`` on, of one subject's slug if given.

        Whatever comes or goes between two calls, none is told twice and none that stays is left out.
        """
        # The plus keeps SQLite to the order of paths, of which it needs only the first few.
        of_subject = "" if subject is None else "AND +subject_slug = ?"
        values = [str(path) if path else "", *([] if subject is None else [subject]), limit]
        return self._cards(f"WHERE path > ? AND held = '' {of_subject} ORDER BY path LIMIT ?", values)

    def card(self, url: str) -> Card | None:
        """The article at ``url``; of several, that of the first path that is published, else of the first path."""
        return next(self._cards("WHERE url = ? ORDER BY held <> '', path LIMIT 1", [url]), None)

    def card_at(self, path: PurePosixPath) -> Card | None:
        """The article of the file."""
        return next(self._cards("WHERE path = ?", [str(path)]), None)

    def entries(self, paths: Iterable[PurePosixPath]) -> Iterator[Article | UnreadableError]:
        """Articles as they were at the last refresh, in the order of ``paths``; no file is read for them.

        Only what cannot be kept (half a character, a huge integer) is read from its file, which may be gone by now.
        """
        wanted = iter(paths)
        query = "SELECT path, body FROM cards JOIN articles ON card = number WHERE path IN "
        while batch := list(islice(wanted, 500)):
            kept = dict(self._rows(f"{query}({', '.join('?' * len(batch))})", [str(path) for path in batch]))
            for path in batch:
                yield self._unpacked(path, kept.get(str(path)))

    def articles(self, cards: Iterable[Card]) -> Iterator[tuple[Card, Article]]:
        """Cards with their articles, as ``entries`` gives them; those that cannot be read are left out."""
        ours, theirs = tee(cards)
        pairs = zip(ours, self.entries(card.path for card in theirs), strict=True)
        return ((card, entry) for card, entry in pairs if isinstance(entry, Article))

    def _unpacked(self, path: PurePosixPath, body: bytes | None) -> Article | UnreadableError:
        with suppress(ValueError):
            if body:
                return unpacked(body)
        return next(self.library.entries([path]))

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
        return self._links("WHERE target_key = ? AND target = ? ORDER BY cards.url, path, slot", [link_key(url), url])

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
        # The plus keeps SQLite from walking all cards in the order of paths instead of the few that changed.
        return self._cards("WHERE generation > ? ORDER BY +path", [generation])

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

    def gates(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many articles are held back, by why, and how many are hidden, by what the policy asks in vain."""
        count = "GROUP BY 1 ORDER BY 2 DESC, 1"
        held = self._all(f"SELECT held, count(*) FROM cards WHERE held <> '' {count}")  # noqa: S608
        hidden = self._all(f"SELECT unmet, count(*) FROM cards WHERE unmet <> '' AND held = '' {count}")  # noqa: S608
        return dict(held), dict(hidden)

    def count(self) -> int:
        """How many articles there are."""
        return int(self._all("SELECT count(*) FROM cards")[0][0])

    def _cards(self, rest: str, values: Iterable[object] = ()) -> Iterator[Card]:
        return map(card_of, self._rows(f"SELECT {FIELDS} FROM cards {rest}", values))  # noqa: S608

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
            if (why := harmless(error)) is not None:
                raise ResponsaError(f"{self.path}: {why}") from error
            discard_database(self.path)
            raise ResponsaError(f"{self.path}: was damaged and is removed; run the command again") from error

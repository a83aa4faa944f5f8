"""Which addresses, files and origins a library has: kept on disk, so that memory does not grow with the library."""

import sqlite3
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final, Self

from responsa.article import Article
from responsa.library.catalogue import Catalogue, refresh
from responsa.library.library import Library

ORIGIN: Final = "origin"
"""The key of a record that says where it was imported from; running an import again goes on by it."""


class Taken:
    """Everything that a new article must not repeat, of the library and of this import so far."""

    def __init__(self) -> None:
        # An empty name is a temporary file that SQLite removes; it stays in memory while it is small.
        self._database = sqlite3.connect("")
        self._database.execute(
            "CREATE TABLE taken (kind TEXT, key TEXT, what TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def learn(self, library: Library) -> None:
        """Everything that the library has already; one that is to be has nothing."""
        if (library.folder / library.content).is_dir():
            with refresh(library) as catalogue:
                self._learn(catalogue)

    def _learn(self, catalogue: Catalogue) -> None:
        paths = (card.path for card in catalogue.cards(by="path"))
        for article in catalogue.entries(paths):
            if isinstance(article, Article):
                self.add(article.path, [article.url, *article.aliases], str(article.extra.get(ORIGIN) or ""))
        for unreadable in catalogue.unreadable():
            self.add(unreadable.path, [], "")

    def add(self, path: PurePosixPath, addresses: Iterable[str], origin: str) -> None:
        """An article; of several with one address the first has it."""
        keys = [("path", folded(str(path))), *(("url", folded(address)) for address in addresses if address)]
        keys += [("origin", origin)] if origin else []
        rows = [(kind, _storable(key), _storable(str(path))) for kind, key in keys]
        self._database.executemany("INSERT OR IGNORE INTO taken VALUES (?, ?, ?)", rows)

    def path(self, path: PurePosixPath) -> bool:
        """Whether a file has this name, where case and Unicode form do not count."""
        return self._of("path", folded(str(path))) is not None

    def address(self, url: str) -> str | None:
        """The file of the article that has the address or had it earlier."""
        return self._of("url", folded(url))

    def origin(self, origin: str) -> str | None:
        """The file that was imported from there."""
        return self._of("origin", origin)

    def last(self, name: str) -> int:
        """How many articles of this name this import has made: where to look on, however many there are."""
        return int(self._of("name", name) or 0)

    def number(self, name: str, last: int) -> None:
        """Remember ``last`` for the name."""
        self._database.execute("INSERT OR REPLACE INTO taken VALUES ('name', ?, ?)", (_storable(name), str(last)))

    def _of(self, kind: str, key: str) -> str | None:
        query = "SELECT what FROM taken WHERE kind = ? AND key = ?"
        row = self._database.execute(query, (kind, _storable(key))).fetchone()
        return None if row is None else str(row[0])


def folded(name: str) -> str:
    """What two names share that are one file on some machine."""
    return unicodedata.normalize("NFC", name).casefold().rstrip("/")


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()

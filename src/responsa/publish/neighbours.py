"""Related questions worked out for the site, where ``build.related`` asks for it; no record is written.

What each page leads to is kept with the state of the site: the next build makes those pages again whose links moved.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from responsa.index.extra import required
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.shards import batches

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS neighbours (url TEXT, slot INTEGER, target TEXT, PRIMARY KEY (url, slot)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS neighbours_target ON neighbours (target);
"""
BATCH: Final = 500

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do."""
Links = tuple[str, ...]
"""The addresses that a page leads to, in order."""


class Neighbours:
    """What each listed page leads to. Changes belong to the caller's transaction."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        for statement in filter(str.strip, SCHEMA.split(";")):
            database.execute(statement)

    def of(self, urls: Iterable[str]) -> dict[str, Links]:
        """Those of the pages at ``urls`` that have any."""
        found: dict[str, Links] = {}
        for batch in batches(urls, BATCH):
            marks = ", ".join("?" * len(batch))
            query = f"SELECT url, target FROM neighbours WHERE url IN ({marks}) ORDER BY url, slot"  # noqa: S608
            for url, target in self._database.execute(query, batch):
                found[url] = (*found.get(url, ()), target)
        return found

    def leading_to(self, target: str) -> list[str]:
        """The pages that lead to ``target``."""
        query = "SELECT url FROM neighbours WHERE target = ? ORDER BY url"
        return [row[0] for row in self._database.execute(query, (target,))]

    def replace(self, links: Iterable[tuple[str, Links]]) -> set[str]:
        """Every page leads to these now, and the pages for which that is new."""
        moved: set[str] = set()
        gone = {row[0] for row in self._database.execute("SELECT DISTINCT url FROM neighbours")}
        for batch in batches(links, BATCH):
            known = self.of(url for url, _ in batch)
            gone.difference_update(url for url, targets in batch if targets)
            new = [(url, targets) for url, targets in batch if known.get(url, ()) != targets]
            moved.update(url for url, _ in new)
            self._forget(url for url, _ in new)
            rows = ((url, slot, target) for url, targets in new for slot, target in enumerate(targets))
            self._database.executemany("INSERT INTO neighbours VALUES (?, ?, ?)", rows)
        self._forget(gone)
        return moved | gone

    def clear(self) -> None:
        """Forget everything."""
        self._database.execute("DELETE FROM neighbours")

    def _forget(self, urls: Iterable[str]) -> None:
        self._database.executemany("DELETE FROM neighbours WHERE url = ?", ((url,) for url in urls))


def nothing(_done: int, _all: int) -> None:
    """Progress that nobody looks at."""


def filled(library: Library, catalogue: Catalogue, progress: Progress = nothing) -> Iterator[tuple[str, Links]]:
    """What each listed page should lead to: its good stored links and the best of the rest.

    Raises ``MissingExtraError`` where the extra ``search`` is not installed.
    """
    required()
    from responsa.relate.links import fill  # noqa: PLC0415 - parts of an extra, loaded where they are wanted
    from responsa.relate.now import relations_now  # noqa: PLC0415

    held = relations_now(library, catalogue, progress)
    for page in held.table.by_url.values():
        if page.listed:
            yield page.url, tuple(target.url for target in fill(page, held.table, held.found))

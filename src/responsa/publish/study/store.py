"""Cards by the place of their page, in the tables of the site's own state."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from responsa.publish.study.face import Face
from responsa.shards import batches

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS study_cards (place TEXT PRIMARY KEY, slug TEXT, name TEXT, face BLOB) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS study_decks ON study_cards (slug, name, place);
"""
BATCH: Final = 500
_FACE: Final = msgspec.json.Decoder(Face)

Put = tuple[str, str, bytes | None]
"""A page's place, its subject's slug and its card."""


class Cards:
    """Changes belong to the caller's transaction."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        for statement in filter(str.strip, SCHEMA.split(";")):
            database.execute(statement)

    def put_all(self, cards: Iterable[Put]) -> set[str]:
        """Pages have these cards now, or none; the slugs of the decks that are others for it."""
        changed: set[str] = set()
        for batch in batches(cards, BATCH):
            old = self._known([place for place, _, _ in batch])
            gone = [place for place, _, face in batch if face is None and place in old]
            new = [
                (place, slug, _FACE.decode(face).name, face)
                for place, slug, face in batch
                if face is not None and old.get(place) != (slug, face)
            ]
            changed.update(old[place][0] for place in gone)
            changed.update(slug for _, slug, _, _ in new)
            changed.update(old[place][0] for place, *_ in new if place in old)
            self._database.executemany("DELETE FROM study_cards WHERE place = ?", ((place,) for place in gone))
            self._database.executemany("REPLACE INTO study_cards VALUES (?, ?, ?, ?)", new)
        return changed

    def keep_only(self, places: Iterable[str]) -> None:
        """Forget the cards of all other pages."""
        held = set(places)
        rows = self._database.execute("SELECT place FROM study_cards").fetchall()
        self._database.executemany(
            "DELETE FROM study_cards WHERE place = ?", (row for row in rows if row[0] not in held)
        )

    def clear(self) -> None:
        """Forget everything."""
        self._database.execute("DELETE FROM study_cards")

    def count(self, slug: str) -> int:
        """The cards of a deck."""
        return int(self._database.execute("SELECT count(*) FROM study_cards WHERE slug = ?", (slug,)).fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Those of each deck that has some."""
        return dict(self._database.execute("SELECT slug, count(*) FROM study_cards GROUP BY slug"))

    def of(self, slug: str) -> Iterator[Face]:
        """The cards of a deck by name."""
        cursor = self._database.execute("SELECT face FROM study_cards WHERE slug = ? ORDER BY name, place", (slug,))
        while rows := cursor.fetchmany(BATCH):
            yield from (_FACE.decode(face) for (face,) in rows)

    def _known(self, places: list[str]) -> dict[str, tuple[str, bytes]]:
        marks = ", ".join("?" * len(places))
        rows = self._database.execute(f"SELECT place, slug, face FROM study_cards WHERE place IN ({marks})", places)  # noqa: S608 - only marks
        return {place: (slug, face) for place, slug, face in rows}

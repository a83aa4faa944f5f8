"""SQLite: tables that hold each other by keys, with full-text search; `datasette FILE` shows them as they are."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from responsa.article import Article
from responsa.exchange.exports.columns import SOURCE_TEXTS, TEXTS, row, storable
from responsa.exchange.exports.selection import Selection

_TABLES: Final = f"""
CREATE TABLE subjects (slug TEXT PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE articles (number INTEGER PRIMARY KEY, {", ".join(f"{name} TEXT" for name in TEXTS)}, score REAL,
  no_index INTEGER NOT NULL, shelf TEXT NOT NULL REFERENCES subjects (slug), UNIQUE (path));
CREATE TABLE sources (article INTEGER NOT NULL REFERENCES articles (number), position INTEGER NOT NULL,
  {", ".join(f"{name} TEXT" for name in SOURCE_TEXTS)}, year INTEGER, retracted INTEGER NOT NULL,
  PRIMARY KEY (article, position));
CREATE TABLE related (article INTEGER NOT NULL REFERENCES articles (number), position INTEGER NOT NULL, url TEXT,
  title TEXT, target INTEGER REFERENCES articles (number), PRIMARY KEY (article, position));
CREATE TABLE aliases (article INTEGER NOT NULL REFERENCES articles (number), position INTEGER NOT NULL, url TEXT,
  PRIMARY KEY (article, position));
CREATE TABLE also_asked (article INTEGER NOT NULL REFERENCES articles (number), position INTEGER NOT NULL,
  question TEXT, PRIMARY KEY (article, position));
"""
# Datasette finds the search of a table by `content="..."`, in these quotation marks alone.
_AFTERWARDS: Final = """
CREATE INDEX articles_url ON articles (url);
CREATE INDEX articles_shelf ON articles (shelf);
CREATE INDEX related_target ON related (target);
UPDATE related SET target = (SELECT min(number) FROM articles WHERE articles.url = related.url);
CREATE VIRTUAL TABLE articles_fts USING fts5 (question, answer, content="articles", content_rowid="number",
  tokenize='porter unicode61');
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
INSERT INTO articles_fts (articles_fts) VALUES ('optimize');
"""


def write(selection: Selection, target: Path) -> int:
    """How many articles were written."""
    count = 0
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        # The file takes its place only once it is whole: it needs no journal of its own.
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; {_TABLES}")
        for count, full in enumerate(selection.full(), 1):
            shelf = selection.library.subject_of(full.article.subject)
            database.execute("INSERT OR IGNORE INTO subjects VALUES (?, ?)", (shelf.slug, storable(shelf.title)))
            values = [count, *row(full).values(), full.article.score, int(full.article.no_index), shelf.slug]
            _insert(database, "articles", values)
            for table, rest in _beside(full.article):
                _insert(database, table, [count, *rest])
        database.execute("COMMIT")
        database.executescript(f"BEGIN; {_AFTERWARDS} COMMIT;")
    return count


def _beside(article: Article) -> Iterator[tuple[str, list[Any]]]:
    for place, source in enumerate(article.sources, 1):
        texts = [storable(getattr(source, name)) for name in SOURCE_TEXTS]
        year = source.year if source.year is None or abs(source.year) < 2**63 else None
        yield "sources", [place, *texts, year, int(source.retracted)]
    for place, link in enumerate(article.related, 1):
        yield "related", [place, storable(link.url), storable(link.title), None]
    for place, alias in enumerate(article.aliases, 1):
        yield "aliases", [place, storable(alias)]
    for place, question in enumerate(article.also_asked, 1):
        yield "also_asked", [place, storable(question)]


def _insert(database: sqlite3.Connection, table: str, values: list[Any]) -> None:
    database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608

"""Dumps of Stack Exchange sites: questions with their accepted or best answer, attributed as their licence asks."""

import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any, Final, NamedTuple

from responsa.article import Source
from responsa.errors import UnreadableError, UsageError
from responsa.exchange.imports.entry import Entry, Found, Place, Untaken
from responsa.exchange.imports.files import ARCHIVES
from responsa.exchange.imports.html import to_markdown
from responsa.exchange.imports.xml import XmlError, rows

POSTS, USERS = "Posts.xml", "Users.xml"
_QUESTION, _ANSWER = "1", "2"
_SITE: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_TAG: Final = re.compile(r"<([^<>]+)>|([^|<>]+)")
_LICENCES: Final = (("2018-05-02", "CC BY-SA 4.0"), ("2011-04-08", "CC BY-SA 3.0"), ("", "CC BY-SA 2.5"))
"""From which day on what a site's users wrote stands under which licence; dumps since 2020 say it themselves."""
_TABLES: Final = """
CREATE TABLE questions (id INTEGER PRIMARY KEY, line INTEGER, title TEXT, body BLOB, tags TEXT, created TEXT,
  accepted INTEGER, score INTEGER, owner TEXT, name TEXT, licence TEXT, closed INTEGER, best INTEGER);
CREATE TABLE answers (question INTEGER, id INTEGER, score INTEGER, body BLOB, created TEXT, owner TEXT, name TEXT,
  licence TEXT, chosen INTEGER, PRIMARY KEY (question, id)) WITHOUT ROWID;
CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
"""
_CHOOSE: Final = """
UPDATE answers SET chosen = 1
  WHERE EXISTS (SELECT 1 FROM questions AS q WHERE q.id = question AND q.accepted = answers.id);
UPDATE questions SET best = (SELECT a.id FROM answers AS a WHERE a.question = questions.id
  ORDER BY a.chosen DESC, a.score DESC, a.id LIMIT 1);
"""
_BEST: Final = """
SELECT q.id, q.line, q.title, q.body, q.tags, q.created, q.score, q.owner, coalesce(nullif(q.name, ''), asker.name, ''),
  q.closed, a.id, a.score, a.body, a.created, a.owner, coalesce(nullif(a.name, ''), answerer.name, ''), a.licence,
  a.id = q.accepted
FROM questions AS q LEFT JOIN answers AS a ON a.question = q.id AND a.id = q.best
LEFT JOIN users AS asker ON asker.id = q.owner LEFT JOIN users AS answerer ON answerer.id = a.owner ORDER BY q.id
"""


class Answered(NamedTuple):
    """A row of ``_BEST``; where there is no answer, all that concerns it is ``None``."""

    number: int
    line: int
    title: str
    body: bytes
    tags: str
    asked: str
    score: int
    asker_id: str
    asker: str
    closed: int
    answer_id: int | None
    answer_score: int
    answer: bytes
    answered: str
    owner: str
    name: str
    licence: str
    accepted: int | None


def is_dump(start: Path) -> bool:
    """Whether it is a dump's file of posts, or a folder that holds one."""
    return start.name == POSTS or (start.is_dir() and (start / POSTS).is_file())


def site_of(given: str, start: Path) -> str:
    """The site's host, as given or as the dump is called. Raises ``UsageError``: without it nobody can be named."""
    folder = start.absolute().parent if start.name == POSTS else start.absolute()
    for name in (given, folder.name, *(folder.name.removesuffix(ending) for ending in ARCHIVES)):
        host = name.strip().lower().removeprefix("https://").rstrip("/")
        if _SITE.fullmatch(host) and not host.endswith(ARCHIVES):
            return host
    raise UsageError("--site is needed, such as `cooking.stackexchange.com`: the licence asks for links to the authors")


def entries(
    start: Path, site: str, spool: Path, progress: Callable[[int], None] = lambda _done: None
) -> Iterator[Found]:
    """Questions by number, each with the accepted answer, else that of the highest score, the older of two.

    ``spool`` is a file that does not exist yet: posts wait there, so that memory stays bounded.
    """
    posts = start / POSTS if start.is_dir() else start
    with closing(sqlite3.connect(spool)) as database:
        # What the spool holds is made again after a crash: it need not survive one.
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        try:
            _store_users(posts.with_name(USERS), database)
            _store_posts(posts, database, progress)
        except XmlError as error:
            raise UnreadableError(Path(posts.name), 1, str(error)) from error
        database.executescript(_CHOOSE)
        for row in database.execute(_BEST):
            yield _entry(Answered(*row), site)


def _store_users(users: Path, database: sqlite3.Connection) -> None:
    if users.is_file():
        named = ((values.get("Id", ""), values.get("DisplayName", "")) for _, values in rows(users))
        database.executemany("INSERT OR REPLACE INTO users VALUES (?, ?)", named)


def _store_posts(posts: Path, database: sqlite3.Connection, progress: Callable[[int], None]) -> None:
    for line, values in rows(posts, progress):
        if values.get("PostTypeId") == _QUESTION:
            _store_question(database, line, values)
        elif values.get("PostTypeId") == _ANSWER:
            _store_answer(database, values)


def _store_question(database: sqlite3.Connection, line: int, values: dict[str, str]) -> None:
    held = (
        *(_number(values, "Id"), line, values.get("Title", ""), _packed(values), values.get("Tags", "")),
        *(values.get("CreationDate", "")[:10], _number(values, "AcceptedAnswerId"), _number(values, "Score")),
        *(values.get("OwnerUserId", ""), values.get("OwnerDisplayName", ""), values.get("ContentLicense", "")),
        *(int("ClosedDate" in values), None),
    )
    _insert(database, "questions", held)


def _store_answer(database: sqlite3.Connection, values: dict[str, str]) -> None:
    """One that cannot be chosen any more is not kept: a question's accepted answer is known once it was read."""
    question, number, score = (_number(values, name) for name in ("ParentId", "Id", "Score"))
    asked = database.execute("SELECT accepted FROM questions WHERE id = ?", (question,)).fetchone()
    if asked and number != asked[0]:
        better = "SELECT 1 FROM answers WHERE question = ? AND (id = ? OR score > ? OR (score = ? AND id < ?))"
        if database.execute(better, (question, asked[0], score, score, number)).fetchone():
            return
    if asked:
        database.execute("DELETE FROM answers WHERE question = ?", (question,))
    created = values.get("CreationDate", "")[:10]
    licence = values.get("ContentLicense") or next(name for day, name in _LICENCES if created >= day)
    owner = (values.get("OwnerUserId", ""), values.get("OwnerDisplayName", ""))
    held = (question, number, score, _packed(values), created, *owner, licence, 0)
    _insert(database, "answers", held)


def _insert(database: sqlite3.Connection, table: str, held: tuple[Any, ...]) -> None:
    database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(held))})", held)  # noqa: S608


def _entry(row: Answered, site: str) -> Entry | Untaken:
    place = Place(POSTS, f"line {row.line}, question {row.number}")
    question = " ".join(unescape(row.title).split())
    if row.answer_id is None:
        return Untaken(place, "no answer", question)
    if not row.accepted and row.answer_score < 0:
        return Untaken(place, "its best answer has a score below zero", question)
    words = tuple(one.replace("-", " ") for pair in _TAG.findall(row.tags) if (one := "".join(pair).strip()))
    return Entry(
        place,
        f"{site}/{row.number}",
        question,
        to_markdown(_unpacked(row.answer)),
        subject=site.partition(".")[0].replace("-", " ").capitalize(),
        author=_named(row.name, row.owner),
        date=row.answered,
        keywords=words,
        sources=(_source(row, question, site),),
        more={
            "licence": row.licence,
            "author_url": f"https://{site}/users/{row.owner}" if row.owner else None,
            "question_url": f"https://{site}/q/{row.number}",
            "question_details": to_markdown(_unpacked(row.body)),
            "question_score": row.score,
            "answer_score": row.answer_score,
            "asked_on": row.asked,
            "closed": True if row.closed else None,
            "provenance": "human",
        },
    )


def _source(row: Answered, question: str, site: str) -> Source:
    """What the licence asks to be said: who wrote it, where, and under which terms."""
    authors = f"{_named(row.name, row.owner)} (answer), {_named(row.asker, row.asker_id)} (question)"
    year = int(row.answered[:4]) if row.answered[:4].isdigit() else None
    url = f"https://{site}/a/{row.answer_id}"
    return Source(f"answer-{row.answer_id}", question, authors, year, f"{site}, {row.licence}", url=url)


def _named(name: str, number: str) -> str:
    return name or (f"user{number}" if number else "an unnamed user")


def _number(values: dict[str, str], name: str) -> int:
    text = values.get(name, "")
    return int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else 0


def _packed(values: dict[str, str]) -> bytes:
    return zlib.compress(values.get("Body", "").encode("utf-8", "replace"), 1)


def _unpacked(data: bytes) -> str:
    return zlib.decompress(data).decode()

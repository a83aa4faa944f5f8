"""A deck for Anki: question in front, answer with its references behind; written as its file format says (schema 11).

The format is an SQLite file in a zip. It is written here because the libraries for it hold all notes in memory and put
the hour into every file.
"""

import base64
import datetime
import hashlib
import json
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Any, Final

from responsa.article import Article
from responsa.exchange.exports.columns import storable
from responsa.exchange.exports.reading import answer, references_html
from responsa.exchange.exports.selection import Selection
from responsa.library.urls import slugify
from responsa.publish.views import clean

FIELDS: Final = ("Question", "Answer", "References", "Address")
_FRONT: Final = "{{Question}}"
_BACK: Final = (
    '{{FrontSide}}<hr id="answer">{{Answer}}{{#References}}<h4>References</h4>{{References}}{{/References}}'
    "{{#Address}}<p>{{Address}}</p>{{/Address}}"
)
_STYLE: Final = ".card { font-family: sans-serif; font-size: 18px; line-height: 1.5; max-width: 42em; margin: 0 auto; }"
_FIRST: Final = 1_500_000_000_000
"""Notes are numbered from here, as Anki numbers by milliseconds; what a note is, its ``guid`` says."""
_SEPARATOR: Final = "\x1f"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_TABLES: Final = """
CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,
  ivl integer not null, factor integer not null, reps integer not null, lapses integer not null,
  left integer not null, odue integer not null, odid integer not null, flags integer not null, data text not null);
CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
  type integer not null);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn ON notes (usn); CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn); CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due); CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


def write(selection: Selection, target: Path) -> int:
    """How many cards the deck has."""
    site, count = selection.library.config.site, 0
    name = f"{site.name}::{selection.subject}" if selection.subject else site.name
    deck, model = _number(f"deck {name}"), _number(f"model {site.name}")
    base_url = site.base_url.rstrip("/")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".anki-") as folder:
        collection = Path(folder, "collection.anki2")
        with closing(sqlite3.connect(collection, isolation_level=None)) as database:
            database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; {_TABLES}")
            for count, article in enumerate(selection.listed(), 1):
                _add(database, article, count, (deck, model), base_url)
            _insert(database, "col", _collection(name, deck, model))
            database.execute("COMMIT")
        _zip(target, collection)
    return count


def _add(database: sqlite3.Connection, article: Article, place: int, ids: tuple[int, int], base_url: str) -> None:
    deck, model = ids
    question = escape(clean(storable(article.question)), quote=False)
    address = f'<a href="{escape(base_url + article.url)}">{escape(base_url + article.url)}</a>' if base_url else ""
    fields = (question, storable(answer(article, base_url).body), storable(references_html(article)), address)
    checksum = int(hashlib.sha1(question.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    changed, number = _day(article), _FIRST + place
    tags = f" {slugify(article.subject)} "
    joined = _SEPARATOR.join(field.replace(_SEPARATOR, " ") for field in fields)
    note = (number, _guid(article.url), model, changed, -1, tags, joined, question, checksum, 0, "")
    card = (number, number, deck, 0, changed, -1, 0, 0, place, 0, 0, 0, 0, 0, 0, 0, 0, "")
    _insert(database, "notes", note)
    _insert(database, "cards", card)


def _insert(database: sqlite3.Connection, table: str, values: tuple[Any, ...]) -> None:
    database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608


def _day(article: Article) -> int:
    """Seconds: the day of the review or the publication. The hour of an export would make every file another one."""
    day = max(filter(None, (article.date, article.reviewed.on if article.reviewed else None)), default=None)
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp()) if day else 0


def _guid(url: str) -> str:
    """The same note in every export: Anki updates it instead of adding another."""
    return base64.b64encode(hashlib.sha256(url.encode("utf-8", "replace")).digest()[:9]).decode()


def _number(name: str) -> int:
    """A number for a deck or a kind of note, from its name."""
    return _FIRST + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


def _collection(name: str, deck: int, model: int) -> tuple[Any, ...]:
    options = {"nextPos": 1, "estTimes": True, "activeDecks": [1], "sortType": "noteFld", "timeLim": 0, "curDeck": 1}
    options |= {"sortBackwards": False, "addToCur": True, "newBury": True, "newSpread": 0, "dueCounts": True}
    options |= {"curModel": str(model), "collapseTime": 1200}
    decks = {"1": _deck(1, "Default"), str(deck): _deck(deck, name)}
    models = {str(model): _model(model, deck, name.partition("::")[0])}
    texts = (json.dumps(value) for value in (options, models, decks, {"1": _deck_options()}, {}))
    return (1, 0, 0, _FIRST, 11, 0, 0, 0, *texts)


def _deck(number: int, name: str) -> dict[str, Any]:
    today = {key: [0, 0] for key in ("newToday", "revToday", "lrnToday", "timeToday")}
    more = {"collapsed": False, "conf": 1, "desc": "", "dyn": 0, "extendNew": 0, "extendRev": 50, "usn": -1, "mod": 0}
    return {"id": number, "name": name, **today, **more}


def _deck_options() -> dict[str, Any]:
    new = {"bury": True, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20}
    rev = {"bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "perDay": 100}
    lapse = {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0}
    more = {"autoplay": True, "maxTaken": 60, "mod": 0, "replayq": True, "timer": 0, "usn": 0}
    return {"id": 1, "name": "Default", "new": {**new, "separate": True}, "rev": rev, "lapse": lapse, **more}


def _model(number: int, deck: int, name: str) -> dict[str, Any]:
    fields = [
        {"name": field, "ord": place, "font": "Arial", "media": [], "rtl": False, "size": 20, "sticky": False}
        for place, field in enumerate(FIELDS)
    ]
    card = {"name": "Question", "ord": 0, "qfmt": _FRONT, "afmt": _BACK, "bafmt": "", "bqfmt": "", "did": None}
    more = {"latexPre": "", "latexPost": "", "mod": 0, "sortf": 0, "tags": [], "type": 0, "usn": -1, "vers": []}
    return {"id": str(number), "did": deck, "name": name, "css": _STYLE, "flds": fields, "tmpls": [card],
            "req": [[0, "all", [0]]], **more}  # fmt: skip


def _zip(target: Path, collection: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with collection.open("rb") as source, archive.open(_entry("collection.anki2"), "w", force_zip64=True) as out:
            while chunk := source.read(1 << 20):
                out.write(chunk)
        archive.writestr(_entry("media"), "{}")


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info

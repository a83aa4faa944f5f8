"""What an export holds comes back as the same articles, in every format that can hold them."""

import json
import sqlite3

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exchange.intakes import known, made, take, untaken
from responsa.exchange.exports.formats import export
from responsa.exchange.exports.selection import Selection
from responsa.exchange.values import file_of
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.records.layout import PRESETS

HOLDING = {"jsonl": "x.jsonl", "parquet": "x.parquet", "sqlite": "x.sqlite"}

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.text(LETTERS | st.sampled_from("\n\\n$:'\"#-|> é\u2028"), max_size=40)
LINE = TEXT.map(lambda text: " ".join(text.split()))
NAMED = LINE.filter(bool)
# A larger one is no integer to the reader of YAML either: no file can hold it.
INTEGER = st.integers(-(2**63), 2**63 - 1)
SCALAR = st.none() | st.booleans() | INTEGER | st.floats(allow_nan=False) | TEXT
ODD = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LINE, inner, max_size=3), max_leaves=6
)
DAY = st.dates().map(lambda day: day.isoformat())
YEAR = {"year": INTEGER, "retracted": st.booleans()}
SOURCE = st.fixed_dictionaries({"id": NAMED, "title": TEXT}, optional=YEAR)
LINK = st.fixed_dictionaries({"id": INTEGER, "title": LINE, "subject": LINE, "url": NAMED})
RECORD = st.fixed_dictionaries(
    {"question": NAMED, "answer": TEXT, "subject": NAMED},
    optional={
        "id": INTEGER | NAMED, "date": DAY, "title": TEXT, "author": LINE, "score": st.floats(0, 1),
        "language": LINE,
        "no_index": st.booleans(), "also_asked": st.lists(NAMED, max_size=2), "aliases": st.lists(NAMED, max_size=2),
        "seo": st.fixed_dictionaries({"page_description": TEXT}, optional={"title": TEXT, "odd": SCALAR}),
        "sources": st.lists(SOURCE, max_size=2), "related_article1": LINK, "provenance": st.just("human"),
        "weight": ODD, "responsa": TEXT, "key with blanks": ODD,
        "reviewed": st.fixed_dictionaries({"by": NAMED, "on": DAY, "of": NAMED}),
    },
)  # fmt: skip


def write_out(folder, target, name, *, subject="", everything=True, force=False):
    library = read(folder)
    with refresh(library) as catalogue:
        return export(Selection(library, catalogue, subject, everything), name, target, force=force)


def library_of(folder, kind, records):
    layout = PRESETS[kind]
    (folder / "content/a").mkdir(parents=True)
    (folder / "responsa.toml").write_text(f'[layout]\nkind = "{kind}"\ncontent = "content"\n')
    for number, record in enumerate(records):
        data = file_of({**record, "url": f"/q/{number}"}, layout)
        (folder / f"content/a/{number}.md").write_bytes(data)


def same(folder):
    return list(read(folder).entries())


@pytest.mark.parametrize("name", HOLDING)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(sorted(PRESETS)), records=st.lists(RECORD, min_size=1, max_size=3))
@example(kind="seed", records=[{"question": "1e3", "answer": "$\\nu$\n\\n", "subject": "no", "weight": float("inf")}])
def test_an_export_comes_back_as_the_same_articles(tmp_path_factory, name, kind, records):
    tmp_path = tmp_path_factory.mktemp("trip")
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / HOLDING[name]
    library_of(here, kind, records)
    before = same(here)
    assert write_out(here, file, name) == len(records)
    there.mkdir()
    (there / "content").mkdir()
    (there / "responsa.toml").write_bytes((here / "responsa.toml").read_bytes())
    outcomes = take(there, file, tmp_path / "spool")
    assert not untaken(outcomes)
    assert len(made(outcomes)) == len(records)
    assert same(there) == before
    assert len(known(take(there, file, tmp_path / "spool"))) == len(records)


@pytest.mark.parametrize("kind", sorted(PRESETS))
def test_an_export_of_one_layout_can_be_taken_in_by_another(tmp_path, kind):
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "x.jsonl"
    record = {
        "question": "Q?", "answer": "a\n\nb", "subject": "S", "seo": {"page_description": "d", "page_keywords": "k"},
        "aliases": ["/old"], "weight": 3, "title": "T",
    }  # fmt: skip
    library_of(here, "seed", [record])
    write_out(here, file, "jsonl")
    there.mkdir()
    (there / "content").mkdir()
    (there / "responsa.toml").write_text(f'[layout]\nkind = "{kind}"\ncontent = "content"\n')
    assert made(take(there, file, tmp_path / "spool"))
    assert same(there) == same(here)


def test_what_json_cannot_say_comes_back_byte_for_byte(tmp_path):
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "x.jsonl"
    text = "---\nquestion: Q?\nanswer: a\nsubject: S\nurl: /q/1\nscore: .nan\nodd: [-.inf] # kept\n---\nbody"
    (here / "content/learn/s").mkdir(parents=True)
    (here / "content/learn/s/1.md").write_text(text)
    write_out(here, file, "jsonl")
    there.mkdir()
    assert made(take(there, file, tmp_path / "spool"))
    assert (there / "content/learn/s/1.md").read_text() == text


def test_two_articles_with_one_address_come_back_as_two(tmp_path):
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "x.jsonl"
    (here / "content/learn/s").mkdir(parents=True)
    for name in "ab":
        (here / f"content/learn/s/{name}.md").write_text(
            f"---\nquestion: {name}?\nanswer: x\nsubject: S\nurl: /q\n---\n"
        )
    write_out(here, file, "jsonl")
    there.mkdir()
    assert len(made(take(there, file, tmp_path / "spool"))) == 2
    assert [a.question for a in read(there).articles()] == ["a?", "b?"]


def test_an_article_whose_address_or_file_is_taken_is_named(tmp_path):
    file = tmp_path / "x.jsonl"
    lines = [
        {"question": "A?", "answer": "a", "subject": "S", "url": "/q", "responsa": {"version": 1, "path": "s/new.md"}},
        {"question": "B?", "answer": "b", "subject": "S", "url": "/r", "responsa": {"version": 1, "path": "s/mine.md"}},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    mine = tmp_path / "there/content/learn/s/mine.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("---\nquestion: Mine?\nanswer: m\nsubject: S\nurl: /q\n---\n")
    before = mine.read_bytes()
    assert untaken(take(tmp_path / "there", file, tmp_path / "spool")) == [
        ("line 1", "another article has its address"),
        ("line 2", "another article has its file"),
    ]
    assert mine.read_bytes() == before


@pytest.mark.parametrize(
    "path",
    [
        "../../x.md",
        "/etc/x.md",
        "a/../x.md",
        "x.txt",
        "_x.md",
        ".git/x.md",
        "a\\b.md",
        "node_modules/x.md",
        "",
        "a\n.md",
    ],
)
def test_a_path_of_an_export_never_leads_elsewhere(tmp_path, path):
    line = {"question": "A?", "answer": "a", "subject": "S", "url": "/q", "responsa": {"version": 1, "path": path}}
    (tmp_path / "x.jsonl").write_text(json.dumps(line))
    outcomes = take(tmp_path / "there", tmp_path / "x.jsonl", tmp_path / "spool")
    assert untaken(outcomes) == [("line 1", "no path for an article")]
    assert not list(tmp_path.rglob("*.md"))


@pytest.mark.parametrize("data", [b"", b"no sqlite", b"SQLite format 3\0" + b"x" * 100])
def test_what_is_no_sqlite_export_is_said(tmp_path, data):
    (tmp_path / "x.sqlite").write_bytes(data)
    with pytest.raises(Exception, match="no SQLite file of `responsa export`"):
        take(tmp_path / "there", tmp_path / "x.sqlite", tmp_path / "spool")


def test_an_export_in_sqlite_is_opened_with_keys_and_search(tmp_path):
    here, file = tmp_path / "here", tmp_path / "x.sqlite"
    link = {"id": 1, "title": "t", "subject": "S", "url": "/q/1"}
    first = {"question": "What is a liver?", "answer": "An organ.", "subject": "Med", "related_article1": link}
    library_of(here, "seed", [first, {"question": "B?", "answer": "b", "subject": "med", "sources": [{"id": "s"}]}])
    write_out(here, file, "sqlite")
    with sqlite3.connect(file) as database:
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = "SELECT url FROM articles JOIN articles_fts AS f ON f.rowid = number WHERE articles_fts MATCH ?"
        assert database.execute(found, ["livers"]).fetchall() == [("/q/0",)]
        assert database.execute("SELECT article, target FROM related").fetchall() == [(1, 2)]
        assert database.execute("SELECT slug FROM subjects").fetchall() == [("med",)]
    database.close()

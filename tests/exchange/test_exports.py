import json
import os
import secrets
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from xml.etree import ElementTree

import genanki
import pytest

from exchange.test_round_trip import write_out
from library_folder import REFUSAL, put
from responsa.cli.app import main

TARGETS = {
    "jsonl": "x.jsonl", "parquet": "x.parquet", "sqlite": "x.sqlite", "beir": "beir", "anki": "x.apkg",
    "llms": "llms-full.txt", "epub": "x.epub",
}  # fmt: skip
SOURCES = "sources:\n  - {id: s, title: A & B, authors: Ann, year: 2020, url: 'https://example.org/?a=1&b=2'}\n"


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "library"
    put(folder, "hcc", answer="A $x^2$ **<b>cancer</b>** [of](/learn/x) <br> ![p](https://x.org/p.png)", more=SOURCES)
    put(folder, "icc", answer="Another, see [it](/learn/x).", links=["/learn/medicine/questions/hcc"],
        more="also_asked: [What might ICC be?]\n")  # fmt: skip
    put(folder, "refused", answer=REFUSAL)
    put(folder, "hidden", more="no_index: true\n")
    return folder


def everything(target):
    if target.is_dir():
        return {path.name: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    return target.read_bytes()


def export(library, target, name, **more):
    return write_out(library, target, name, subject="medicine", **({"everything": False} | more))


@pytest.mark.parametrize("name", TARGETS)
def test_an_export_has_the_same_bytes_each_time(library, tmp_path, name):
    one, other = tmp_path / TARGETS[name], tmp_path / f"again-{TARGETS[name]}"
    export(library, one, name)
    export(library, other, name)
    assert everything(one) == everything(other)


@pytest.mark.parametrize(("name", "count"), [*((n, 3) for n in ("jsonl", "parquet", "sqlite")),
                                             *((n, 2) for n in ("beir", "anki", "llms", "epub"))])  # fmt: skip
def test_what_is_held_back_is_exported_only_where_it_is_asked(library, tmp_path, name, count):
    assert export(library, tmp_path / TARGETS[name], name) == count
    assert export(library, tmp_path / TARGETS[name], name, everything=True, force=True) == 4


def test_a_link_or_a_pipe_is_never_replaced(library, tmp_path, capsys):
    (tmp_path / "mine.jsonl").write_text("mine")
    (tmp_path / "link.jsonl").symlink_to("mine.jsonl")
    os.mkfifo(tmp_path / "pipe.jsonl")
    for name in ("link.jsonl", "pipe.jsonl"):
        assert main(["export", str(library), "--to", str(tmp_path / name), "--force"]) == 2
        assert "never replaced" in capsys.readouterr().err
    assert (tmp_path / "mine.jsonl").read_text() == "mine"
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "pipe.jsonl").is_fifo()


@pytest.mark.parametrize("name", TARGETS)
def test_an_export_that_fails_leaves_the_earlier_one(library, tmp_path, name, monkeypatch):
    target = tmp_path / TARGETS[name]
    export(library, target, name)
    before = everything(target)
    monkeypatch.setattr(f"responsa.exchange.exports.{name}.write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(library, target, name, force=True)
    assert everything(target) == before
    assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_there_is_replaced_only_when_told(library, tmp_path, name, capsys):
    target = tmp_path / TARGETS[name]
    words = ["export", str(library), "--to", str(target), "--format", name, "--subject", "Medicine"]
    assert main(words) == 0
    assert main(words) == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert main([*words, "--force"]) == 0


def test_a_folder_with_other_things_is_never_replaced(library, tmp_path, capsys):
    (tmp_path / "beir").mkdir()
    (tmp_path / "beir/mine.txt").write_text("mine")
    assert main(["export", str(library), "--to", str(tmp_path / "beir"), "--format", "beir", "--force"]) == 2
    assert "holds other things" in capsys.readouterr().err
    assert (tmp_path / "beir/mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "--to is missing"),
        (["--to", "x.doc"], "which format is wanted"),
        (["--to", "x", "--format", "pdf"], "known are jsonl"),
        (["--to", "no/x.jsonl"], "there is no folder"),
        (["--to", "x.epub"], "--subject is needed"),
        (["--to", "x.epub", "--subject", "Law"], "there are Medicine"),
    ],
)
def test_what_cannot_be_meant_is_said(library, monkeypatch, capsys, words, message):
    monkeypatch.chdir(library.parent)
    assert main(["export", str(library), *words]) == 2
    assert message in capsys.readouterr().err


def test_beir_judges_other_wordings_the_question_and_related_ones(library, tmp_path):
    export(library, tmp_path / "beir", "beir")
    held = {name: text.decode() for name, text in everything(tmp_path / "beir").items()}
    corpus = {line["_id"]: line for line in map(json.loads, held["corpus.jsonl"].splitlines())}
    queries = {line["_id"]: line["text"] for line in map(json.loads, held["queries.jsonl"].splitlines())}
    icc, hcc = "/learn/medicine/questions/icc", "/learn/medicine/questions/hcc"
    assert corpus.keys() == {icc, hcc}
    assert queries[f"{icc}#asked-1"] == "What might ICC be?"
    head = "query-id\tcorpus-id\tscore\n"
    assert held["test.tsv"] == f"{head}{icc}#asked-1\t{icc}\t1\n"
    assert held["related.tsv"] == f"{head}{icc}#question\t{hcc}\t1\n"
    assert held["questions.tsv"].count("\t1\n") == 2


def opened(package, folder):
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki2", folder)
        assert archive.read("media") == b"{}"
    return closing(sqlite3.connect(folder / "collection.anki2"))


def described(database):
    return {
        table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        for table in ("col", "notes", "cards", "revlog", "graves")
    }


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_deck_has_the_form_that_the_usual_library_gives_it(library, tmp_path):
    export(library, tmp_path / "x.apkg", "anki")
    model = genanki.Model(1, "M", fields=[{"name": "Q"}], templates=[{"name": "C", "qfmt": "{{Q}}", "afmt": "{{Q}}"}])
    deck = genanki.Deck(2, "D")
    deck.add_note(genanki.Note(model, ["q"]))
    genanki.Package(deck).write_to_file(tmp_path / "theirs.apkg", timestamp=1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with (
        opened(tmp_path / "x.apkg", tmp_path / "a") as ours,
        opened(tmp_path / "theirs.apkg", tmp_path / "b") as theirs,
    ):
        assert described(ours) == described(theirs)
        for column in ("models", "decks"):
            (one,), (other,) = (one.execute(f"SELECT {column} FROM col").fetchone() for one in (ours, theirs))
            last, known = list(json.loads(one).values())[-1], list(json.loads(other).values())[-1]
            assert known.keys() - {"__type__"} <= last.keys() | {"latexsvg"}
        fields = ours.execute("SELECT flds FROM notes ORDER BY id").fetchone()[0].split("\x1f")
        assert ours.execute("SELECT count(*) FROM cards JOIN notes ON nid = notes.id").fetchone() == (2,)
    assert fields[0] == "What is hcc?"
    assert "<math>" in fields[1]
    assert "A &amp; B" in fields[2]


def test_llms_full_holds_each_answer_with_its_references(library, tmp_path):
    export(library, tmp_path / "llms-full.txt", "llms")
    text = (tmp_path / "llms-full.txt").read_text()
    assert text.count("\n---\n") == 2
    assert "## References\n\n1. Ann. A & B. (2020)" in text
    assert REFUSAL not in text


def test_a_book_is_well_formed_and_lists_what_it_holds(library, tmp_path):
    export(library, tmp_path / "x.epub", "epub")
    with zipfile.ZipFile(tmp_path / "x.epub") as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type, book.read(first)) == (
            "mimetype", zipfile.ZIP_STORED, b"application/epub+zip",
        )  # fmt: skip
        pages = {
            name: book.read(name).decode() for name in book.namelist() if name.endswith((".xhtml", ".opf", ".svg"))
        }
        package = ElementTree.fromstring(pages["EPUB/package.opf"])
        items = {item.get("href"): item for item in package.iter("{http://www.idpf.org/2007/opf}item")}
        assert {f"EPUB/{name}" for name in items} == set(book.namelist()) - {
            "mimetype",
            "META-INF/container.xml",
            "EPUB/package.opf",
        }
    for text in pages.values():
        ElementTree.fromstring(text)
    chapter = pages["EPUB/chapter-00001.xhtml"]
    assert items["chapter-00001.xhtml"].get("properties") == "mathml"
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML">' in chapter
    assert '<a href="https://x.org/p.png">[p]</a>' in chapter
    assert 'href="/learn' not in chapter
    assert 'href="https://example.org/?a=1&amp;b=2"' in chapter


FULL = """
import resource, signal, sys
from responsa.cli.app import main
from responsa.exchange.exports import formats
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
whole_file = formats.whole_file
def limited(target, *, force):
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    return whole_file(target, force=force)
formats.whole_file = limited
raise SystemExit(main(["export", sys.argv[1], "--to", sys.argv[2], "--subject", "medicine"]))
"""


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "beir"])
def test_a_disk_that_takes_no_more_is_said_in_one_line_and_leaves_nothing(tmp_path, name):
    for number in range(40):
        put(tmp_path / "library", f"q{number}", answer=f"{secrets.token_hex(400)} is the answer.")
    target = tmp_path / TARGETS[name]
    words = [sys.executable, "-c", FULL, str(tmp_path / "library"), str(target)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3, done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"error: {target}: cannot be written: ")
    assert "Traceback" not in done.stderr
    assert "panicked" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["library"]

import json

import pytest

from library_folder import address, put
from responsa.cli.app import main


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "a", links=[address("b")])
    put(tmp_path, "b", question="What is a?")
    return tmp_path


def test_report_writes_one_page_and_says_so(folder, capsys):
    out = folder.parent / "report.html"
    assert main(["report", str(folder), "--out", str(out), "--exact"]) == 0
    assert out.read_text().startswith("<!doctype html>")
    assert "2 articles on 2024-12-01" in capsys.readouterr().out
    assert [path.name for path in folder.parent.glob(".report*")] == []


def test_report_prints_figures_as_json_and_writes_nothing(folder, capsys):
    assert main(["report", str(folder), "--json", "--exact", "--date", "2026-03-01"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["on"], told["articles"], told["copies"]["too_many"]) == ("2026-03-01", 2, 1)
    assert list(folder.glob("*.html")) == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "--out report.html"),
        (["--json", "--date", "soon"], "--date soon: no day such as 2026-03-01"),
        (["--exact", "--out", "no/such/folder/r.html"], "cannot be written"),
        (["--exact", "--out", "."], "cannot be written"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(folder, capsys, words, complaint):
    assert main(["report", str(folder), *words]) == 2
    assert complaint in capsys.readouterr().err


def test_two_reports_of_one_library_are_the_same_byte_for_byte(folder):
    pages = []
    for name in ("one.html", "two.html"):
        assert main(["report", str(folder), "--out", str(folder.parent / name), "--exact"]) == 0
        pages.append((folder.parent / name).read_bytes())
    assert pages[0] == pages[1]


def test_one_question_in_other_words_is_found_where_the_search_index_is(folder, capsys):
    pytest.importorskip("onnxruntime", reason="needs the extra `search`")
    put(folder, "c", question="What treatments are there for liver cancer?")
    put(folder, "d", question="What are the treatments for liver cancer?")
    assert main(["report", str(folder), "--json"]) == 0
    copies = json.loads(capsys.readouterr().out)["copies"]
    assert (copies["near"], copies["too_many"]) == (True, 2)

import json
import os

import pytest

from library_folder import address, put
from responsa.cli.app import main


@pytest.fixture
def folder(tmp_path):
    library = tmp_path / "library"
    put(
        library, "liver", question="How is liver cancer treated?",
        answer="Surgery comes first.\\n\\n- **Sorafenib** slows the tumour.\\n- A transplant may cure.",
    )  # fmt: skip
    put(library, "kidney", question="What do kidneys do?", answer="They clean the blood and make urine.")
    put(library, "heart", question="Why does the heart beat?", answer="A node of its own sends impulses.")
    return library


def test_the_answer_comes_first_with_its_best_passage(folder, capsys):
    assert main(["search", str(folder), "which drug acts against tumours of the liver"]) == 0
    first = capsys.readouterr().out.splitlines()[:3]
    assert first == [
        " 1. How is liver cancer treated?", f"    {address('liver')} · Medicine", "    Sorafenib slows the tumour.",
    ]  # fmt: skip


def test_a_paraphrase_without_a_shared_word_is_found(folder, capsys):
    assert main(["search", str(folder), "organs that filter waste", "-k", "1"]) == 0
    assert "What do kidneys do?" in capsys.readouterr().out


def test_json_tells_all(folder, capsys):
    assert main(["search", str(folder), "sorafnib", "--json", "-k", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    [hit] = told.pop("hits")
    assert told == {
        "query": "sorafnib", "found": True, "phrases": True, "respelled": {"sorafnib": ["sorafenib"]}, "deep": False,
    }  # fmt: skip
    assert (hit["url"], hit["words"], hit["passage"]) == (address("liver"), True, "Sorafenib slows the tumour.")


def test_nothing_found_is_said_and_the_nearest_offered(folder, capsys):
    assert main(["search", str(folder), "qwertz"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Nothing found for “qwertz”. The nearest:\n 1. ")


def test_typos_and_phrases_that_nobody_holds_are_told(folder, capsys):
    assert main(["search", str(folder), '"cancer liver" surgary']) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:2] == [
        "No article has “surgary”; near spellings were taken.",
        "No article holds the words in quotes in that order; without the quotes:",
    ]
    assert out[2] == " 1. How is liver cancer treated?"


def test_an_empty_library_finds_nothing(tmp_path, capsys):
    assert main(["search", str(tmp_path), "liver"]) == 0
    assert capsys.readouterr().out == "Nothing found for “liver”.\n"


def test_a_subject_is_named_as_people_do(folder, capsys):
    assert main(["search", str(folder), "heart", "--subject", "medicine", "-k", "1"]) == 0
    assert "Why does the heart beat?" in capsys.readouterr().out
    assert main(["search", str(folder), "heart", "--subject", "Medecine"]) == 2
    assert "no listed article has this subject; there are medicine" in capsys.readouterr().err


def test_a_run_of_many_queries_has_six_columns_and_falling_scores(folder, tmp_path, capsys):
    queries, run = tmp_path / "queries.jsonl", tmp_path / "run.txt"
    queries.write_text('{"qid": "a1", "query": "heart", "kind": "x"}\n\n{"qid": 2, "query": "kidney"}\n')
    assert main(["search", str(folder), "--queries", str(queries), "--run", str(run)]) == 0
    rows = [line.split(" ") for line in run.read_text().splitlines()]
    assert [row[:4] for row in rows[:1] + rows[3:4]] == [
        ["a1", "Q0", address("heart"), "1"], ["2", "Q0", address("kidney"), "1"],
    ]  # fmt: skip
    assert all(len(row) == 6 and row[5] == "responsa" for row in rows)
    scores = [float(row[4]) for row in rows[:3]]
    assert scores == sorted(set(scores), reverse=True)
    assert "2 queries" in capsys.readouterr().out


def test_bad_lines_are_named_all_at_once(folder, tmp_path, capsys):
    queries = tmp_path / "queries.jsonl"
    lines = [b'{"qid": 1, "query": "a"}', b'{"qid": 2}', b"nonsense", b'{"qid": "1", "query": "b"}', b"\xff"]
    queries.write_bytes(b"\n".join([*lines, b'{"qid": "x y", "query": ""}']))
    assert main(["search", str(folder), "--queries", str(queries), "--run", str(tmp_path / "run")]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split("queries.jsonl:")[1].split(":")[0] for line in told] == ["2", "3", "4", "5", "6"]
    assert "the qid 1 is there twice" in told[2]
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "nothing to search for"),
        (["  "], "nothing to search for"),
        (["--queries", "q"], "belong together"),
        (["x", "--queries", "q", "--run", "r"], "exclude each other"),
        (["--queries", "none.jsonl", "--run", "r"], "cannot be read"),
        (["--queries", "Q", "--run", "none/run"], "cannot be written"),
    ],
)
def test_what_cannot_be_meant_is_said(folder, tmp_path, capsys, words, told):
    (tmp_path / "Q").write_text('{"qid": 1, "query": "a"}\n')
    words = [str(tmp_path / word) if word in {"Q", "none/run"} else word for word in words]
    assert main(["search", str(folder), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_missing_extra_is_named(folder, capsys, monkeypatch):
    monkeypatch.setattr("responsa.index.extra.find_spec", lambda part: None if part == "simsimd" else part)
    assert main(["search", str(folder), "liver"]) == 2
    assert "simsimd, which searching needs, is not installed: pip install 'responsa[search]'" in capsys.readouterr().err


def test_what_could_steer_a_terminal_is_shown_as_text(folder, capsys):
    (folder / "content/learn/medicine/evil.md").write_text(
        '---\nquestion: "Liver \\e[31m attack?"\nanswer: x\nurl: /learn/medicine/evil\nsubject: Medicine\n---\n'
    )
    assert main(["search", str(folder), "liver attack\x1b"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "Liver \\x1b[31m attack?" in out


def test_deep_reads_all_answers_and_says_so_in_json(folder, capsys):
    assert main(["search", str(folder), "heart", "--deep", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["deep"] is True


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_question_of_bytes_that_are_no_text_is_searched_as_far_as_it_is_text(folder, capsys, form):
    assert main(["search", str(folder), os.fsdecode(b"sorafenib \xff"), *form]) == 0
    assert "How is liver cancer treated?" in capsys.readouterr().out

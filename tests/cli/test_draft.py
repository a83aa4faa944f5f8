import csv
import json
import sqlite3

import pytest

from draft.fake_model import Fake, answer, serving
from draft.killing import killed_and_finished
from draft.shelf import files, library, saved
from responsa.cli.app import main
from responsa.draft.questions import questions
from responsa.errors import UsageError

QUESTION = "How are stoneware teapots fired?"
SLUG = "how-are-stoneware-teapots-fired"


@pytest.fixture
def folder(tmp_path):
    return library(tmp_path / "library")


def said(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_question_becomes_a_draft_beside_the_content(folder, capsys):
    before = files(folder)
    assert main(["draft", str(folder), QUESTION, "--json"]) == 0
    [told] = said(capsys)
    assert (told["outcome"], told["kind"], told["score"]) == ("drafted", "draft", 1.0)
    assert told["sentences"][0]["text"] == "Stoneware teapots are fired at about 1,280 degrees."
    assert told["sentences"][0]["source"] == "kiln-2019"
    assert files(folder).keys() - before.keys() == {f"drafts/{SLUG}.json", f"drafts/{SLUG}.md"}
    assert {path: data for path, data in files(folder).items() if path in before} == before


def test_every_key_of_the_record_is_filled_in_the_librarys_own_style(folder, capsys):
    main(["draft", str(folder), QUESTION])
    capsys.readouterr()
    text = (folder / f"drafts/{SLUG}.md").read_text()
    for line in (
        "_schema: default", "id: 104", "author: A potter", "date_format: MMM DD, YYYY", "subject: Pottery",
        "provenance: machine", f"file_name: {SLUG}.md", f"url: /learn/pottery/questions/{SLUG}", "score: 1.0",
        "  - id: kiln-2019", "related_article1:",
    ):  # fmt: skip
        assert f"\n{line}\n" in text, line
    assert text.endswith("---\n\n&nbsp;")
    description = text.split("page_description: >-\n    ")[1].split("\n")[0]
    assert 0 < len(description) <= 160


def test_what_was_asked_before_is_pointed_to(folder, capsys):
    assert main(["draft", str(folder), "How is clay number 2 dug", "--json"]) == 0
    [told] = said(capsys)
    assert (told["outcome"], told["article"]) == ("asked", "/learn/pottery/questions/pot-2")
    assert not (folder / "drafts").exists()


def test_a_refusal_waits_for_the_desk_and_is_no_page(folder, capsys):
    assert main(["draft", str(folder), "Which teapots did Napoleon own?", "--json"]) == 1
    [told] = said(capsys)
    assert (told["outcome"], told["reason"]) == ("refused", "no-sources")
    assert main(["accept", str(folder), told["draft"]]) == 3
    assert "cannot become an article" in capsys.readouterr().err


def test_the_same_question_is_not_drafted_twice_unless_told_to(folder, capsys):
    main(["draft", str(folder), QUESTION])
    first = files(folder)
    capsys.readouterr()
    assert main(["draft", str(folder), QUESTION.upper(), "--json"]) == 0
    assert said(capsys)[0]["before"] is True
    assert files(folder) == first
    assert main(["draft", str(folder), QUESTION, "--again"]) == 0
    assert files(folder) == first


@pytest.mark.parametrize(
    "settings", ["", '[layout]\nkind = "seed"\ncontent = "."\n', '[draft]\nfolder = "content/learn/new"\n']
)
def test_nothing_in_the_folder_of_drafts_is_an_article(folder, capsys, settings):
    (folder / "responsa.toml").write_text(settings)
    main(["draft", str(folder), QUESTION])
    capsys.readouterr()
    assert main(["check", str(folder), "--json"]) in {0, 1}
    assert SLUG not in capsys.readouterr().out
    assert main(["build", str(folder), "--out", str(folder.parent / "site"), "--quiet"]) == 0
    assert not [path for path in (folder.parent / "site").rglob("*") if SLUG in path.name]


def test_an_unknown_question_file_and_a_missing_question_are_usage_errors(folder, capsys):
    assert main(["draft", str(folder), "none.csv"]) == 2
    assert main(["draft", str(folder)]) == 2
    assert main(["draft", str(folder), QUESTION, "--endpoint", "http://localhost:1/v1"]) == 2
    assert "--model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([QUESTION, "--write"], "--write belongs to --revise"),
        ([QUESTION, "--forecast"], "belong to a file of questions"),
        ([QUESTION, "--limit", "3"], "belong to a file of questions"),
        ([QUESTION, "--revise", "/learn/x"], "leave `How are stoneware"),
        (["content"], "is a file or folder and no question"),
    ],
)
def test_what_cannot_be_meant_drafts_nothing(folder, capsys, monkeypatch, words, told):
    monkeypatch.chdir(folder)
    assert main(["draft", ".", *words]) == 2
    assert told in capsys.readouterr().err
    assert not (folder / "drafts").exists()


@pytest.mark.parametrize(("sign", "encoding"), [(";", "utf-8"), ("\t", "utf-16"), (",", "utf-8-sig")])
def test_a_file_of_questions_may_come_from_any_spreadsheet(tmp_path, sign, encoding):
    (tmp_path / "q.csv").write_bytes(f"No{sign}Question\n1{sign}Größe?\n{sign}\n".encode(encoding))
    assert questions(tmp_path / "q.csv") == ["Größe?"]


def test_a_file_of_questions_that_is_no_utf_8_is_told_with_its_line(tmp_path):
    (tmp_path / "q.csv").write_bytes("question\nWhy?\nGröße?\n".encode("latin-1"))
    with pytest.raises(UsageError, match=r"q\.csv:3: not UTF-8"):
        questions(tmp_path / "q.csv")


def test_every_broken_line_of_a_file_is_named_before_anything_is_drafted(folder, tmp_path, capsys):
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "How are stoneware teapots fired?"}\nnonsense\n{"question": " "}\n')
    assert main(["draft", str(folder), str(file)]) == 2
    err = capsys.readouterr().err
    assert "q.jsonl:2" in err
    assert "q.jsonl:3: the question is empty" in err
    assert not (folder / "drafts").exists()


def test_a_batch_says_what_becomes_of_each_question(folder, tmp_path, capsys):
    file = tmp_path / "q.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows(
            [["id", "question"], [1, QUESTION], [2, "Do cast iron teapots rust, and when?"],
             [3, "How is clay number 1 dug?"], [4, "Which teapots did Napoleon own?"], [5, QUESTION.lower()]]
        )  # fmt: skip
    assert main(["draft", str(folder), str(file), "--json"]) == 0
    out, err = capsys.readouterr()
    assert sorted(json.loads(line)["outcome"] for line in out.splitlines()) == [
        "asked",
        "drafted",
        "drafted",
        "refused",
    ]
    assert "2 drafted, 1 refused, 0 failed, 1 asked before, 0 drafted before." in err
    assert "Refused: 1 no-sources." in err
    assert "Scores: 2 1." in err
    assert main(["draft", str(folder), str(file)]) == 0
    assert "0 drafted, 0 refused, 0 failed, 1 asked before, 3 drafted before." in capsys.readouterr().err


def batch(tmp_path, count):
    ask = (
        "at how many degrees are stoneware teapots fired?",
        "which stoneware teapots are fired for kings and queens?",
    )
    names = [f"Teapot question {number}: {ask[number % 5 == 4]}" for number in range(count)]
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps({"question": name}) + "\n" for name in names))
    return file, names


def told(folder, names):
    return [saved(folder, path.stem)["question"] for path in (folder / "drafts").glob("*.json")], names


def test_a_batch_keeps_to_its_budget_and_goes_on_without_paying_twice(folder, tmp_path, capsys):
    file, names = batch(tmp_path, 12)
    fake = Fake()
    with serving(fake) as address:
        model = ["--endpoint", address, "--model", "m"]
        assert main(["draft", str(folder), str(file), *model, "--budget", "requests=5", "--jobs", "2"]) == 4
        err = capsys.readouterr().err
        assert "The budget ends it after about 5" in err
        assert sum(fake.asked.values()) == 5
        assert main(["draft", str(folder), str(file), *model]) == 0
    assert set(fake.asked.values()) == {1}
    assert len(fake.asked) == 12
    done, _ = told(folder, names)
    assert sorted(done) == sorted(names)


def test_a_forecast_asks_and_writes_nothing(folder, tmp_path, capsys):
    (folder / "responsa.toml").write_text("[draft]\nprice = [1.0, 2.0]\n")
    file, _ = batch(tmp_path, 8)
    fake = Fake()
    with serving(fake) as address:
        assert main(["draft", str(folder), str(file), "--endpoint", address, "--model", "m", "--forecast"]) == 0
    assert "8 to draft: about" in capsys.readouterr().err
    assert not fake.asked
    assert not (folder / "drafts").exists()


def test_an_endpoint_that_is_down_ends_the_batch_and_what_failed_is_tried_again(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("responsa.evidence.chat._PATIENCE", 0.01)
    file, names = batch(tmp_path, 20)
    down = Fake({"Teapot": lambda _: (503, {}, b"")})
    with serving(down) as address:
        assert main(["draft", str(folder), str(file), "--endpoint", address, "--model", "m", "--jobs", "1"]) == 3
        assert "in a row" in capsys.readouterr().err
    up = Fake()
    with serving(up) as address:
        assert main(["draft", str(folder), str(file), "--endpoint", address, "--model", "m"]) == 0
    assert sorted(told(folder, names)[0]) == sorted(names)


def test_one_broken_answer_fails_one_question(folder, tmp_path, capsys):
    file, _ = batch(tmp_path, 6)
    fake = Fake({"question 3": lambda _: json.dumps(answer())[:20]})
    with serving(fake) as address:
        assert main(["draft", str(folder), str(file), "--endpoint", address, "--model", "m"]) == 3
    err = capsys.readouterr().err
    assert "1 failed" in err
    assert "failed: Teapot question 3" in err


def test_a_kill_at_any_moment_loses_nothing_and_asks_nothing_twice(folder, tmp_path):
    """`bench/draft/kills.py` does it 20 times over 200 questions. Under way at a kill are at most ``jobs`` requests."""
    jobs, kills, count = 4, 4, 60
    file, names = batch(tmp_path, count)
    fake = Fake(delay=0.05)
    with serving(fake) as address:
        told_of = killed_and_finished(folder, file, address, fake, jobs=jobs, kills=kills, seed=5)
    assert told_of.returncode == 0, told_of.stderr
    done, _ = told(folder, names)
    assert sorted(done) == sorted(names)
    assert not list((folder / "drafts").glob(".*"))
    records = {path.stem for path in (folder / "drafts").glob("*.md")}
    drafts = {path.stem for path in (folder / "drafts").glob("*.json") if saved(folder, path.stem)["kind"] == "draft"}
    assert records == drafts
    assert len(fake.asked) == count
    assert sum(fake.asked.values()) - count <= kills * jobs


WRONG = (
    "Stoneware teapots are fired at about 1,820 degrees.\\n\\nQuantum dragons juggle violins nightly."
    "\\n\\n$a \\neq b$ stays."
)


def article(folder):
    file = folder / "content/learn/pottery/pot-1.md"
    file.write_text(file.read_text().replace("With a spade of the length 1.", WRONG))
    return file


def test_a_revision_is_shown_first_and_written_when_told_to_and_no_other_byte_moves(folder, capsys):
    file = article(folder)
    before = files(folder)
    assert main(["draft", str(folder), "--revise", "/learn/pottery/questions/pot-1"]) == 0
    out = capsys.readouterr().out
    assert "1,820 degrees became 1,280 degrees" in out
    assert "remove: no source carries" in out
    assert "Nothing was written" in out
    assert files(folder) == before
    held = file.read_text()
    assert main(["draft", str(folder), "--revise", "/learn/pottery/questions/pot-1", "--write"]) == 0
    capsys.readouterr()
    expected = held.replace("1,820", "1,280").replace("Quantum dragons juggle violins nightly.\\n\\n", "")
    score = json.loads((folder / "evidence/pottery/pot-1.json").read_text())["score"]
    assert file.read_text() == expected.replace("score: -1.0", f"score: {score}")
    assert files(folder).keys() - before.keys() == {"evidence/pottery/pot-1.json"}


def test_a_revision_as_json_is_edits_to_review(folder, capsys):
    article(folder)
    assert main(["draft", str(folder), "--revise", "/learn/pottery/questions/pot-1", "--json"]) == 0
    [told_of] = said(capsys)
    assert [one["means"] for one in told_of["repairs"]] == ["amount", "remove"]
    assert [one["field"] for one in told_of["edits"]] == ["answer"]
    assert told_of["written"] is False
    assert main(["draft", str(folder), "--revise", "/learn/nowhere"]) == 2


def test_an_editor_takes_some_repairs_and_leaves_others(folder, capsys):
    file = article(folder)
    revise = ["draft", str(folder), "--revise", "https://example.org/learn/pottery/questions/pot-1/"]
    (folder / "responsa.toml").write_text('[site]\nbase_url = "https://example.org"\n')
    main([*revise, "--json"])
    amount, remove = said(capsys)[0]["repairs"]
    assert main([*revise, "--only", "zzzz", "--write"]) == 2
    assert "nothing was written" in capsys.readouterr().err
    assert main([*revise, "--only", remove["mark"], "--write"]) == 0
    assert "1 of 2 repairs written" in capsys.readouterr().out
    assert "1,820" in file.read_text()
    assert "dragons" not in file.read_text()
    assert main([*revise, "--only", remove["mark"], "--write"]) == 2
    assert main([*revise, "--only", "amount", "--write"]) == 0
    assert "1,280" in file.read_text()
    assert amount["means"] == "amount"
    capsys.readouterr()


def test_an_address_with_a_slip_is_met_with_the_one_that_may_be_meant(folder, capsys):
    assert main(["draft", str(folder), "--revise", "/learn/potery/questions/pot-1"]) == 2
    assert "is content/learn/pottery/pot-1.md meant?" in capsys.readouterr().err


def test_what_was_under_way_at_a_kill_is_sent_again_or_left_out_as_told(folder, tmp_path, capsys):
    file, _ = batch(tmp_path, 3)
    fake = Fake()
    with serving(fake) as address:
        model = ["--endpoint", address, "--model", "m"]
        main(["draft", str(folder), str(file), *model, "--limit", "1"])
        with sqlite3.connect(folder / ".responsa/drafts.db") as database:
            database.execute("INSERT INTO underway SELECT key, 0 FROM answers")
            database.execute("DELETE FROM answers")
        for path in (folder / "drafts").iterdir():
            path.unlink()
        capsys.readouterr()
        assert main(["draft", str(folder), str(file), *model, "--forecast"]) == 0
        assert "1 requests were under way" in capsys.readouterr().err
        assert main(["draft", str(folder), str(file), *model, "--skip-lost"]) == 3
        assert "--skip-lost left it" in capsys.readouterr().err
        assert set(fake.asked.values()) == {1}
        assert main(["draft", str(folder), str(file), *model]) == 0
    assert sorted(fake.asked.values()) == [1, 1, 2]
    capsys.readouterr()

import json
import os
import subprocess
import sys

import pytest

from responsa.cli.app import main

ARTICLE = """---
title: How long do patients live?
question: How long do patients live?
article_title: How long do patients live?
post_on_text: Posted on
answer: >-
    Five-year survival was 37% after resection.\\n\\nThe daily dose was 12 grams of iron sulfate.
subject: Medicine
url: /learn/medicine/questions/a
score: -1.0
---

&nbsp;"""


@pytest.fixture
def folder(tmp_path):
    shelf = tmp_path / "library/content/learn/medicine"
    shelf.mkdir(parents=True)
    (shelf / "a.md").write_text(ARTICLE)
    sources = tmp_path / "library/sources"
    sources.mkdir()
    (sources / "fong.md").write_text("---\nid: fong\ntitle: Score\n---\nFive-year survival was 37% after resection.")
    (sources / "iron.txt").write_text("The daily dose was 22 grams of iron sulfate.")
    return tmp_path / "library"


def files(folder):
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and ".responsa" not in p.parts
    }


def test_a_dry_run_writes_nothing(folder, capsys):
    before = files(folder)
    assert main(["verify", str(folder)]) == 0
    assert files(folder) == before
    out = capsys.readouterr().out
    assert "differs" in out.splitlines()[0]
    assert "source says 22 grams, answer says 12 grams" in out
    assert "Nothing was written" in out


def test_verify_keeps_the_ledger_and_the_score_and_the_second_run_judges_nothing(folder, capsys):
    assert main(["verify", str(folder), "--write"]) == 0
    first = files(folder)
    assert b"score: 0.5\n" in first["content/learn/medicine/a.md"]
    assert json.loads(first["evidence/medicine/a.json"])["score"] == 0.5
    assert "2 verdicts made anew" in capsys.readouterr().out
    assert main(["verify", str(folder), "--write"]) == 0
    assert "0 verdicts made anew" in capsys.readouterr().out
    assert files(folder) == first


def test_sources_that_carry_claims_are_listed_when_told_to_and_the_rest_of_the_record_stays(folder, capsys):
    main(["verify", str(folder), "--write"])
    before = (folder / "content/learn/medicine/a.md").read_text()
    assert main(["verify", str(folder), "--cite", "--write"]) == 0
    after = (folder / "content/learn/medicine/a.md").read_text()
    assert after.replace("sources:\n  - id: fong\n    title: Score\n", "") == before
    assert main(["verify", str(folder), "--cite", "--write"]) == 0
    assert (folder / "content/learn/medicine/a.md").read_text() == after
    assert main(["build", str(folder), "--out", str(folder.parent / "site"), "--quiet"]) == 0
    page = (folder.parent / "site/learn/medicine/questions/a.html").read_text()
    assert '<li id="page-quote-1"><q>Five-year survival was 37% after resection.</q>' in page
    capsys.readouterr()


def test_verify_prints_json_of_one_article(folder, capsys):
    assert main(["verify", str(folder), "--article", "/learn/medicine/questions/a", "--json"]) == 0
    article = json.loads(capsys.readouterr().out)
    assert (article["score"], [claim["verdict"] for claim in article["claims"]]) == (0.5, ["differs", "quoted"])


def test_an_unknown_article_is_a_usage_error(folder, capsys):
    assert main(["verify", str(folder), "--article", "/none"]) == 2
    assert "no article has this address" in capsys.readouterr().err


def test_sources_are_listed_with_what_is_broken(folder, capsys):
    (folder / "sources/bad.pdf").write_bytes(b"%PDF nothing")
    assert main(["sources", "list", str(folder)]) == 3
    told = capsys.readouterr()
    assert "fong  1 passages  Score" in told.out
    assert "sources/bad.pdf: a damaged PDF" in told.err


def test_a_source_is_added_and_removed_only_when_told_to(folder, tmp_path, capsys):
    new = tmp_path / "New Note.md"
    new.write_text("---\nid: new\n---\nSome words of it.")
    assert main(["sources", "add", str(folder), str(new), str(tmp_path / "none.md")]) == 3
    told = capsys.readouterr()
    assert "would be added: new; 1 passages" in told.out
    assert "none.md: no such file" in told.err
    assert not (folder / "sources/new-note.md").exists()
    assert main(["sources", "add", str(folder), str(new), "--write"]) == 0
    assert (folder / "sources/new-note.md").exists()
    assert main(["sources", "remove", str(folder), "new", "--write"]) == 0
    assert not (folder / "sources/new-note.md").exists()


def test_pairs_are_judged_for_a_benchmark(tmp_path):
    pairs, out = tmp_path / "pairs.jsonl", tmp_path / "out.jsonl"
    pairs.write_text(
        '{"id": 1, "claim": "The dose was 12 mg of iron a day.", "evidence": "The dose was 12 mg of iron a day."}\n'
        '{"id": "b", "claim": "The dose was 12 mg of iron a day.", "evidence": ["Other.", "The dose was 15 mg of iron a day."]}\n'  # noqa: E501
    )
    assert main(["claims", "--pairs", str(pairs), "--out", str(out)]) == 0
    assert [json.loads(line)["verdict"] for line in out.read_text().splitlines()] == ["quoted", "differs"]


def test_a_broken_line_of_pairs_is_named(tmp_path, capsys):
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"id": 1}\n')
    assert main(["claims", "--pairs", str(pairs), "--out", str(tmp_path / "out")]) == 2
    assert "pairs.jsonl:1: expected id, claim and evidence" in capsys.readouterr().err


def test_two_runs_in_other_processes_give_the_same_ledger(folder):
    ledgers = []
    for seed in ("1", "2"):
        program = "import sys; from responsa.cli import main; sys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", program, "verify", str(folder), "--write"]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        ledgers.append((folder / "evidence/medicine/a.json").read_bytes())
        (folder / "evidence/medicine/a.json").unlink()
    assert ledgers[0] == ledgers[1]


def test_every_broken_line_of_pairs_is_named_and_nothing_is_written(tmp_path, capsys):
    pairs, out = tmp_path / "pairs.jsonl", tmp_path / "out.jsonl"
    out.write_text("what was there\n")
    good = '{"id": 1, "claim": "Iron rusts.", "evidence": "Iron rusts."}\n'
    pairs.write_text(f'{good}not JSON\n\n{good}{{"id": 2, "claim": " ", "evidence": []}}\n{{"id": 3, "claim": 7}}\n')
    assert main(["claims", "--pairs", str(pairs), "--out", str(out)]) == 2
    told = [line.partition("pairs.jsonl:")[2] for line in capsys.readouterr().err.splitlines()]
    assert [line.partition(":")[0] for line in told] == ["2", "4", "5", "6"]
    assert "the id 1 is that of line 1 already" in told[1]
    assert out.read_text() == "what was there\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "pairs.jsonl"]


def test_a_file_without_pairs_or_a_place_to_write_is_an_error(tmp_path, capsys):
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text("\n")
    assert main(["claims", "--pairs", str(pairs), "--out", str(tmp_path / "out")]) == 2
    assert "no pair in it" in capsys.readouterr().err
    pairs.write_text('{"id": 1, "claim": "Iron rusts.", "evidence": []}\n')
    assert main(["claims", "--pairs", str(pairs), "--out", str(tmp_path / "none/out")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main(["claims", "--pairs", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert main(["claims", "--pairs", str(pairs), "--out", str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out").read_text())["verdict"] == "none"

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from responsa.cli.app import main
from responsa.evidence.threads import Threads

RECORD = """---
question: What about number {number}?
answer: >-
    Iron number {number} weighs {number} grams.\\n\\nThe daily dose was 12 grams of iron sulfate.
subject: Medicine
url: /learn/medicine/questions/{name}
score: -1.0
---

&nbsp;"""
PROGRAM = "import sys; from responsa.cli import main; sys.exit(main(sys.argv[1:]))"


def library(folder, count):
    shelf = folder / "content/learn/medicine"
    shelf.mkdir(parents=True)
    for number in range(count):
        name = f"a{number:04d}"
        (shelf / f"{name}.md").write_text(RECORD.format(number=number, name=name))
    (folder / "sources").mkdir()
    (folder / "sources/iron.txt").write_text("The daily dose was 12 grams of iron sulfate.")
    return folder


@pytest.fixture
def folder(tmp_path):
    return library(tmp_path / "library", 5)


def ledgers(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "evidence").rglob("*.json"))}


def records(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "content").rglob("*.md"))}


def settled():
    """Until the stamps of what was written just now are trusted."""
    time.sleep(0.1)


def test_a_second_run_looks_at_nothing(folder, capsys, monkeypatch):
    assert main(["verify", str(folder), "--write"]) == 0
    first = capsys.readouterr().out
    assert "10 verdicts made anew" in first
    monkeypatch.setattr("responsa.evidence.verify.check", lambda *_, **__: pytest.fail("looked at again"))
    assert main(["verify", str(folder), "--write"]) == 0
    assert capsys.readouterr().out == first.replace("10 verdicts made anew", "0 verdicts made anew")
    assert main(["verify", str(folder), "--stale"]) == 0
    assert "0 articles, 0 claims" in capsys.readouterr().out


def test_a_run_that_prints_json_says_the_same_of_what_it_knows(folder, capsys):
    main(["verify", str(folder), "--write", "--json"])
    first = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    main(["verify", str(folder), "--write", "--json"])
    again = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["anew"] for one in first + again] == [2] * 5 + [0] * 5
    assert [{**one, "anew": 0} for one in first] == again


def test_only_the_changed_article_is_looked_at(folder, capsys):
    main(["verify", str(folder), "--write"])
    path = folder / "content/learn/medicine/a0002.md"
    path.write_text(path.read_text().replace("Iron number 2", "Copper number 2"))
    capsys.readouterr()
    main(["verify", str(folder), "--write", "--stale", "--json"])
    (one,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (one["path"], one["anew"]) == ("content/learn/medicine/a0002.md", 1)


@pytest.mark.parametrize("damage", ["delete", "{}", '{"version":1,"url":"\xff"}'])
def test_a_ledger_that_is_gone_or_changed_is_made_again(folder, damage):
    main(["verify", str(folder), "--write"])
    before = ledgers(folder)
    file = folder / "evidence/medicine/a0003.json"
    file.unlink() if damage == "delete" else file.write_text(damage, encoding="latin-1")
    assert main(["verify", str(folder), "--write"]) == 0
    assert ledgers(folder) == before


def test_after_a_new_source_the_ledgers_are_those_of_a_library_that_always_had_it(folder, tmp_path):
    main(["verify", str(folder), "--write"])
    other = library(tmp_path / "other", 5)
    for one in (folder, other):
        (one / "sources/copper.txt").write_text("Number 3 weighs less than all others.")
        main(["verify", str(one), "--write"])
    assert ledgers(folder) == ledgers(other)
    assert records(folder) == records(other)
    assert b"copper#" in ledgers(folder)["a0003.json"]


def test_a_damaged_memory_is_made_anew(folder, capsys):
    main(["verify", str(folder), "--write"])
    before = ledgers(folder)
    (folder / ".responsa/verified.db").write_bytes(b"no database" * 1000)
    capsys.readouterr()
    assert main(["verify", str(folder), "--write"]) == 0
    assert "0 verdicts made anew" in capsys.readouterr().out
    assert ledgers(folder) == before


def test_limit_goes_on_where_it_ended(folder, capsys):
    for done in (2, 4, 5):
        main(["verify", str(folder), "--write", "--limit", "2"])
        assert len(ledgers(folder)) == done
        settled()
    assert "0 verdicts" not in capsys.readouterr().out


def test_an_article_that_changes_meanwhile_keeps_its_score_for_the_next_run(folder, monkeypatch):
    path = folder / "content/learn/medicine/a0001.md"

    def changed(*arguments, **more):
        path.write_text(path.read_text().replace("12 grams", "13 grams"))
        return arguments and CHECK(*arguments, **more)

    from responsa.evidence import verify as stage  # noqa: PLC0415

    CHECK = stage.check  # noqa: N806
    monkeypatch.setattr(stage, "check", changed)
    main(["verify", str(folder), "--write", "--article", "content/learn/medicine/a0001.md"])
    assert b"score: -1.0" in path.read_bytes()
    monkeypatch.setattr(stage, "check", CHECK)
    main(["verify", str(folder), "--write"])
    assert b"score: 0.0\n" in path.read_bytes()


def test_a_broken_source_is_told_and_stops_nothing(folder, capsys):
    (folder / "sources/bad.pdf").write_bytes(b"%PDF nothing")
    assert main(["verify", str(folder)]) == 0
    assert "sources/bad.pdf: a damaged PDF" in capsys.readouterr().err


def test_a_file_that_is_no_article_is_told(folder, capsys):
    (folder / "content/learn/medicine/bad.md").write_text("no front matter")
    assert main(["verify", str(folder), "--write"]) == 3
    told = capsys.readouterr()
    assert "content/learn/medicine/bad.md: line 1" in told.err
    assert "5 articles" in told.out


def test_a_subject_is_known_by_any_spelling_and_an_unknown_one_is_an_error(folder, capsys):
    assert main(["verify", str(folder), "--subject", "medicine"]) == 0
    assert "5 articles" in capsys.readouterr().out
    assert main(["verify", str(folder), "--subject", "Medcine"]) == 2
    assert "no article has this subject; known are Medicine" in capsys.readouterr().err


def test_two_writers_do_not_meet(folder, capsys):
    from responsa.library.lock import lock  # noqa: PLC0415

    with lock(folder, "verify.lock"):
        assert main(["verify", str(folder), "--write"]) == 3
        assert "another command" in capsys.readouterr().err
        assert main(["verify", str(folder)]) == 0


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_at_any_moment_goes_on_where_it_ended(tmp_path, blow):
    whole = library(tmp_path / "whole", 270)
    main(["verify", str(whole), "--write"])
    folder = library(tmp_path / "library", 270)
    seen, ended = [0], []
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "verify", str(folder), "--write", "--queue", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        while process.poll() is None and len(list(folder.glob("evidence/*/*.json"))) < seen[-1] + 20:
            time.sleep(0.005)
        if process.poll() is None:
            os.killpg(process.pid, blow)
        _, err = process.communicate()
        assert b"Traceback" not in err
        ended.append(process.returncode)
        kept = ledgers(folder)
        assert all(data == ledgers(whole)[name] for name, data in kept.items())
        seen.append(len(kept))
    assert seen == sorted(seen)
    # On a busy machine a later run may be done before the blow falls.
    assert ended[0] == (-signal.SIGKILL if blow == signal.SIGKILL else 130)
    assert set(ended) <= {ended[0], 0}
    assert main(["verify", str(folder), "--write"]) == 0
    assert ledgers(folder) == ledgers(whole)
    assert records(folder) == records(whole)


def test_one_process_or_many_and_any_order_of_sets_give_the_same_bytes(tmp_path):
    made = []
    for seed, many in (("1", 0), ("2", 10_000)):
        folder = library(tmp_path / seed, 20)
        program = f"import sys; import responsa.cli.verify as v; v.MANY = {many}; {PROGRAM}"
        command = [sys.executable, "-c", program, "verify", str(folder), "--write"]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        made.append((ledgers(folder), records(folder)))
    assert made[0] == made[1]


def test_threads_keep_the_order_and_raise_what_a_shard_raises():
    def stage(shard):
        time.sleep(0.01 * (5 - shard))
        if shard == 4:
            raise ValueError("four")
        return shard

    found = Threads(3).map(stage, range(6))
    assert [next(found) for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="four"):
        next(found)

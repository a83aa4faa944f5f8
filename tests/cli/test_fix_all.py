import datetime
import json
import subprocess

import pytest

from fake_encoder import FakeEncoder
from library_folder import REFUSAL, address, put
from responsa.check.check import check
from responsa.cli import relating
from responsa.cli.app import main
from responsa.errors import EditError
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.repair import work
from responsa.repair.journal import runs
from responsa.repair.rules import RULES

LONG = "A description that goes on and on without an end in sight, " * 4
MENDED = {name for rule in RULES.values() if rule.usual for name in rule.clears}


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "liver", links=[address("gone"), address("spleen"), address("spleen"), address("liver")])
    put(tmp_path, "spleen", subject="medicine", more=f"seo:\n  page_description: {LONG}\n")
    put(tmp_path, "heart", question="What is the heart?", answer="A hollow muscle that moves the blood around.")
    put(tmp_path, "heart2", question="What is the heart?", answer="A hollow muscle that moves the blood around.")
    put(tmp_path, "kidney", answer=REFUSAL, links=[address("heart2")])
    return tmp_path


def records(folder):
    return {path.name: path.read_bytes() for path in (folder / "content").rglob("*") if path.is_file()}


def problems(folder, today):
    with refresh(read(folder)) as catalogue:
        return {problem.rule for problem in check(read(folder), catalogue, today)}


def git(folder, *words):
    done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def kept(folder):
    """In Git."""
    git(folder, "init", "--quiet")
    git(folder, "config", "user.name", "Editor")
    git(folder, "config", "user.email", "editor@example.org")
    git(folder, "add", "content")
    git(folder, "commit", "--quiet", "-m", "before")
    return folder


def test_without_a_rule_everything_with_one_right_answer_is_shown_a_line_a_rule(folder, capsys):
    before = records(folder)
    assert main(["fix", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "spellings: subjects in their usual spelling: 1 field to change in 1 file" in out
    assert "copies: articles that repeat another word for word become one: 1 field to change in 1 file, 1 files" in out
    assert "\nrelated: " not in out
    assert "+    " in out
    assert "-subject: medicine" in out
    assert records(folder) == before


def test_after_it_check_finds_nothing_of_what_has_one_right_answer(folder):
    today = datetime.date(2026, 1, 1)
    found = problems(folder, today) & MENDED
    assert {"link-dangling", "link-doubled", "link-self", "subject-spelling", "repeated-id"} <= found
    assert {"description-long", "description-missing"} <= found
    assert main(["fix", str(folder), "--write"]) == 0
    assert problems(folder, today) & MENDED == set()
    assert "repeated-question" not in problems(folder, today)
    after = records(folder)
    assert main(["fix", str(folder), "--write"]) == 0
    assert records(folder) == after


def test_undo_restores_every_byte_run_by_run(folder, capsys):
    before = records(folder)
    assert main(["fix", str(folder), "--rule", "spellings", "--write"]) == 0
    between = records(folder)
    assert main(["fix", str(folder), "--write"]) == 0
    assert len({"heart.md", "heart2.md"} & records(folder).keys()) == 1
    assert main(["fix", str(folder), "--undo"]) == 0
    assert records(folder) == between
    assert "1 earlier run can be taken back" in capsys.readouterr().out
    assert main(["fix", str(folder), "--undo"]) == 0
    assert records(folder) == before
    assert main(["fix", str(folder), "--undo"]) == 2
    assert "there is no run" in capsys.readouterr().err


def test_undo_refuses_where_a_file_was_changed_since_and_names_it(folder, capsys):
    assert main(["fix", str(folder), "--write"]) == 0
    path = folder / "content/learn/medicine/spleen.md"
    path.write_bytes(path.read_bytes() + b"\n")
    after = records(folder)
    assert main(["fix", str(folder), "--undo"]) == 3
    assert "content/learn/medicine/spleen.md" in capsys.readouterr().err
    assert records(folder) == after


def test_undo_stands_alone(folder, capsys):
    assert main(["fix", str(folder), "--undo", "--write"]) == 2
    assert "stands alone" in capsys.readouterr().err


def test_in_git_each_rule_is_a_commit_with_its_reason_and_undo_is_one_more(kept):
    before = records(kept)
    assert main(["fix", str(kept), "--write"]) == 0
    subjects = git(kept, "log", "--format=%s").splitlines()
    assert f"Mend: {RULES['spellings'].title}" in subjects
    assert f"Mend: {RULES['copies'].title}" in subjects
    body = git(kept, "log", "--format=%b", f"--grep={RULES['spellings'].title}")
    assert RULES["spellings"].why in body
    assert "1 field changed in 1 file, by `responsa fix --rule spellings`." in body
    assert git(kept, "status", "--porcelain") == ""
    assert main(["fix", str(kept), "--undo"]) == 0
    assert records(kept) == before
    assert git(kept, "log", "-1", "--format=%s").startswith("Take back repairs: ")
    assert git(kept, "status", "--porcelain") == ""
    assert git(kept, "diff", "HEAD", git(kept, "rev-list", "--max-parents=0", "HEAD").strip()) == ""


def test_repairs_are_not_mixed_with_changes_that_are_not_committed(kept, capsys):
    path = kept / "content/learn/medicine/spleen.md"
    path.write_bytes(path.read_bytes().replace(b"answer** to", b"reply** to"))
    dirty = records(kept)
    assert main(["fix", str(kept), "--write"]) == 3
    error = capsys.readouterr().err
    assert "spleen.md" in error
    assert "--uncommitted" in error
    assert records(kept) == dirty
    assert main(["fix", str(kept), "--rule", "copies", "--write"]) == 0
    assert main(["fix", str(kept), "--write", "--uncommitted"]) == 0
    assert git(kept, "status", "--porcelain") == ""


def test_an_interrupted_run_is_committed_as_far_as_it_came_and_taken_back_as_one(kept, monkeypatch):
    before = records(kept)
    monkeypatch.setattr(work, "BATCH", 1)
    real, calls = work.write, []

    def interrupted(library, changes):
        calls.append(changes)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(library, changes)

    monkeypatch.setattr(work, "write", interrupted)
    assert main(["fix", str(kept), "--rule", "descriptions", "--write"]) == 130
    assert git(kept, "status", "--porcelain") == ""
    monkeypatch.setattr(work, "write", real)
    assert main(["fix", str(kept), "--write"]) == 0
    assert len(runs(kept)) == 1
    assert main(["fix", str(kept), "--undo"]) == 0
    assert records(kept) == before


def test_files_that_cannot_be_read_are_told_and_left(folder, capsys):
    (folder / "content/learn/medicine/broken.md").write_text("---\na: [\n---\n")
    assert main(["fix", str(folder), "--rule", "spellings", "--write"]) == 3
    captured = capsys.readouterr()
    assert "broken.md" in captured.err
    assert "1 file could not be read" in captured.err
    assert "1 field changed in 1 file" in captured.out


def test_a_file_that_cannot_be_edited_is_left_alone_and_told(folder, monkeypatch, capsys):
    real = work.apply

    def apply(library, edits, find):
        if any(edit.url == address("spleen") for edit in edits):
            raise EditError("spleen.md: cannot be changed without touching more")
        return real(library, edits, find)

    monkeypatch.setattr(work, "apply", apply)
    assert main(["fix", str(folder), "--rule", "descriptions", "--write"]) == 3
    captured = capsys.readouterr()
    assert "left as it is: spleen.md" in captured.err
    assert "4 fields changed in 4 files" in captured.out


def test_several_rules_are_done_in_the_order_of_the_table(folder, capsys):
    assert main(["fix", str(folder), "--rule", "links", "--rule", "spellings", "--json"]) == 0
    rules = [json.loads(line)["rule"] for line in capsys.readouterr().out.splitlines()]
    assert rules == ["spellings", "links", "links"]


def test_a_subject_and_a_most_limit_every_rule(folder, capsys):
    put(folder, "art", subject="Art")
    assert main(["fix", str(folder), "--rule", "descriptions", "--subject", "Art"]) == 0
    assert "1 field to change in 1 file" in capsys.readouterr().out
    assert main(["fix", str(folder), "--rule", "descriptions", "--max", "2"]) == 0
    assert "2 fields to change in 2 files" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["related", "duplicates"])
def test_other_commands_tell_of_unreadable_files_too_do_the_rest_and_end_with_3(folder, command, monkeypatch, capsys):
    monkeypatch.setattr(relating, "encoder_of", lambda _: FakeEncoder())
    for name in ("broken", "broken2", "broken3", "broken4"):
        (folder / "content/learn/medicine" / f"{name}.md").write_text("---\na: [\n---\n")
    assert main([command, str(folder)]) == 3
    captured = capsys.readouterr()
    assert "broken.md:" in captured.err
    assert "4 files could not be read" in captured.err
    assert "heart" in captured.out

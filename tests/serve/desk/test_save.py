import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest
from desk_library import committed, run

from library_folder import address, put
from responsa.article import Edit, Url
from responsa.errors import EditError, GitError, LockedError
from responsa.library import git
from responsa.library.create import New
from responsa.library.git import Author
from responsa.library.library import apply, read
from responsa.library.lock import lock
from responsa.library.remove import Removal
from responsa.serve.desk import save
from responsa.serve.desk.save import OUTSIDE, Proposal, at_start, carry_out
from responsa.serve.desk.undo import undo

ANN = Author("Ann Editor", "ann@example.org")
A = PurePosixPath("content/learn/medicine/a.md")
B = PurePosixPath("content/learn/medicine/b.md")
TIMES = 6
"""Kills in this test; `bench/serve/kill_saves.py` does fifty."""


@pytest.fixture
def library(tmp_path):
    put(tmp_path, "a")
    put(tmp_path, "b")
    return read(committed(tmp_path))


def edit(library, answer, name="a"):
    edits = [Edit(Url(address(name)), "answer", answer, "a typo")]
    return Proposal("edit", f"Edit: {name}", tuple(apply(library, edits)))


def test_a_save_is_one_commit_of_its_file_by_its_editor(library):
    saved = carry_out(library, edit(library, "New words."), ANN)
    assert git.changed(library.folder, saved.id) == [A]
    newest = git.log(library.folder)[0]
    assert (newest.author, newest.subject) == (ANN, "Edit: a")
    assert "- answer: a typo" in newest.message
    assert run(library.folder, "status", "--porcelain") == ""


def test_what_others_left_in_the_file_is_a_commit_of_its_own(library):
    (library.folder / A).write_text((library.folder / A).read_text().replace("**answer**", "solution"))
    saved = carry_out(library, edit(library, "New words."), ANN)
    newest, outside = git.log(library.folder)[:2]
    assert (newest.id, newest.author) == (saved.id, ANN)
    assert (outside.subject, outside.author.name) == (OUTSIDE, "Somebody Else")


def test_other_changes_of_the_folder_stay_as_they_are(library):
    (library.folder / B).write_text((library.folder / B).read_text() + "\n")
    carry_out(library, edit(library, "New words."), ANN)
    assert run(library.folder, "status", "--porcelain").split() == ["M", str(B)]


def test_undoing_is_a_new_commit_and_the_bytes_of_before(library):
    before = (library.folder / A).read_bytes()
    saved = carry_out(library, edit(library, "New words."), ANN)
    undone = carry_out(library, undo(library, saved.id), ANN)
    assert (library.folder / A).read_bytes() == before
    assert git.log(library.folder)[0].subject == "Undo: Edit: a"
    again = carry_out(library, undo(library, undone.id), ANN)
    assert b"New words." in (library.folder / A).read_bytes()
    assert again.id


def test_undoing_brings_removed_files_back_and_takes_new_ones_away(library):
    new = PurePosixPath("content/learn/medicine/new.md")
    gone = Removal(B, library.data(B))
    saved = carry_out(library, Proposal("merge", "m", new=(New(new, b"---\nurl: /x\n---\n"),), gone=(gone,)), ANN)
    assert not (library.folder / B).exists()
    carry_out(library, undo(library, saved.id), ANN)
    assert (library.folder / B).read_bytes() == gone.before
    assert not (library.folder / new).exists()
    assert run(library.folder, "status", "--porcelain") == ""


def test_what_was_changed_since_is_not_undone(library):
    saved = carry_out(library, edit(library, "New words."), ANN)
    carry_out(library, edit(library, "Newer words."), ANN)
    with pytest.raises(EditError, match="changed since"):
        undo(library, saved.id)


def test_only_what_the_desk_did_is_undone_here(library):
    with pytest.raises(EditError, match="with Git"):
        undo(library, git.head(library.folder))
    for name in ("0" * 40, "HEAD", "--all", "../../x"):
        with pytest.raises((EditError, save.GitError)):
            undo(library, name)


def test_without_git_a_save_is_undone_from_what_was_kept(tmp_path):
    put(tmp_path, "a")
    library = read(tmp_path)
    before = (tmp_path / A).read_bytes()
    saved = carry_out(library, edit(library, "New words."), ANN)
    assert saved.id
    carry_out(library, undo(library, saved.id), ANN)
    assert (tmp_path / A).read_bytes() == before


def test_a_file_that_changed_meanwhile_is_left_alone_and_nothing_is_noted(library):
    proposal = edit(library, "New words.")
    (library.folder / A).write_text("somebody was quicker")
    with pytest.raises(EditError, match="meanwhile"):
        carry_out(library, proposal, ANN)
    assert (library.folder / A).read_text() == "somebody was quicker"
    assert save._notes(library) == []


def test_a_later_file_that_cannot_be_written_takes_the_earlier_ones_back(library):
    first = edit(library, "New words.").changes[0]
    late = Removal(PurePosixPath("content/learn/medicine/none.md"), b"x")
    with pytest.raises(EditError):
        carry_out(library, Proposal("merge", "m", (first,), gone=(late,)), ANN)
    assert (library.folder / A).read_bytes() == first.before
    assert save._notes(library) == []


def test_a_library_that_another_command_holds_is_waited_for_then_told(library, monkeypatch):
    monkeypatch.setattr(save, "TRIES", 2)
    monkeypatch.setattr(save, "PAUSE", 0.01)
    with lock(library.folder), pytest.raises(LockedError):
        carry_out(library, edit(library, "New words."), ANN)
    assert save._notes(library) == []


def test_what_a_killed_process_wrote_is_committed_at_the_next_start(library):
    proposal = edit(library, "New words.")
    save._noted(library, save._note(library, proposal, ANN))
    save.write(library, proposal.changes)
    (committed_id,) = at_start(read(library.folder))
    assert git.log(library.folder)[0].author == ANN
    assert git.changed(library.folder, committed_id) == [A]
    assert at_start(library) == []


def test_a_killed_process_that_wrote_nothing_leaves_nothing_to_commit(library):
    save._noted(library, save._note(library, edit(library, "New words."), ANN))
    assert at_start(library) == []
    assert save._notes(library) == []


def test_half_a_save_of_several_files_says_so(library):
    edits = [Edit(Url(address(name)), "answer", "New.", "r") for name in "ab"]
    proposal = Proposal("batch", "Both", tuple(apply(library, edits)))
    save._noted(library, save._note(library, proposal, ANN))
    save.write(library, proposal.changes[:1])
    at_start(library)
    assert "Interrupted: 1 of 2 files" in git.log(library.folder)[0].message


def test_a_lock_that_a_killed_git_left_is_removed_and_an_older_one_is_not(library):
    proposal = edit(library, "New words.")
    index = library.folder / ".git" / "index.lock"
    index.touch()
    old = time.time() - 3600
    os.utime(index, (old, old))
    save._noted(library, save._note(library, proposal, ANN))
    save.release(library.folder, time.time())
    assert index.exists(), "somebody else's"
    index.unlink()
    save.write(library, proposal.changes)
    index.touch()
    (library.folder / ".git" / "HEAD.lock").touch()
    assert at_start(library)
    assert not index.exists()
    run(library.folder, "fsck", "--strict")


def test_what_a_killed_write_left_half_done_is_swept_away(library):
    save._noted(library, save._note(library, edit(library, "New words."), ANN))
    half = (library.folder / A).with_name(".a.md.abc123.tmp")
    half.write_text("half")
    at_start(library)
    assert not half.exists()


def test_when_git_refuses_the_words_are_kept_and_committed_later(library):
    hook = library.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf '\\033[31mno commits today\\033[0m' >&2\nexit 1\n")
    hook.chmod(0o755)
    saved = carry_out(library, edit(library, "New words."), ANN)
    assert "git commit: no commits today" in saved.trouble
    assert "\x1b" not in saved.trouble
    assert b"New words." in library.data(A)
    with pytest.raises(GitError, match=r"nothing was written now.* no commits today"):
        carry_out(library, edit(library, "Newer words."), ANN)
    assert b"New words." in library.data(A)
    hook.unlink()
    assert at_start(library)
    assert git.log(library.folder)[0].author == ANN


SAVER = """
import sys
from pathlib import Path, PurePosixPath
from responsa.library.library import Change, read
from responsa.library.git import Author
from responsa.serve.desk.save import Proposal, carry_out
library = read(Path(sys.argv[1]))
path = PurePosixPath("content/learn/medicine/a.md")
before = library.data(path)
print("ready", flush=True)
change = Change(path, before, before.replace(b"0", b"1") + b"\\n", ())
carry_out(library, Proposal("edit", "Edit: a", (change,)), Author("Ann", "a@b.c"))
"""


@pytest.mark.parametrize("turn", range(TIMES))
def test_a_save_killed_at_any_moment_leaves_the_old_or_the_new_words_and_a_sound_git(library, turn):
    before = library.data(A)
    after = before.replace(b"0", b"1") + b"\n"
    killed_while_saving(library.folder, random.Random(turn).uniform(0, 0.25))
    assert library.data(A) in {before, after}
    at_start(read(library.folder))
    run(library.folder, "fsck", "--strict")
    assert run(library.folder, "status", "--porcelain") == ""
    assert library.data(A) in {before, after}
    saved = carry_out(library, edit(library, "And it goes on."), ANN)
    assert saved.id
    assert not saved.trouble


def killed_while_saving(folder: Path, seconds: float) -> None:
    """With all the processes it started, as a service manager kills them."""
    process = subprocess.Popen(
        [sys.executable, "-c", SAVER, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()

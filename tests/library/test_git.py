import subprocess
from pathlib import PurePosixPath

import pytest

from responsa.errors import GitError
from responsa.library import git
from responsa.library.git import Author, changed, changed_files, commit, content, head, is_clean, is_kept, log

A, B = PurePosixPath("content/a.md"), PurePosixPath("content/b.md")
EDITOR = Author("Ann <Editor>", "ann@example.org")


def run(folder, *words):
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("EMAIL", "")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path):
    """A library in a folder of its repository, with two files committed."""
    inner = tmp_path / "repository" / "library"
    (inner / "content").mkdir(parents=True)
    run(tmp_path, "init", "--quiet", "repository")
    (inner / A).write_text("a\n")
    (inner / B).write_text("b\n")
    assert commit(inner, [A, B], "first", EDITOR)
    return inner


def test_a_commit_holds_only_the_named_paths_and_leaves_the_stage_alone(folder):
    (folder / A).write_text("a2\n")
    (folder / B).write_text("b2\n")
    run(folder, "add", "content/b.md")
    made = commit(folder, [A], "edit a", EDITOR)
    assert changed(folder, made) == [A]
    assert run(folder, "diff", "--cached", "--name-only").split() == ["library/content/b.md"]


def test_new_and_removed_files_are_committed(folder):
    new = PurePosixPath("content/new ☃ [x].md")
    (folder / new).write_text("n\n")
    (folder / A).unlink()
    made = commit(folder, [A, new], "both", EDITOR)
    assert changed(folder, made) == sorted([A, new])
    assert content(folder, made, A) is None
    assert content(folder, made, A, before=True) == b"a\n"
    assert content(folder, made, new) == b"n\n"


def test_the_author_is_named_and_can_say_nothing_else(folder):
    (folder / A).write_text("a2\n")
    commit(folder, [A], "-m evil\n\n# kept\n", Author("Eve\nCommitter: root <r>", "e>\n@x"))
    (newest,) = log(folder, A, 1)
    assert newest.author == Author("Eve Committer: root r", "e @x")
    assert newest.message == "-m evil\n\n# kept"
    assert newest.subject == "-m evil"


def test_nothing_changed_is_no_commit(folder):
    before = head(folder)
    assert commit(folder, [A], "nothing") is None
    assert head(folder) == before


def test_without_anybodys_name_responsa_commits(folder):
    (folder / A).write_text("a2\n")
    assert commit(folder, [A], "mend")
    assert log(folder)[0].author.name == "Responsa"


def test_git_settings_name_the_author_where_nobody_is_given(folder):
    run(folder, "config", "user.name", "Configured")
    run(folder, "config", "user.email", "c@example.org")
    (folder / A).write_text("a2\n")
    commit(folder, [A], "mend")
    assert log(folder)[0].author == Author("Configured", "c@example.org")


def test_outside_a_work_tree_there_is_no_commit(tmp_path):
    (tmp_path / "a.md").write_text("a")
    assert not is_kept(tmp_path)
    assert commit(tmp_path, [PurePosixPath("a.md")], "x") is None
    assert head(tmp_path) is None
    assert log(tmp_path) == []


def test_a_folder_that_git_ignores_is_not_kept(folder):
    (folder / ".gitignore").write_text("inner/\n")
    (folder / "inner").mkdir()
    assert not is_kept(folder / "inner")


def test_changed_files_are_told_also_where_they_are_new(folder):
    assert is_clean(folder, [A, B])
    (folder / B).write_text("b2\n")
    (folder / "content/c.md").write_text("c\n")
    assert changed_files(folder, [A, B, PurePosixPath("content/c.md")]) == [B, PurePosixPath("content/c.md")]


def test_a_hook_that_refuses_is_told_in_its_own_words(folder):
    hook = folder.parent / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho not on a Friday >&2\nexit 1\n")
    hook.chmod(0o755)
    (folder / A).write_text("a2\n")
    with pytest.raises(GitError, match="not on a Friday"):
        commit(folder, [A], "mend", EDITOR)
    assert (folder / A).read_text() == "a2\n"


@pytest.mark.parametrize("word", ["HEAD", "--output=x", "main", "", "abc", "0123456;"])
def test_only_an_id_names_a_commit(folder, word):
    with pytest.raises(GitError, match="no commit's id"):
        changed(folder, word)


def test_a_machine_without_git_keeps_nothing(folder, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert not is_kept(folder)
    with pytest.raises(GitError, match="not installed"):
        git._git(folder, "status")

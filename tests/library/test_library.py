import os
import stat
from pathlib import PurePosixPath

import pytest

from responsa.article import ABSENT, Edit
from responsa.errors import EditError, LockedError, UnreadableError, UsageError
from responsa.library import library as libraries
from responsa.library.catalogue import refresh
from responsa.library.library import Change, apply
from responsa.library.lock import lock
from responsa.library.write import write

A = "/learn/medicine/questions/a"
PATH = PurePosixPath("content/learn/medicine/a.md")


def rescored(library):
    return apply(library, [Edit(A, "score", 0.5, "checked")])


def test_articles_come_in_order_of_their_paths(library):
    assert [article.url[-1] for article in library.articles()] == ["a", "b", "c"]


def test_a_file_that_is_no_record_never_stops_the_others(library):
    (library.folder / "content/learn/medicine/b.md").write_text("no front matter")
    kinds = [type(entry) for entry in library.entries()]
    assert kinds.count(UnreadableError) == 1
    assert len(list(library.articles())) == 2


def test_hidden_files_links_and_published_sites_are_no_articles(library):
    shelf = library.folder / "content/learn/medicine"
    (shelf / ".a.md.tmp").write_text("x")
    (shelf / ".hidden.md").write_text("x")
    (shelf / "link.md").symlink_to(shelf / "a.md")
    (shelf / "site").mkdir()
    (shelf / "site/.responsa-site").write_text("x")
    (shelf / "site/page.md").write_text("x")
    assert len(library.paths()) == 3


def test_plain_markdown_gets_its_address_subject_and_question_from_its_place(tmp_path):
    shelf = tmp_path / "content/health-studies"
    shelf.mkdir(parents=True)
    (shelf / "2024-01-02-what-is-it.md").write_text("---\nauthor: A\n---\n# What is it?\n\nX\n")
    article = next(libraries.read(tmp_path).articles())
    assert (article.url, article.subject) == ("/health-studies/what-is-it", "Health studies")
    assert article.question == "What is it?"


def test_a_missing_folder_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        libraries.read(tmp_path / "none")


def test_applying_writes_nothing_and_changes_one_line(library):
    (change,) = rescored(library)
    assert (library.folder / PATH).read_bytes() == change.before
    lines = zip(change.before.splitlines(), change.after.splitlines(), strict=True)
    assert [pair for pair in lines if pair[0] != pair[1]] == [(b"score: -1.0", b"score: 0.5")]


def test_an_edit_of_no_article_is_refused(library):
    with pytest.raises(EditError, match="no article"):
        apply(library, [Edit("/none", "score", ABSENT, "x")])


def test_written_files_keep_their_mode_and_leave_nothing_beside_them(library):
    file = library.folder / PATH
    file.chmod(0o640)
    before = set(file.parent.iterdir())
    assert write(library, rescored(library)) == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert set(file.parent.iterdir()) == before
    assert b"score: 0.5" in file.read_bytes()


def test_nothing_is_written_when_one_file_was_changed_meanwhile(library):
    edits = [Edit(A, "score", 0.5, "x"), Edit("/learn/medicine/questions/b", "score", 0.5, "x")]
    changes = apply(library, edits)
    other = library.folder / "content/learn/medicine/b.md"
    other.write_text(other.read_text().replace("answer to b", "answer to B"))
    with pytest.raises(EditError, match=r"b\.md: was changed meanwhile"):
        write(library, changes)
    assert b"score: -1.0" in (library.folder / PATH).read_bytes()


def test_a_path_that_a_link_leads_out_of_the_library_is_refused(library, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.md").write_bytes(b"mine")
    (library.folder / "out").symlink_to(outside)
    for path in (PurePosixPath("out/a.md"), PurePosixPath("../x.md"), PurePosixPath(outside / "a.md")):
        with pytest.raises(EditError):
            write(library, [Change(path, b"mine", b"stolen", ())])
    assert (outside / "a.md").read_bytes() == b"mine"


def test_a_second_writer_is_told_to_wait(library):
    changes = rescored(library)
    with lock(library.folder), pytest.raises(LockedError, match="another command"):
        write(library, changes)


def test_a_full_disk_leaves_the_file_whole(library, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    changes = rescored(library)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EditError, match="No space left"):
        write(library, changes)
    assert (library.folder / PATH).read_bytes() == changes[0].before
    assert len(list((library.folder / PATH).parent.iterdir())) == 3


def test_sources_and_ledgers_of_a_bare_folder_are_no_articles(tmp_path):
    for name in ("medicine/a.md", "sources/note.md", "evidence/medicine/b.md", "medicine/sources/c.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("---\ntitle: Q?\n---\nAn answer.\n")
    library = libraries.read(tmp_path)
    assert [str(path) for path in library.paths()] == ["medicine/a.md", "medicine/sources/c.md"]
    assert library.stat(PurePosixPath("medicine/a.md"))
    assert library.stat(PurePosixPath("sources/note.md")) is None


def test_a_file_beside_the_articles_is_none_of_them(library):
    (library.folder / "README.md").write_text("# About")
    assert library.stat(PurePosixPath("README.md")) is None
    with refresh(library) as before, refresh(library, touched=[PurePosixPath("README.md")]) as after:
        assert (after.count(), after.stamp) == (3, before.stamp)


def test_a_name_that_is_no_utf8_is_one_problem_among_others(tmp_path):
    (tmp_path / "good.md").write_text("---\ntitle: Why?\n---\n\nSo.\n")
    wrong, folder = tmp_path / os.fsdecode(b"caf\xe9.md"), tmp_path / os.fsdecode(b"d\xe9")
    wrong.write_text("---\ntitle: How?\n---\n\nThus.\n")
    folder.mkdir()
    (tmp_path / os.fsdecode(b"d\xe9.png")).write_bytes(b"no article, and so no problem")

    with refresh(libraries.read(tmp_path)) as catalogue:
        assert [(str(file.path), file.problem) for file in catalogue.unreadable()] == [
            (r"caf\xe9.md", "the name is not UTF-8; rename it"),
            (r"d\xe9", "the name is not UTF-8; rename it: nothing in this folder is read"),
        ]
        assert [card.file for card in catalogue.cards()] == ["good.md"]
    wrong.rename(tmp_path / "cafe.md")
    folder.rmdir()
    with refresh(libraries.read(tmp_path)) as catalogue:
        assert not list(catalogue.unreadable())
        assert [card.file for card in catalogue.cards(by="path")] == ["cafe.md", "good.md"]


def test_a_name_that_is_no_utf8_is_found_and_healed_where_nothing_else_changed(tmp_path):
    (tmp_path / "good.md").write_text("---\ntitle: Why?\n---\n\nSo.\n")
    refresh(libraries.read(tmp_path)).close()
    wrong = tmp_path / os.fsdecode(b"caf\xe9.md")
    wrong.write_text("# Why?\n")
    with refresh(libraries.read(tmp_path)) as catalogue:
        assert [str(file.path) for file in catalogue.unreadable()] == [r"caf\xe9.md"]
    with refresh(libraries.read(tmp_path), touched=[PurePosixPath(wrong.name)]) as catalogue:
        assert [str(file.path) for file in catalogue.unreadable()] == [r"caf\xe9.md"]
    wrong.unlink()
    with refresh(libraries.read(tmp_path), touched=[PurePosixPath("good.md")]) as catalogue:
        assert [str(file.path) for file in catalogue.unreadable()] == [r"caf\xe9.md"], "nobody looked"
    with refresh(libraries.read(tmp_path)) as catalogue:
        assert not list(catalogue.unreadable())


def test_a_ledger_whose_name_is_no_utf8_is_no_articles_ledger(library):
    (library.folder / "evidence/medicine").mkdir(parents=True)
    (library.folder / "evidence/medicine" / os.fsdecode(b"caf\xe9.json")).write_text("{}")
    with refresh(library) as catalogue:
        assert catalogue.count() == 3


def test_a_ledger_that_is_a_pipe_is_none_and_never_waited_for(library):
    (library.folder / "evidence/medicine").mkdir(parents=True)
    os.mkfifo(library.folder / "evidence/medicine/a.json")
    assert library.evidence(PATH) == b""


def test_derived_files_stay_out_of_git_also_where_a_kill_came_between(library):
    (library.folder / ".responsa").mkdir(exist_ok=True)
    (library.folder / ".responsa/.gitignore").unlink(missing_ok=True)
    refresh(library).close()
    assert (library.folder / ".responsa/.gitignore").read_text() == "*\n"

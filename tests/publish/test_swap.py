import os

import pytest

from responsa.errors import UsageError
from responsa.publish import swap
from responsa.publish.claim import claim
from responsa.publish.folder import Folder, settle


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def make(folder, mark, **files):
    with Folder(folder) as into:
        for name, text in files.items():
            into.write(f"{name}.html", text.encode())
    swap.set_mark(folder, mark)


def test_show_exchanges_the_twin_and_the_live_site(tmp_path):
    out = tmp_path / "site"
    make(out, "one", a="old")
    make(swap.twin_of(out), "two", a="new")
    swap.show(out)
    assert (out / "a.html").read_text() == "new"
    assert (swap.twin_of(out) / "a.html").read_text() == "old"
    assert swap.mark_of(out) == "two"


def test_the_first_site_leaves_no_twin(tmp_path):
    out = tmp_path / "site"
    make(swap.twin_of(out), "one", a="new")
    swap.show(out)
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_two_renames_do_the_same_where_folders_cannot_be_exchanged(tmp_path, monkeypatch):
    monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    test_show_exchanges_the_twin_and_the_live_site(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".site.next", "site"]


@pytest.mark.parametrize("renames", [1, 2])
def test_a_kill_between_the_two_renames_is_repaired_at_the_next_start(tmp_path, renames):
    out = tmp_path / "site"
    make(out, "one", a="old")
    make(swap.twin_of(out), "two", a="new")
    out.rename(swap.aside_of(out))
    if renames == 2:
        swap.twin_of(out).rename(out)
    swap.recover(out)
    assert tree(out)["a.html"] == b"new"
    assert tree(swap.twin_of(out))["a.html"] == b"old"
    assert not swap.aside_of(out).exists()


def test_an_unfinished_twin_never_takes_the_place_of_the_site(tmp_path):
    out = tmp_path / "site"
    make(out, "one", a="old")
    make(swap.twin_of(out), "", a="half")
    out.rename(swap.aside_of(out))
    swap.recover(out)
    assert tree(out)["a.html"] == b"old"


def test_a_shared_file_is_replaced_and_not_changed(tmp_path):
    make(tmp_path / "live", "one", a="old", b="same")
    with Folder(tmp_path / "live") as live, Folder(tmp_path / "twin") as twin:
        assert twin.take("a.html", live)
        assert twin.take("b.html", live)
        twin.write("a.html", b"new")
    assert (tmp_path / "live/a.html").read_text() == "old"
    assert (tmp_path / "twin/b.html").stat().st_ino == (tmp_path / "live/b.html").stat().st_ino


def test_without_hard_links_files_are_copied_with_their_times(tmp_path, monkeypatch):
    def refused(*_names, **_options):
        raise OSError(1, "Operation not permitted")

    make(tmp_path / "live", "one", a="old")
    os.utime(tmp_path / "live/a.html", (1, 1))
    monkeypatch.setattr(os, "link", refused)
    with Folder(tmp_path / "live") as live, Folder(tmp_path / "twin") as twin:
        assert twin.take("a.html", live)
        assert not twin.take("gone/b.html", live)
    assert (tmp_path / "twin/a.html").stat().st_mtime == 1


def test_a_file_that_the_site_lost_is_not_taken_and_the_site_gets_no_new_folder(tmp_path):
    make(tmp_path / "live", "one", a="old")
    with Folder(tmp_path / "live") as live, Folder(tmp_path / "twin") as twin:
        assert not twin.take("learn/x/gone.html", live)
    assert not (tmp_path / "live/learn").exists()


def test_removing_the_last_file_of_a_folder_removes_the_folder(tmp_path):
    with Folder(tmp_path) as folder:
        folder.write("learn/medicine/a.html", b"a")
        folder.write("learn/b.html", b"b")
        folder.remove("learn/medicine/a.html")
        folder.remove("learn/medicine/never.html")
        settle(tmp_path, ["learn/b.html", "learn/medicine/a.html"], 2)
    assert tree(tmp_path) == {"learn/b.html": b"b"}
    assert not (tmp_path / "learn/medicine").exists()


def test_a_folder_that_was_removed_can_be_written_again(tmp_path):
    with Folder(tmp_path) as folder:
        folder.write("x/a.html", b"a")
        folder.remove("x/a.html")
        folder.write("x/a.html", b"again")
    assert tree(tmp_path) == {"x/a.html": b"again"}


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (".", "replace the library"),
        ("..", "replace the library"),
        ("content", "among articles"),
        ("content/learn/site", "among articles"),
        (".responsa/index", "library's own files"),
        (".responsa/site/inner", "library's own files"),
        ("notes", "did not make"),
        ("notes/mine.txt", "is a file"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused(tmp_path, out, said):
    library = tmp_path / "library"
    (library / "content/learn").mkdir(parents=True)
    (library / "notes").mkdir()
    (library / "notes/mine.txt").write_text("precious")
    with pytest.raises(UsageError, match=said):
        claim(library / out, library, library / "content/learn")


def test_a_new_an_empty_and_a_made_folder_are_claimed(tmp_path):
    library = tmp_path / "library"
    (library / "content").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    make(tmp_path / "made", "one", a="a")
    for name in ("new", "empty", "made", "library/site"):
        assert claim(tmp_path / name, library, library / "content") == (tmp_path / name).resolve()


def test_a_server_may_keep_its_site_among_the_derived_files(tmp_path):
    (tmp_path / "content/learn").mkdir(parents=True)
    assert claim(tmp_path / ".responsa/site", tmp_path, tmp_path / "content/learn") == tmp_path / ".responsa/site"

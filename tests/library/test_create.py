import os
from pathlib import PurePosixPath

import pytest

from responsa.errors import EditError
from responsa.library import create as creating
from responsa.library.create import New, create
from responsa.library.library import read


def new(name, data=b"words\n"):
    return New(PurePosixPath(name), data)


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and ".responsa" not in p.parts)


def test_new_files_hold_what_they_should_and_leave_nothing_beside_them(tmp_path):
    made = create(read(tmp_path), [new("content/a/one.md", b"1"), new("content/b/two.md", b"2")])
    assert [path.read_bytes() for path in made] == [b"1", b"2"]
    assert names(tmp_path) == ["content/a/one.md", "content/b/two.md"]


def test_many_files_are_made_alike(tmp_path):
    create(read(tmp_path), [new(f"content/{number}.md", b"%d" % number) for number in range(creating.MANY + 1)])
    assert len(names(tmp_path)) == creating.MANY + 1
    assert (tmp_path / "content/7.md").read_bytes() == b"7"


def test_a_new_file_has_the_rights_of_any_other(tmp_path):
    (made,) = create(read(tmp_path), [new("a.md")])
    (tmp_path / "plain").touch()
    assert made.stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("path", ["../a.md", "/tmp/a.md", "b/../../a.md", "link/a.md", "a\0.md"])
def test_nothing_is_made_outside_the_library(tmp_path, path):
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(EditError, match="outside the library"):
        create(read(folder), [new("good.md"), new(path)])
    assert names(tmp_path) == []


def test_what_is_there_is_never_replaced_and_nothing_else_is_made(tmp_path):
    (tmp_path / "a.md").write_text("old")
    with pytest.raises(EditError, match=r"a\.md: is there already"):
        create(read(tmp_path), [new("b.md"), new("a.md")])
    assert names(tmp_path) == ["a.md"]
    assert (tmp_path / "a.md").read_text() == "old"


def test_a_dangling_link_is_taken_for_a_file(tmp_path):
    (tmp_path / "a.md").symlink_to(tmp_path / "nowhere")
    with pytest.raises(EditError, match="is there already"):
        create(read(tmp_path), [new("a.md")])


def test_a_file_named_twice_is_refused(tmp_path):
    with pytest.raises(EditError, match="twice"):
        create(read(tmp_path), [new("a.md"), new("a.md")])
    assert names(tmp_path) == []


def test_a_file_that_appears_meanwhile_stays(tmp_path, monkeypatch):
    written = creating._written

    def slow(place, data, *, sync):
        place.write_text("another's")
        return written(place, data, sync=sync)

    monkeypatch.setattr(creating, "_written", slow)
    with pytest.raises(EditError, match="appeared meanwhile"):
        create(read(tmp_path), [new("a.md")])
    assert (tmp_path / "a.md").read_text() == "another's"
    assert names(tmp_path) == ["a.md"]


def test_a_file_system_without_hard_links_will_do(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(creating.errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", refused)
    (made,) = create(read(tmp_path), [new("a.md")])
    assert made.read_bytes() == b"words\n"


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "content").write_text("a file")
    with pytest.raises(EditError, match="content"):
        create(read(tmp_path), [new("content/a.md")])


def test_halves_that_a_killed_writer_left_go_with_the_next_write(tmp_path):
    (one,) = create(read(tmp_path), [new("content/a.md", b"1")])
    halves = [
        one.with_name(".a.md.x7_kq2zz.tmp"),
        one.with_name(".a-name-cut-off-after-forty-signs-because.abcdefgh.tmp"),
    ]
    others = [one.with_name(name) for name in (".a.md.tmp", "a.md.x7_kq2zz.tmp", ".notes", ".a.md.X7KQ2ZZZ.tmp")]
    for file in (*halves, *others):
        file.write_bytes(b"half")
    create(read(tmp_path), [new("content/b.md")])
    assert not any(file.exists() for file in halves)
    assert all(file.exists() for file in others)

import pytest

from library_folder import made, put, tree


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "a", answer="Hepatocytes divide.")
    put(tmp_path, "b", answer="Zebrafish regrow fins.")
    return tmp_path


def index(folder):
    return b"".join(content for path, content in tree(folder / "site").items() if path.startswith("search/"))


def test_a_build_makes_the_page_and_the_index(folder):
    made(folder)
    site = tree(folder / "site")
    assert b"data-results" in site["search.html"]
    assert b'role="search"' in site["learn/medicine/questions/a.html"]
    assert any(path.startswith("assets/search.") for path in site)
    assert b"zebrafish" in index(folder)


@pytest.mark.parametrize("more", ["no_index: true\n"])
def test_what_is_not_listed_is_not_found(folder, more):
    made(folder)
    put(folder, "b", answer="Zebrafish regrow fins.", more=more)
    made(folder)
    assert b"zebrafish" not in index(folder)
    assert b"questions/b" not in index(folder)
    put(folder, "b", answer="Zebrafish regrow fins.")
    made(folder)
    assert b"zebrafish" in index(folder)


def test_search_can_be_left_out_and_taken_in_again(folder):
    made(folder)
    whole = tree(folder / "site")
    (folder / "responsa.toml").write_text("[build]\nsearch = false\n", encoding="utf-8")
    made(folder)
    without = tree(folder / "site")
    assert not [path for path in without if "search" in path]
    assert b'role="search"' not in without["index.html"]
    (folder / "responsa.toml").write_text("", encoding="utf-8")
    made(folder)
    assert {**tree(folder / "site"), ".responsa-site": b""} == {**whole, ".responsa-site": b""}


def test_a_shard_changed_by_hand_is_not_believed(folder):
    made(folder)
    clean = tree(folder / "site")
    for path in (folder / "site" / "search" / "s").iterdir():
        path.write_bytes(b"\x01\x00\x03foo\x01\xff")
    put(folder, "b", answer="Zebrafish regrow fins anew.")
    made(folder)
    put(folder, "b", answer="Zebrafish regrow fins.")
    made(folder)
    assert tree(folder / "site") == clean

import json

import pytest

from fake_encoder import FakeEncoder
from library_folder import address, put
from responsa.cli import relating
from responsa.cli.app import main
from responsa.errors import EditError
from responsa.library.library import read
from responsa.library.remove import Removal, remove
from responsa.repair import work

WORDS = ("anatomy", "surgery", "infection", "screening", "cancer", "imaging", "transplants")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(relating, "encoder_of", lambda _: FakeEncoder())
    for word in WORDS:
        put(tmp_path, word, question=f"What is liver {word}?")
    return tmp_path


def records(folder):
    return {path.name: path.read_bytes() for path in (folder / "content").rglob("*.md")}


def copies(folder):
    put(folder, "a", question="What is the role of the liver?", answer="A longer answer.")
    put(folder, "b", question="What is the role of the liver?", answer="Short.", subject="Biology")
    put(folder, "c", question="Who was Galen?", links=[address("b")])


def test_a_dry_run_shows_what_would_change_and_writes_nothing(folder, capsys):
    before = records(folder)
    assert main(["fix", str(folder), "--rule", "related"]) == 0
    out = capsys.readouterr().out
    assert "35 fields to change in 7 files" in out
    assert "+related_article1:" in out
    assert "Nothing was written" in out
    assert records(folder) == before


def test_written_once_there_is_nothing_left_to_mend(folder, capsys):
    assert main(["fix", str(folder), "--rule", "related", "--write"]) == 0
    assert "35 fields changed in 7 files" in capsys.readouterr().out
    assert all(len(article.related) == 5 for article in read(folder).articles())
    after = records(folder)
    assert main(["fix", str(folder), "--rule", "related", "--write"]) == 0
    assert "nothing to mend" in capsys.readouterr().out
    assert records(folder) == after


def test_an_interrupted_run_goes_on_where_it_was(folder, monkeypatch, capsys):
    monkeypatch.setattr(work, "BATCH", 2)
    calls = []

    def interrupted(library, changes):
        calls.append(changes)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(library, changes)

    real = work.write
    monkeypatch.setattr(work, "write", interrupted)
    assert main(["fix", str(folder), "--rule", "related", "--write"]) == 130
    assert sum(len(article.related) == 5 for article in read(folder).articles()) == 2
    monkeypatch.setattr(work, "write", real)
    assert main(["fix", str(folder), "--rule", "related", "--write"]) == 0
    assert all(len(article.related) == 5 for article in read(folder).articles())
    assert "25 fields changed in 5 files" in capsys.readouterr().out


def test_copies_are_merged_and_links_to_them_follow(folder, capsys):
    copies(folder)
    assert main(["fix", str(folder), "--rule", "duplicates"]) == 0
    assert "1 files to remove" in capsys.readouterr().out
    assert main(["fix", str(folder), "--rule", "duplicates", "--write"]) == 0
    by_url = {article.url: article for article in read(folder).articles()}
    assert address("a") not in by_url
    assert by_url[address("b")].aliases == (address("a"),)
    assert [link.url for link in by_url[address("c")].related] == [address("b")]
    assert main(["fix", str(folder), "--rule", "duplicates"]) == 0
    assert "nothing to mend" in capsys.readouterr().out


def test_the_ledger_of_a_copy_goes_and_comes_back_with_it(folder):
    copies(folder)
    (folder / "evidence/medicine").mkdir(parents=True)
    for name in "abc":
        (folder / f"evidence/medicine/{name}.json").write_text("{}")
    before = records(folder)
    assert main(["fix", str(folder), "--rule", "duplicates", "--write"]) == 0
    (gone,) = before.keys() - records(folder).keys()
    left = {path.stem for path in (folder / "evidence/medicine").iterdir()}
    assert left == {"a", "b", "c"} - {gone.removesuffix(".md")}
    assert main(["fix", str(folder), "--undo"]) == 0
    assert records(folder) == before
    assert len(list((folder / "evidence/medicine").iterdir())) == 3


def test_a_merge_cut_off_before_the_removal_loses_nothing_and_is_finished_by_the_next_run(folder, monkeypatch):
    copies(folder)

    def cut_off(*_):
        raise KeyboardInterrupt

    real = work.remove
    monkeypatch.setattr(work, "remove", cut_off)
    assert main(["fix", str(folder), "--rule", "duplicates", "--write"]) == 130
    assert {"a.md", "b.md"} <= records(folder).keys()
    assert b"aliases" in records(folder)["b.md"]
    monkeypatch.setattr(work, "remove", real)
    assert main(["fix", str(folder), "--rule", "duplicates", "--write"]) == 0
    assert "a.md" not in records(folder)
    assert b"aliases" in records(folder)["b.md"]


def test_json_is_a_line_a_repair(folder, capsys):
    copies(folder)
    assert main(["fix", str(folder), "--rule", "duplicates", "--json"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["url"], line["removed"], line["written"]) == (address("b"), ["content/learn/medicine/a.md"], False)
    assert [(edit["field"], edit["after"]) for edit in line["edits"]] == [("aliases", [address("a")])]


def test_max_and_subject_limit_what_is_mended(folder, capsys):
    assert main(["fix", str(folder), "--rule", "related", "--max", "2"]) == 0
    assert "in 2 files" in capsys.readouterr().out
    assert main(["fix", str(folder), "--rule", "related", "--subject", "Biology"]) == 0
    assert "nothing to mend" in capsys.readouterr().out


def test_an_unknown_rule_is_a_usage_error(folder, capsys):
    assert main(["fix", str(folder), "--rule", "relatd"]) == 2
    assert "`related`: five related questions" in capsys.readouterr().err


def test_a_rule_is_known_by_the_name_of_one_thing_too(folder, capsys):
    assert main(["fix", str(folder), "--rule", "description", "--json"]) == 0
    one = capsys.readouterr().out
    assert "descriptions" in one
    assert main(["fix", str(folder), "--rule", "descriptions", "--json"]) == 0
    assert capsys.readouterr().out == one


def test_nothing_is_removed_if_one_file_is_not_what_it_was(folder):
    library = read(folder)
    first, second = library.paths()[:2]
    removals = [Removal(first, library.data(first)), Removal(second, b"something else")]
    with pytest.raises(EditError, match="was changed meanwhile"):
        remove(library, removals)
    assert (folder / first).exists()


def test_a_link_and_a_path_outside_are_never_removed(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.md"
    outside.write_bytes(b"x")
    (folder / "content/learn/medicine/link.md").symlink_to(outside)
    library = read(folder)
    for path in (library.content / "medicine/link.md", library.content / "../../../x.md"):
        with pytest.raises(EditError):
            remove(library, [Removal(path, b"x")])
    assert outside.exists()

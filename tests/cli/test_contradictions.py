import json
import resource
import sqlite3

import pytest

from responsa.article import Url
from responsa.cli.app import main
from responsa.cli.contradictions import _decided
from responsa.evidence.budget import SpentError
from responsa.evidence.contradictions import Conflict, Statement
from responsa.evidence.verdict import Finding, Verdict

FLOW = "The kidneys of adults receive a blood flow of about {} through the renal arteries."


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "content" / "learn" / "medicine"
    folder.mkdir(parents=True)
    for name, flow, subject in (("a", "1.2 L", "Medicine"), ("b", "3 L", "Nursing"), ("c", "1.2 L", "Medicine")):
        (folder / f"{name}.md").write_text(
            f"---\nid: 1\ntitle: Flow\nquestion: What is the blood flow of the kidneys?\nsubject: {subject}\n"
            f"url: /learn/medicine/questions/{name}\nanswer: {FLOW.format(flow)}\n---\n"
        )
    return tmp_path


def shown(capsys, *arguments):
    assert main(["contradictions", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_both_passages_and_what_differs_are_shown(library, capsys):
    told = shown(capsys, library)
    assert "1.2 L / 3 L" in told or "3 L / 1.2 L" in told
    assert FLOW.format("1.2 L") in told
    assert FLOW.format("3 L") in told
    assert "3 statements compared" in told


def test_json_holds_the_places_of_both(library, capsys):
    told = json.loads(shown(capsys, library, "--json"))
    (found,) = told["shown"]
    assert sorted(part["subject"] for part in found["passages"]) == ["medicine", "nursing"]
    assert all(part["text"] == FLOW.format("3 L") for part in found["passages"] if part["subject"] == "nursing")
    assert found["judged"] is None


def test_a_second_run_says_the_same_and_an_edit_is_seen(library, capsys):
    first = shown(capsys, library, "--json")
    assert shown(capsys, library, "--json") == first
    path = library / "content" / "learn" / "medicine" / "b.md"
    path.write_text(path.read_text().replace("3 L", "1.2 L"))
    assert json.loads(shown(capsys, library, "--json"))["shown"] == []


def test_only_pairs_of_the_subject_are_shown(library, capsys):
    assert len(json.loads(shown(capsys, library, "--json", "--subject", "Nursing"))["shown"]) == 1
    assert json.loads(shown(capsys, library, "--json", "--subject", "Law"))["shown"] == []


def test_a_file_that_cannot_be_read_stops_nothing(library, capsys):
    (library / "content" / "learn" / "medicine" / "broken.md").write_bytes(b"\xff\xfe no record")
    assert len(json.loads(shown(capsys, library, "--json"))["shown"]) == 1


def test_no_file_of_the_library_is_changed(library, capsys):
    files = {path: path.read_bytes() for path in library.rglob("*.md")}
    shown(capsys, library)
    assert {path: path.read_bytes() for path in library.rglob("*.md")} == files
    assert {path.name for path in library.iterdir()} == {"content", ".responsa"}


def test_a_model_without_a_judge_is_refused(library, capsys):
    assert main(["contradictions", str(library), "--model", "m"]) == 2
    assert "--judge" in capsys.readouterr().err


def statement(name, text):
    return Statement(Url(f"/{name}"), f"{name}.md", "medicine", "How much?", "", text, 0, len(text), ("flow",))


class Says:
    """A judge that says of each claim what it was told to, or that the budget is spent."""

    name = "says/1"

    def __init__(self, **verdicts):
        self.verdicts = verdicts

    def judge(self, claim, hits):
        said = self.verdicts[claim.text]
        if said is None:
            raise SpentError("requests=1 is spent")
        return Finding(said, 1.0, self.name, hits[0].passage.id)


def test_a_judge_puts_the_contradicted_first_and_leaves_out_the_supported():
    found = [Conflict(0.5, "number", statement(text, text), statement("other", "Another."), ()) for text in "abcd"]
    judge = Says(a=Verdict.RELATED, b=Verdict.SUPPORTED, c=Verdict.CONTRADICTED, d=None)
    decided = [(one.one.text, said and said.verdict) for one, said in _decided(iter(found), judge, 10)]
    assert decided == [("c", Verdict.CONTRADICTED), ("a", Verdict.RELATED), ("d", None)]


def test_a_folder_whose_name_means_something_in_an_address_is_no_trouble(library, tmp_path_factory, capsys):
    odd = tmp_path_factory.mktemp("odd") / "a?b#c%20'd"
    library.rename(odd)
    assert "3 statements compared" in shown(capsys, odd)


def test_a_disk_that_takes_no_more_is_told(library, capsys):
    keeps = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, keeps[1]))
    try:
        assert main(["contradictions", str(library)]) == 3
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, keeps)
    assert "contradictions.sqlite: cannot be written" in capsys.readouterr().err
    assert "3 statements compared" in shown(capsys, library)


def test_a_memory_that_was_damaged_within_is_told_and_made_again(library, capsys):
    first = shown(capsys, library, "--json")
    with sqlite3.connect(library / ".responsa/contradictions.sqlite") as base:
        base.execute("update conflict set value = 'no json'")
    assert main(["contradictions", str(library)]) == 3
    assert "was damaged and is removed; run the command again" in capsys.readouterr().err
    assert shown(capsys, library, "--json") == first


def test_a_memory_that_is_a_link_leads_nowhere(library, tmp_path_factory, capsys):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "new"
    (library / ".responsa").mkdir()
    (library / ".responsa/contradictions.sqlite").symlink_to(elsewhere)
    assert main(["contradictions", str(library)]) == 3
    assert "is no plain file; remove it" in capsys.readouterr().err
    assert not elsewhere.exists()
    (library / ".responsa/contradictions.sqlite").unlink()
    (library / ".responsa/contradictions.sqlite").mkdir()
    assert main(["contradictions", str(library)]) == 3
    assert "is no plain file; remove it" in capsys.readouterr().err

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library_folder import put

QUERIES = ["liver", "kidney failure", "what is a heart", '"liver kidney"', "livr", "lung heart liver kidney", "zzzz"]
WORDS = st.lists(st.sampled_from(["liver", "kidney", "heart", "lung", "failure", "of"]), max_size=5).map(" ".join)
STEPS = st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.tuples(WORDS, WORDS)), min_size=1, max_size=5)


def found(index):
    return [[(hit.url, hit.score, hit.similarity, hit.words) for hit in index.search(query, 9)] for query in QUERIES]


def fresh(folder, made, **wish):
    """What an index made anew of the same files finds."""
    with tempfile.TemporaryDirectory() as other:
        shutil.copytree(folder / "content", Path(other) / "content")
        return found(made(Path(other), **wish))


def change(folder, name, texts):
    if texts is None:
        (folder / f"content/learn/medicine/{name}.md").unlink(missing_ok=True)
    else:
        put(folder, name, question=texts[0] or "Nothing?", answer=texts[1] or "Nothing.")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(STEPS, min_size=1, max_size=4), deep=st.booleans())
def test_brought_up_to_date_is_made_anew(batches, deep, made):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "content/learn/medicine").mkdir(parents=True)
        for steps in batches:
            for step in steps:
                change(folder, *step)
            index = made(folder, deep=deep)
        assert found(index) == fresh(folder, made, deep=deep)
        assert index.deep or not deep


def test_what_was_searched_before_changes_nothing(livers, made):
    made(livers).search("liver", read=3)
    put(livers, "d", question="What is a heart?")
    index = made(livers)
    assert not index.deep
    assert found(index) == fresh(livers, made)


def test_an_empty_library_is_not_read_by_accident(tmp_path, made):
    made(tmp_path)
    put(tmp_path, "a")
    assert not made(tmp_path).deep


def test_two_indexes_of_the_same_files_are_the_same(livers, made):
    assert found(made(livers)) == fresh(livers, made)


def test_nothing_is_encoded_or_written_where_nothing_changed(livers, made, letters):
    made(livers, letters, deep=True)
    index, asked = livers / ".responsa/index", letters.asked
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    made(livers, letters, deep=True)
    assert letters.asked == asked
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before


def test_only_what_changed_is_encoded(livers, made, letters):
    made(livers, letters)
    asked = letters.asked
    put(livers, "b", question="How does a kidney work?")
    put(livers, "d", question="What is liver cancer?")
    index = made(livers, letters)
    assert letters.asked == asked + 1
    assert index.search("kidney", 1)[0].title == "How does a kidney work?"


def test_an_index_that_read_all_answers_goes_on_reading_them(livers, made, letters):
    made(livers, letters, deep=True)
    put(livers, "d", question="What is a heart?")
    assert made(livers, letters).deep


def test_many_small_edits_leave_few_segments(livers, made):
    for number in range(20):
        put(livers, f"n{number}", question=f"What is liver {number}?")
        index = made(livers)
    assert len(list((livers / ".responsa/index").glob("words-*"))) <= 5
    assert found(index) == fresh(livers, made)


def parts(folder):
    """Every file of an index, of each kind the last."""
    files = [path for path in (folder / ".responsa/index").rglob("*") if path.is_file()]
    return {path.name if path.suffix != ".rows" else path.name.partition("-")[0]: path for path in sorted(files)}


KINDS = [
    "counts.npy", "data.npy", "dense.npy", "docs.npy", "lengths.npy", "listed.npy", "numbers.npy", "order.npy",
    "posts.npy", "shelves.npy", "starts.npy", "state.json", "terms.npy", "tokens.npy", "urls.npy", "questions",
    "answers",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "harm"),
    [
        *((kind, harm) for kind in KINDS for harm in ("garbage", "gone")),
        *((kind, harm) for kind in ("docs.npy", "state.json", "questions") for harm in ("cut", "empty", "folder")),
    ],
)
def test_damage_is_healed(livers, made, kind, harm):
    whole = found(made(livers, deep=True))
    path = parts(livers)[kind]
    data = path.read_bytes()
    path.unlink()
    match harm:
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "garbage":
            path.write_bytes(random.Random(1).randbytes(len(data)))
        case "empty":
            path.write_bytes(b"")
        case "folder":
            path.mkdir()
    put(livers, "d", question="What is a heart?")
    if harm == "folder" and kind in {"state.json", "questions", "answers"}:
        with pytest.raises(Exception, match="cannot be written"):
            made(livers, deep=True)
        path.rmdir()
    assert found(made(livers, deep=True)) == fresh(livers, made, deep=True)
    (livers / "content/learn/medicine/d.md").unlink()
    assert found(made(livers, deep=True)) == whole


def test_an_index_of_another_version_or_encoder_is_made_again(livers, made, letters, monkeypatch):
    made(livers, letters)
    letters.name = "others"
    asked = letters.asked
    made(livers, letters)
    assert letters.asked == asked + 3
    monkeypatch.setattr("responsa.index.refresh.VERSION", 99)
    assert found(made(livers, letters)) == fresh(livers, made)


def test_another_language_has_other_stems(livers, made):
    assert made(livers).words.known("tumour") == 2
    (livers / "responsa.toml").write_text('[site]\nlanguage = "xx"\n')
    assert made(livers).words.known("tumour") == 1


def test_a_catalogue_made_anew_is_no_fault(livers, made):
    whole = found(made(livers))
    (livers / ".responsa/catalogue.sqlite").unlink()
    assert found(made(livers)) == whole


def test_an_unreadable_file_is_left_out(livers, made):
    (livers / "content/learn/medicine/bad.md").write_bytes(b"---\n: [\n---\n")
    assert len(made(livers).search("liver", 9)) == 3


HOLDER = """
import sys, time
from pathlib import Path
from responsa.library.lock import lock
with lock(Path(sys.argv[1]), "index.lock"):
    print("held", flush=True)
    time.sleep(0.5)
    print("given back", flush=True)
"""


def test_a_second_command_waits_for_the_first(livers, made):
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(livers)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        assert len(made(livers).search("liver")) == 3
        assert other.stdout.readline() == "given back\n"
        assert other.wait() == 0


def test_two_commands_at_once_make_one_index(livers, tmp_path, made):
    program = program_in(tmp_path / "code")
    others = [subprocess.Popen([sys.executable, "-c", program, str(livers)]) for _ in range(2)]
    assert [other.wait() for other in others] == [0, 0]
    assert found(made(livers, deep=True)) == fresh(livers, made, deep=True)


PROGRAM = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
import conftest_index
from responsa.index.index import open_index
from responsa.library.catalogue import refresh
from responsa.library.library import read
library = read(Path(sys.argv[1]))
with refresh(library) as catalogue:
    open_index(library, catalogue, conftest_index.Letters(), deep=True)
"""


def program_in(folder):
    """A program that brings the index of the library it is given up to date, with the encoder of these tests."""
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("conftest.py"), folder / "conftest_index.py")
    return PROGRAM.format(path=[str(folder), str(Path(__file__).parents[1])])


def test_a_kill_at_any_moment_costs_nothing_but_time(tmp_path, made):
    dice = random.Random(3)
    program = program_in(tmp_path / "code")
    library = tmp_path / "library"
    for number in range(40):
        put(library, f"a{number}", question=f"What is liver {number}?", answer=f"Kidney {number % 7}.")
    for round_ in range(6):
        put(library, f"a{round_}", question=f"What is heart {round_}?")
        child = os.spawnl(os.P_NOWAIT, sys.executable, sys.executable, "-c", program, str(library))
        time.sleep(0.1 + dice.random() * 0.9)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert found(made(library, deep=True)) == fresh(library, made, deep=True)

import pytest

from fake_encoder import FakeEncoder
from library_folder import address, put
from responsa.describe.subjects import Near, subjects, voted
from responsa.index.index import open_index
from responsa.library.catalogue import refresh
from responsa.library.library import read


@pytest.fixture
def folder(tmp_path):
    for part in ("liver", "spleen", "kidney"):
        put(tmp_path, part, question=f"What does surgery of the {part} cost?", subject="Medicine")
        put(tmp_path, f"{part}-tax", question=f"How is tax on {part} trade computed?", subject="Law")
    return tmp_path


def guesses(folder, question, **more):
    library = read(folder)
    with refresh(library) as catalogue, open_index(library, catalogue, FakeEncoder()) as index:
        return subjects(library, index, question, **more)


def test_neighbours_name_the_subject_and_confidences_are_shares(folder):
    found = guesses(folder, "What does surgery of the heart cost?")
    assert found[0].slug == "medicine"
    assert found[0].subject == "Medicine"
    assert sum(guess.confidence for guess in found) == pytest.approx(1, abs=0.001)


def test_articles_besides_have_no_vote(folder):
    found = guesses(folder, "What does surgery of the liver cost?", besides=[address("liver")])
    assert address("liver") not in {url for guess in found for url in guess.near}


def test_without_articles_there_is_no_guess(tmp_path):
    (tmp_path / "content/learn").mkdir(parents=True)
    assert guesses(tmp_path, "What is HCC?") == []


def test_two_spellings_of_a_subject_are_one_and_ties_go_by_slug(folder):
    near = [Near("medicine", 0.9, address("a")), Near("Law", 0.9, address("b")), Near("MEDICINE", 0.9, address("c"))]
    first, second = voted(read(folder), near)
    assert (first.slug, second.slug) == ("medicine", "law")
    assert first.near == (address("a"), address("c"))
    assert [guess.slug for guess in voted(read(folder), near[:2])] == ["law", "medicine"]

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responsa.errors import ResponsaError
from responsa.evidence import retrieval
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.postings import Postings, build
from responsa.evidence.retrieval import Nearest
from responsa.evidence.terms import terms
from responsa.evidence.words import words

VOCABULARY = ["iron", "steel", "liver", "metastases", "metastatic", "survival", "dose", "surgery", "resection", "37"]
TEXTS = st.lists(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join), min_size=1, max_size=40)


def shelf(texts):
    return [passage for number, text in enumerate(texts) for passage in passages(f"s{number}", [Paragraph(text)])]


def added_up(nearest, text, k):
    """The plain definition: every word of the claim, every passage that holds it."""
    scores = {}
    for key, count in terms(words(text)).items():
        for number, weight in nearest.postings.of(key):
            scores[number] = scores.get(number, 0.0) + min(count, 1.0) * nearest.idf(key) * weight
    return sorted((round(score, 4) for score in scores.values()), reverse=True)[:k]


@settings(max_examples=60)
@given(TEXTS, st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6).map(" ".join), st.integers(1, 6))
def test_the_best_passages_are_those_of_adding_everything_up(texts, claim, k):
    nearest = Nearest(shelf(texts))
    assert [round(hit.score, 4) for hit in nearest.search(claim, k=k)] == pytest.approx(
        added_up(nearest, claim, k), abs=2e-4
    )


def test_a_word_that_stands_everywhere_still_orders_what_others_brought_up(monkeypatch):
    monkeypatch.setattr(retrieval, "COMMON", 3)
    texts = ["liver iron"] + ["liver steel liver"] * 6 + ["iron dose"] * 5
    found = Nearest(shelf(texts)).search("liver iron", k=3)
    assert found[0].passage.text == "liver iron"
    assert len(found) == 3


def test_a_block_says_the_same_from_a_file_as_from_memory(tmp_path):
    kept = shelf(["Five-year survival was 37%.", "The daily dose was 22 grams of iron sulfate."])
    (tmp_path / "block").write_bytes(build(kept))
    opened = Nearest(Postings((tmp_path / "block").read_bytes()))
    assert opened.search("survival of 37%") == Nearest(kept).search("survival of 37%")
    assert opened.passages == tuple(kept)
    assert build(kept) == build(list(kept))


@pytest.mark.parametrize("cut", [0, 10, 100, -1])
def test_a_damaged_block_is_noticed(cut):
    block = build(shelf(["Five-year survival was 37%."]))
    with pytest.raises(ResponsaError, match="damaged"):
        Postings(block[:cut])
    with pytest.raises(ResponsaError, match="damaged"):
        Postings(block[:200] + bytes([block[200] ^ 1]) + block[201:])


def test_cover_depends_on_the_claim_and_the_passage_alone():
    passage = shelf(["Five-year survival was 37% after resection."])
    others = shelf(["Survival of steel.", "Resection of iron.", "Nothing of it."])
    alone, among = (
        Nearest(held).search("survival after resection", k=1)[0] for held in (passage, passage + others[1:])
    )
    assert alone.passage == among.passage
    assert alone.cover == among.cover


def test_an_empty_shelf_finds_nothing():
    assert Nearest([]).search("survival") == []
    assert Nearest(shelf(["Survival."])).search("") == []

import numpy as np
import pytest

from responsa.index.places import SPAN, together
from responsa.index.segment import Gatherer
from responsa.index.stems import Stems, packed
from responsa.index.words import Words

FILLER = " ".join(f"filler{number}" for number in range(SPAN))
STEMS = Stems("en")


def shares(query: list[tuple[str, float]], *articles: tuple[str, str]) -> list[float]:
    gatherer = Gatherer(STEMS)
    for number, (question, answer) in enumerate(articles):
        gatherer.put(number, question, answer)
    sought = [([packed(stem) for stem in STEMS.of(word)], weight) for word, weight in query]
    return [pytest.approx(share) for share in together(gatherer.segment(), range(len(articles)), sought).tolist()]


def test_words_apart_count_less_than_words_together():
    query = [("liver", 1.0), ("cancer", 1.0)]
    found = shares(query, ("q", "liver cancer"), ("q", f"liver {FILLER} cancer"), ("q", "nothing"))
    assert found == [1.0, 0.5, 0.0]


def test_a_question_is_one_place_whatever_its_length():
    assert shares([("liver", 1.0), ("cancer", 1.0)], (f"liver {FILLER} cancer", "")) == [1.0]


def test_question_and_answer_are_two_places():
    assert shares([("liver", 1.0), ("cancer", 3.0)], ("liver", "cancer")) == [0.75]


def test_a_word_counts_once_in_a_place():
    assert shares([("liver", 1.0), ("cancer", 1.0)], ("q", "liver liver liver")) == [0.5]


def test_a_place_moves_on_past_words_that_are_left_behind():
    query = [("a1", 1.0), ("b1", 1.0), ("c1", 1.0), ("d1", 1.0)]
    assert shares(query, ("q", f"a1 b1 {FILLER} c1 d1 a1")) == [0.75]


def test_any_stem_stands_for_its_word():
    gatherer = Gatherer(STEMS)
    gatherer.put(0, "q", "sorafenib dose")
    found = together(gatherer.segment(), [0], [([b"sorafinib", b"sorafenib"], 1.0), ([b"dose"], 1.0)])
    assert found.tolist() == [1.0]


def test_articles_in_several_segments_keep_their_rows():
    first, second = Gatherer(STEMS), Gatherer(STEMS)
    first.put(3, "q", "liver")
    first.put(5, "q", "liver cancer")
    second.put(8, "q", "cancer")
    # The article 3 is gone: rows are places among 5 and 8.
    words = Words([first.segment(), second.segment()], np.array([5, 8]), STEMS)
    sought = [([b"liver"], 1.0), ([b"cancer"], 1.0)]
    assert words.together(sought, np.array([1, 0])).tolist() == [0.5, 1.0]

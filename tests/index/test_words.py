import math

import numpy as np
import pytest

from responsa.index.segment import ASKED, Gatherer
from responsa.index.stems import Stems
from responsa.index.words import K1, B, Words

ARTICLES = [("liver cancer", "a tumour of the liver"), ("kidney", "the kidney fails"), ("tumour", "of kidney or liver")]


def words_of(articles, living=None):
    gatherer = Gatherer(Stems())
    for number, (asked, answer) in enumerate(articles, 1):
        gatherer.put(number, asked, answer)
    numbers = np.array(living or range(1, len(articles) + 1), np.int64)
    return Words([gatherer.segment()], numbers, Stems())


def test_scores_are_bm25():
    found = words_of(ARTICLES).search("cancer")
    idf = math.log(1 + (3 - 1 + 0.5) / 1.5)
    lengths = [2 * ASKED + 5, ASKED + 3, ASKED + 4]
    norm = K1 * (1 - B + B * lengths[0] / (sum(lengths) / 3))
    assert found.scores.tolist() == pytest.approx([idf * ASKED * (K1 + 1) / (ASKED + norm), 0, 0])
    assert found.reach == pytest.approx(idf * (K1 + 1))


def test_the_dead_do_not_count():
    living = words_of(ARTICLES, [2, 3]).search("liver tumour")
    alone = words_of(ARTICLES[1:]).search("liver tumour")
    assert living.scores.tolist() == alone.scores.tolist()
    assert living.reach == alone.reach


def test_an_unknown_word_is_respelled_and_a_strange_one_found_nowhere():
    found = words_of(ARTICLES).search("kidnay zzzz")
    assert found.respelled == {"kidnay": ("kidney",)}
    assert (found.scores > 0).tolist() == [False, True, True]
    assert not words_of(ARTICLES).search("zzzz").scores.any()


def test_a_respelled_word_counts_less_than_the_word_itself():
    words = words_of(ARTICLES)
    assert 0 < words.search("kidnay").scores[1] < words.search("kidney").scores[1]


def test_quotes_ask_for_words_that_follow_one_another_in_one_field():
    words = words_of([*ARTICLES, ("liver", "tumour")])
    assert words.search("liver tumour").phrases is None
    assert words.search('"tumour of the liver"').phrases.tolist() == [True, False, False, False]
    assert words.search('"liver tumour"').phrases.tolist() == [False] * 4
    assert words.search('"liver zzzz"').phrases.tolist() == [False] * 4


def test_an_empty_index_answers():
    found = Words([], np.zeros(0, np.int64), Stems()).search("liver")
    assert (len(found.scores), found.respelled) == (0, {})


def test_a_rare_word_tells_more():
    words = words_of(ARTICLES)
    assert words.idf("cancer") > words.idf("liver")
    assert (words.known("liver"), words.known("zzzz")) == (2, 0)

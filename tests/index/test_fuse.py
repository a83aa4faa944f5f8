import numpy as np
import pytest

from responsa.index.encoder import unit
from responsa.index.fuse import MIX, Mix, Weights, fused


def test_words_count_as_a_share_of_what_they_can_reach():
    scores = fused(np.array([2, 0], np.float32), 4.0, np.array([0.5, -0.5], np.float32), Weights(2.0))
    assert scores.tolist() == [1.5, -1.0]


def test_a_query_without_telling_words_is_ranked_by_meaning():
    assert fused(np.zeros(1, np.float32), 0.0, np.array([0.5], np.float32), Weights(1.0)).tolist() == [0.5]


def test_the_answer_tells_more_than_the_question_alone():
    assert MIX.deep().cosine > MIX.shallow(read=False).cosine


def test_words_alone_count_where_meaning_weighs_nothing():
    assert Mix(question=0.0, text=0.0).deep() == Mix(question=0.0, text=0.0).shallow(read=True) == Weights(0.0, 1.0)


def test_vectors_get_length_one_and_zeros_stay():
    assert unit(np.array([[3, 4], [0, 0]], np.float32)).tolist() == [pytest.approx([0.6, 0.8]), [0, 0]]

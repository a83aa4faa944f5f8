import numpy as np
import pytest

from responsa.index.encoder import Floats, unit
from responsa.index.view import Bytes, View, lengths_of, quantised
from responsa.index.view import cosines as cosines_of


def cosines(rows: Bytes, vector: Floats) -> Floats:
    return cosines_of(rows, lengths_of(rows), vector)


def test_eight_bits_keep_cosines_to_a_hundredth():
    dice = np.random.default_rng(1)
    vectors = unit(dice.standard_normal((200, 384)).astype(np.float32))
    assert np.abs(cosines(quantised(vectors), vectors[0]) - vectors @ vectors[0]).max() < 0.01


def test_a_cosine_does_not_depend_on_its_neighbours():
    dice = np.random.default_rng(2)
    rows = quantised(dice.standard_normal((50, 384)).astype(np.float32))
    asked = dice.standard_normal(384).astype(np.float32)
    assert cosines(rows, asked)[7:9].tolist() == cosines(np.ascontiguousarray(rows[7:9]), asked).tolist()


def test_zeros_are_like_nothing():
    rows = quantised(np.array([[0, 0], [1, 0]], np.float32))
    assert cosines(rows, np.array([1, 0], np.float32)).tolist() == pytest.approx([0, 1])
    assert cosines(rows, np.zeros(2, np.float32)).tolist() == [0, 0]


def test_parts_must_fit():
    dense, two, one = np.zeros((2, 3), np.int8), np.ones(2), np.zeros(1, np.int32)
    parts = {"dense": dense, "numbers": np.arange(2), "shelves": one, "lengths": two}
    with pytest.raises(ValueError, match="fit"):
        View(parts)
    with pytest.raises(ValueError, match="lacks"):
        View({"dense": parts["dense"]})

import numpy as np
import pytest

from responsa.errors import ResponsaError
from responsa.index.rows import LITTLE, Rows

KEYS = [bytes([number]) * 16 for number in range(5)]
VECTORS = np.arange(20, dtype=np.float32).reshape(5, 4)
RECORD = 16 + 4 + 4 * 2


@pytest.fixture
def rows(tmp_path):
    rows = Rows(tmp_path, "r", 4)
    rows.add(KEYS[:3], VECTORS[:3])
    rows.add(KEYS[3:], VECTORS[3:])
    return rows


def test_rows_are_found_by_key_now_and_later(tmp_path, rows):
    for one in (rows, Rows(tmp_path, "r", 4)):
        assert one.of([KEYS[4], KEYS[0]]).tolist() == VECTORS[[4, 0]].tolist()
        assert (len(one), KEYS[2] in one, b"x" * 16 in one) == (5, True, False)


def test_missing_keys_are_told_once(rows):
    assert rows.missing([KEYS[1], b"x" * 16, b"y" * 16, b"x" * 16]) == [1, 2]


def test_no_keys_give_no_rows(rows):
    rows.add([], np.zeros((0, 4), np.float32))
    assert rows.of([]).shape == (0, 4)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("left", [RECORD * 5 - 1, RECORD * 3 + 5, RECORD * 3])
def test_a_torn_end_is_cut_off(tmp_path, left):
    path = tmp_path / "r.rows"
    path.write_bytes(path.read_bytes()[:left])
    found = Rows(tmp_path, "r", 4)
    assert len(found) == left // RECORD
    assert path.stat().st_size == left // RECORD * RECORD
    found.add([KEYS[4]], VECTORS[4:])
    assert Rows(tmp_path, "r", 4).of([KEYS[4]]).tolist() == VECTORS[4:].tolist()


@pytest.mark.usefixtures("rows")
def test_what_follows_a_damaged_row_is_dropped(tmp_path):
    path = tmp_path / "r.rows"
    data = bytearray(path.read_bytes())
    data[RECORD * 2 + 25] ^= 1
    path.write_bytes(data)
    assert len(Rows(tmp_path, "r", 4)) == 2


def test_garbage_is_an_empty_store(tmp_path):
    (tmp_path / "r.rows").write_bytes(b"garbage" * 100)
    assert len(Rows(tmp_path, "r", 4)) == 0


def test_a_store_of_waste_is_rewritten_and_readers_keep_what_they_had(tmp_path):
    rows = Rows(tmp_path, "r", 4)
    many = [number.to_bytes(16, "big") for number in range(LITTLE + 10)]
    rows.add(many, np.arange(len(many) * 4, dtype=np.float32).reshape(-1, 4) % 512)
    reader = Rows(tmp_path, "r", 4)
    rows.keep(many[:4])
    assert (len(rows), len(Rows(tmp_path, "r", 4))) == (4, 4)
    assert rows.of(many[3:4]).tolist() == reader.of(many[3:4]).tolist() == [[12, 13, 14, 15]]


def test_a_store_in_use_is_left_alone(rows):
    rows.keep(KEYS[:1])
    assert len(rows) == 5


def test_a_link_is_never_followed(tmp_path):
    (tmp_path / "secret").write_bytes(b"")
    (tmp_path / "r.rows").symlink_to(tmp_path / "secret")
    with pytest.raises(ResponsaError, match="cannot be written"):
        Rows(tmp_path, "r", 4).add(KEYS[:1], VECTORS[:1])

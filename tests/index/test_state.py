import pytest

from responsa.index.seal import Seal
from responsa.index.state import State, keep, kept, tidy, unused

STATE = State("2 letters", "epoch:4", {"words-3": {"docs": Seal(1, 2, 3)}}, {"view-1": {}}, {"documents-1": {}}, ["m"])


def test_a_state_is_kept(tmp_path):
    keep(tmp_path, STATE)
    assert kept(tmp_path) == STATE


@pytest.mark.parametrize("text", [b"", b"garbage", b"00000000\n{}", b"\xff\xfe\n{}", None])
def test_a_damaged_state_is_none(tmp_path, text):
    keep(tmp_path, STATE)
    whole = (tmp_path / "state.json").read_bytes()
    (tmp_path / "state.json").write_bytes(whole.replace(b"epoch:4", b"epoch:5") if text is None else text)
    assert kept(tmp_path) == State()


def test_names_are_new(tmp_path):
    (tmp_path / "words-7").mkdir()
    (tmp_path / "words-x").mkdir()
    assert (unused(tmp_path, "words").name, unused(tmp_path, "view").name) == ("words-8", "view-1")


def test_only_what_is_named_stays(tmp_path):
    for name in ("words-3", "words-2", "view-1", "other-1"):
        (tmp_path / name).mkdir()
    tidy(tmp_path, STATE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other-1", "view-1", "words-3"]

import datetime

import pytest
import yaml

from responsa.errors import EditError
from responsa.records.emit import inline, is_plain, number, serialise
from responsa.records.record import parse


@pytest.mark.parametrize(
    "text", ["no", "Yes", "1e3", "0777", "1:30", "2024-01-01", "- x", "a: b", "a #b", "", " a", "<<", "..."]
)
def test_text_that_a_reader_could_mistake_is_quoted(text: str):
    assert not is_plain(text)
    assert yaml.safe_load(f"a: {inline(text)}") == {"a": text}


@pytest.mark.parametrize("value", [0.1, 1e-07, 1e22, 1e300, -0.0])
def test_floats_are_floats_to_yaml_1_1_too(value: float):
    assert yaml.safe_load(number(value)) == value


def test_a_new_file_follows_the_seed():
    values = {
        "url": "/x",
        "question": "Why: so?",
        "date": datetime.date(2024, 1, 2),
        "mine": [1, {"a": "b", "c": []}],
        "id": 3,
    }
    assert serialise(values).decode() == (
        "---\nid: 3\ndate: 2024-01-02\nquestion: >-\n    Why: so?\nurl: /x\n"
        "mine:\n  - 1\n  - a: b\n    c: []\n---\n\n&nbsp;"
    )
    assert parse(serialise(values)).values == values | {"date": "2024-01-02"}


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(EditError, match="surrogate"):
        serialise({"a": "\ud800"})
    with pytest.raises(EditError):
        parse(b"---\na: 1\n---\n").replace("a", "\ud800")

import pytest

from responsa.errors import EditError
from responsa.records.record import parse


def front(text: str):
    return parse(f"---\n{text}---\nbody".encode())


def test_a_value_of_many_lines_becomes_one_and_its_neighbours_stay():
    record = front("a: one\n  two\nb: 'x\n\n  y'\nc: |+\n  z\n\n\nd: 1\n")
    assert record.replace("a", "q").replace("b", "r").replace("c", 5).text == "---\na: q\nb: 'r'\nc: 5\nd: 1\n---\nbody"


def test_a_collection_becomes_a_scalar_and_back():
    record = front("a: # why\n  - 1\n  - 2\nb: 3\n")
    scalar = record.replace("a", "x")
    assert scalar.text == "---\na: x # why\nb: 3\n---\nbody"
    assert scalar.replace("a", [1, 2]).data == record.data


def test_keys_under_a_scalar_are_refused():
    with pytest.raises(EditError, match="holds no keys"):
        front("a: 1\n").replace("a.b", 2)


def test_an_indentation_indicator_is_kept():
    assert front("a: |2-\n   x\nb: 1\n").replace("a", "y").text == "---\na: |2-\n  y\nb: 1\n---\nbody"


def test_an_empty_front_matter_takes_its_first_key():
    assert front("").replace("seo.title", "x").text == "---\nseo:\n  title: x\n---\nbody"


def test_a_flow_map_at_the_top_is_edited_in_flow():
    record = front("{a: 1, b: 2}\n")
    assert record.replace("c", "x").replace("a", 3).remove("b").text == "---\n{a: 3, c: x}\n---\nbody"

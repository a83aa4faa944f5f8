import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from responsa.article import Value
from responsa.errors import EditError, UnreadableError
from responsa.records.record import Record, parse

SEED = b"""---
_schema: default
id: 97065
date: 2024-12-07
title: >-
    How is it treated?
seo:
  title: Shop | Medicine
  page_keywords: >-
    one, two
question: >-
    How is it treated?
answer: >-
    By surgery.\\n\\nSometimes.
url: /learn/medicine/questions/how
related_article1:
    id: 1
    url: /learn/medicine/questions/what
---

&nbsp;"""

HOSTILE = [
    *("no", "1e3", "- x", "a: b", "#", " lead", "trail ", "", "\x01", "~", "0777", "12:30:45", "2024-12-07", "---"),
    *(
        "...",
        "'",
        '"',
        "\\n",
        "a\nb",
        "\n",
        "a\n\n",
        " a\n b",
        "\t",
        "x\ty",
        "[",
        "{a",
        "&a",
        "*a",
        "!t",
        "%",
        "@",
        "`",
    ),
    *(
        "é",
        "\u2028",
        "\x85",
        "\ufeff",
        "😀",
        "a #b",
        "a:",
        "| x",
        "> x",
        "<<",
        "=",
        "0x1F",
        ".nan",
        "y",
        "a\rb",
        "x\n---\ny",
    ),
]


def front(text: str) -> Record:
    return parse(f"---\n{text}---\nbody".encode())


def test_a_replacement_changes_only_its_own_bytes():
    record = parse(SEED)
    assert record.replace("seo.title", "New").data == SEED.replace(b"Shop | Medicine", b"New")


def test_a_folded_value_stays_folded_on_one_line():
    data = parse(SEED).replace("question", "a: b " * 60 + "x").data
    assert b"question: >-\n    a: b a: b" in data
    assert data.count(b"\n") == SEED.count(b"\n")


def test_a_missing_key_is_added_in_its_schema_place_and_removed_again():
    added = parse(SEED).replace("score", 0.5)
    assert added.data == SEED.replace(b"related_article1", b"score: 0.5\nrelated_article1")
    assert added.remove("score").data == SEED


def test_a_missing_nested_key_takes_the_indent_and_the_place_of_its_map():
    record = parse(SEED)
    assert b"Medicine\n  page_description: >-\n    d\n  page_k" in record.replace("seo.page_description", "d").data
    assert b"    id: 1\n    title: >-\n        t\n    url" in record.replace("related_article1.title", "t").data


def test_a_missing_parent_is_added_and_leaves_with_its_last_key():
    added = parse(SEED).replace("related_article2.url", "/x")
    assert b"related_article2:\n    url: /x\n---" in added.data
    assert added.remove("related_article2.url").data == SEED


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "style", ["a: b", "a: 'b'", 'a: "b"', "a: >-\n    b", "a: |\n    b\n", "a:", "a: b # c", "q: 1"]
)
def test_hostile_text_round_trips_in_every_style(style: str, value: str):
    record = front(f"x: 1\n{style}\nz: 2\n").replace("a", value)
    assert record.values["a"] == value
    assert record.values["x"] == 1
    assert parse(record.data).values == record.values
    if not set(value) & {"\x85", "\ufeff", "\u2028"}:
        assert yaml.safe_load(record.text[record.start : record.end])["a"] in (value, _date(value))


def _date(value: str) -> object:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return value


def test_comments_stay():
    record = front("# top\na: 1 # one\nb: 'x'   # two\nc: >- # three\n    y\n").replace("a", 2).replace("b", "z")
    assert record.replace("c", "w").text == "---\n# top\na: 2 # one\nb: 'z'   # two\nc: >- # three\n    w\n---\nbody"


def test_windows_line_endings_and_a_byte_order_mark_stay():
    data = b"\xef\xbb\xbf---\r\na: 1\r\nanswer: >-\r\n    x\r\n---\r\nbody\r\n"
    changed = parse(data).replace("answer", "y").replace("url", "/u").data
    assert changed == data.replace(b"    x\r\n", b"    y\r\nurl: /u\r\n")


def test_lists_and_maps_are_replaced_in_block_and_flow():
    record = front("a: [1, 2] # c\nb:\n- x\n- y\nc: {k: 1}\n")
    assert "a: [3, '4'] # c\n" in record.replace("a", [3, "4"]).text
    assert "b:\n- z\n" in record.replace("b", ["z"]).text
    assert "c: {k: 2}\n" in record.replace("c.k", 2).text
    assert "c: {k: 1, j: 'x, y'}\n" in record.replace("c.j", "x, y").text
    assert "c: {}" in record.replace("c", {}).text


def test_dates_and_booleans_keep_their_manner():
    record = front("date: 2024-01-01\nflag: true\n")
    assert "date: 2025-02-03\n" in record.replace("date", datetime.date(2025, 2, 3)).text
    assert "flag: false\n" in record.replace("flag", value=False).text


def test_an_anchor_that_is_used_elsewhere_is_not_cut_away():
    record = front("a: &x [1]\nb: *x\nc: 1\n")
    assert record.replace("c", 2).values == {"a": [1], "b": [1], "c": 2}
    with pytest.raises(EditError):
        record.remove("a")


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"no front matter", 1, "front matter"),
        (b"---\na: 1\n", 1, "not closed"),
        (b"---\na: 1\nb: \xff\n---\n", 3, "UTF-8"),
        (b"---\na: 1\nb: 2\na: 3\n---\n", 4, "twice"),
        (b"---\ns:\n  a: 1\n  a: 2\n---\n", 4, "twice"),
        (b"---\na: 1\nb: 'x\n---\n", 3, "quoted"),
        (b"---\n- a\n---\n", 2, "keys"),
        (b"---\na: 1\n...\nb: 2\n---\n", 3, "second YAML document"),
        (b"---\na: " + b"[" * 500 + b"]" * 500 + b"\n---\n", 2, "nested"),
        (b"---\n1: a\n---\n", 2, "quotes"),
    ],
)
def test_what_is_no_record_says_where_and_why(data: bytes, line: int, words: str):
    with pytest.raises(UnreadableError) as caught:
        parse(data)
    assert caught.value.line == line
    assert words in caught.value.problem


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  " + "- " * 5000 + "x\n",
        "a:\n  " + "-   " * 5000 + "x\n",
        "\n".join(" " * depth + "a:" for depth in range(2000)) + "\n",
        "? a\n: b\nc:\n  " + "- " * 5000 + "x\n",
        "? " * 5000 + "x\n",
        "a:\n  " + "- !t " * 5000 + "x\n",
        "a:\n  " + "-\t" * 5000 + "x\n",
        "a:\r  " + "- " * 5000 + "x\r",
        "- " * 5000 + "x\n",
    ],
    ids=[
        "dashes",
        "wide",
        "maps",
        "after a complex key",
        "complex keys",
        "tags",
        "tabs",
        "carriage returns",
        "at the top",
    ],
)
def test_nesting_that_would_kill_the_parser_is_refused_before_it(text: str):
    with pytest.raises(UnreadableError):
        front(text)


def test_a_bomb_of_aliases_is_refused_before_it_goes_off():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(UnreadableError, match="aliases"):
        front("\n".join(lines) + "\n")


def test_ten_megabytes_of_answer_are_read_and_edited():
    record = parse(SEED).replace("answer", "word " * 2_000_000 + "end")
    assert len(str(record.replace("score", 1.0).values["answer"])) > 10_000_000 - 1


def test_lines_are_those_of_dotted_keys_or_of_what_is_above_them():
    record = parse(SEED)
    assert [record.line(key) for key in ("id", "seo.title", "seo.none", "none")] == [3, 8, 7, 1]


texts = st.text(st.characters(codec="utf-8"), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.dates() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "id",
    "title",
    "seo.title",
    "seo.page_description",
    "question",
    "score",
    "sources",
    "related_article1.title",
    "new",
]


@given(st.sampled_from(KEYS), values)
def test_any_value_round_trips_and_nothing_else_changes(key: str, value: Value):
    before = parse(SEED)
    after = before.replace(key, value)
    assert repr(parse(after.data).values) == repr(after.values)
    assert after.body == before.body
    head, tail = _common(before.text, after.text)
    last = key.rsplit(".", maxsplit=1)[-1]
    # The lines that are gone are those of the key and its one line of text.
    gone = before.text[head : len(before.text) - tail]
    assert gone.count("\n") <= 2
    assert head >= before.text.find(f"{last}:") or before.line(key) == 1 or key != last


# Text of one line without blank ends stays in the style it replaces, so the way back leads to the same bytes.
one_line = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40).filter(
    lambda text: text == text.strip()
)


@given(st.sampled_from([key for key in KEYS if key not in ("seo.title", "new")]), one_line)
def test_undoing_a_replacement_restores_the_bytes(key: str, value: str):
    before = parse(SEED)
    old: object = before.values
    for name in key.split("."):
        old = old.get(name) if isinstance(old, dict) else None
    after = before.replace(key, value)
    assert (after.remove(key) if old is None else after.replace(key, old)).data == SEED


def _common(one: str, other: str) -> tuple[int, int]:
    head = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[head:][::-1], other[head:][::-1]
    tail = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    return head, tail


@pytest.mark.real
def test_a_sample_of_the_real_library_is_lossless(real_library: Path):
    paths = sorted((real_library / "content/learn").rglob("*.md"))[::10]
    for path in paths:
        record = parse(path.read_bytes(), path)
        assert record.data == path.read_bytes()
        oracle = yaml.load(record.text[record.start : record.end], yaml.CSafeLoader)
        oracle["date"] = str(oracle["date"])
        assert record.values == oracle
        scored = record.replace("score", 0.123)
        back = scored.replace("score", record.values["score"]) if "score" in record.values else scored.remove("score")
        assert back.data == record.data

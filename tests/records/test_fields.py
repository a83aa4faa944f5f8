import datetime
from pathlib import PurePosixPath

import pytest

from responsa.article import ABSENT, Edit, Url
from responsa.errors import EditError
from responsa.records.fields import article_of, edit_record
from responsa.records.layout import HUGO, MARKDOWN, PRESETS, SEED
from responsa.records.record import parse

PATH = PurePosixPath("content/learn/medicine/how.md")


def record(front: str, body: str = ""):
    return parse(f"---\n{front}---\n{body}".encode())


def edit(field: str, after) -> Edit:
    return Edit(Url("/x"), field, after, "a test")


@pytest.mark.parametrize("text", ["no", "1e3", "2020", "0777", "True", "12:30:45", "0x1F", "1.10"])
def test_text_that_yaml_takes_for_something_else_is_text(text: str):
    assert article_of(record(f"question: {text}\n"), PATH).question == text


def test_a_score_of_minus_one_means_never_checked():
    assert article_of(record("score: -1.0\n"), PATH).score is None
    assert article_of(record("score: 1\n"), PATH).score == 1.0


@pytest.mark.parametrize(
    "line", ["score: 2", "score: .nan", "date: soon", "no_index: maybe", "related_article1: x", "author: [1]"]
)
def test_what_a_key_cannot_mean_is_a_misfit(line: str):
    article = article_of(record(f"{line}\n"), PATH)
    assert [misfit.key for misfit in article.misfits] == [line.partition(":")[0]]


def test_dates_are_days():
    assert article_of(record("date: 2024-12-07T10:00:00Z\n"), PATH).date == datetime.date(2024, 12, 7)


def test_unknown_keys_are_kept_as_extra():
    assert article_of(record("question: q\nmine: [1]\n"), PATH).extra == {"mine": [1]}


def test_an_answer_is_escaped_in_the_file_and_has_line_breaks_outside():
    before = record("answer: >-\n    One.\\n\\nTwo.\n")
    assert article_of(before, PATH).answer == "One.\n\nTwo."
    after = edit_record(before, edit("answer", "Three.\n\n- four"))
    assert after.text == "---\nanswer: >-\n    Three.\\n\\n- four\n---\n"


def test_other_layouts_call_keys_otherwise_and_keep_the_answer_in_the_body():
    before = record("title: Why?\ndescription: d\n", "\nOne.\n\nTwo.\n")
    article = article_of(before, PATH, HUGO)
    assert (article.question, article.seo.description, article.answer) == ("Why?", "d", "One.\n\nTwo.")
    after = edit_record(edit_record(before, edit("answer", "New."), HUGO), edit("seo.page_description", "e"), HUGO)
    assert after.text == "---\ntitle: Why?\ndescription: e\n---\n\nNew.\n"
    with pytest.raises(EditError):
        edit_record(before, edit("answer", ABSENT), MARKDOWN)


@pytest.mark.parametrize("layout", PRESETS.values(), ids=PRESETS)
def test_no_value_under_any_key_is_too_odd(layout):
    for value in ("", "[]", "{}", "[[1]]", "{a: {b: 1}}", "!x 1", ".inf", "1" * 400, "'\\0'", "&a [1]"):
        for key in (
            "id",
            "date",
            "question",
            "answer",
            "seo",
            "score",
            "sources",
            "reviewed",
            "aliases",
            "related_article1",
        ):
            article_of(record(f"{key}: {value}\n"), PATH, layout)


def test_an_edit_to_absent_removes_the_key():
    assert edit_record(record("a: 1\nscore: 0.5\n"), edit("score", ABSENT), SEED).values == {"a": 1}

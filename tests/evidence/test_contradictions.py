from pathlib import PurePosixPath

import pytest

from responsa.article import Article, Url
from responsa.evidence.amounts import amounts, apart
from responsa.evidence.contradictions import conflict, rarities, statements
from responsa.evidence.siblings import CROWD, Read, compare, siblings
from responsa.evidence.words import words


def article(name, answer, question="What is the blood flow of the kidneys?", subject="Medicine"):
    path = PurePosixPath(f"content/learn/medicine/{name}.md")
    return Article(Url(f"/learn/medicine/questions/{name}"), path, question, answer, subject)


FLOW = "The kidneys of adults receive a blood flow of about {} through the renal arteries."


def pair(one, other, **changed):
    first = list(statements(article("a", one), "medicine"))
    second = list(statements(article("b", other, **changed), "medicine"))
    return [found for mine in first for their in second if (found := conflict(mine, their, rarities({}, 1000)))]


def test_two_amounts_of_one_thing_are_a_conflict_with_both_values():
    (found,) = pair(FLOW.format("1.2 to 1.3 L per minute"), FLOW.format("0.9 to 1.0 L per minute"))
    assert found.kind == "number"
    assert ["1.2 to 1.3" in d.claim and "0.9 to 1.0" in d.source for d in found.differences] == [True]
    assert 0 < found.rank <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2 L", "1.2 L"),
        ("1.2 L", "1200 mL"),
        ("98.5% of it", "98% of it"),
        ("1.0 to 1.3 L", "1.2 L"),
        ("at least 1 L", "2 L"),
        ("1.2 L", "20 minutes"),
    ],
)
def test_amounts_that_can_both_be_right_are_no_conflict(one, other):
    assert pair(FLOW.format(one), FLOW.format(other)) == []


@pytest.mark.parametrize(
    "answer",
    [
        "For example, the kidneys of adults receive a blood flow of about 3 L through the renal arteries.",
        "Suppose the kidneys of adults receive a blood flow of about 3 L through the renal arteries.",
        "The kidneys of adults receive a blood flow of $Q = 3$ L through the renal arteries.",
        FLOW.format("3 L").replace("adults", "infants"),
    ],
)
def test_examples_formulas_and_other_people_are_no_conflict(answer):
    assert pair(FLOW.format("1.2 L"), answer) == []


def test_another_question_is_another_subject():
    assert pair(FLOW.format("1.2 L"), FLOW.format("3 L"), question="Why do birds migrate?") == []


def test_a_question_that_asks_to_reckon_states_nothing():
    assert list(statements(article("a", FLOW.format("1.2 L"), question="Calculate the blood flow."), "medicine")) == []


def test_an_article_does_not_contradict_itself():
    one, other = statements(article("a", FLOW.format("1.2 L") + "\n\n" + FLOW.format("3 L")), "medicine")
    assert conflict(one, other, rarities({}, 1000)) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("from 5 to 10 mg a day", [(0.005, 0.01, "mass")]),
        ("in type 2 diabetes", []),
        ("launched on February 13, 2024", [(13, 13, "calendar"), (2024, 2024, "calendar")]),
        ("between 2 and 4 weeks", [(2 * 604800, 4 * 604800, "time")]),
    ],
)
def test_amounts_are_read_with_range_and_unit(text, told):
    assert [(one.low, one.high, one.dimension) for one in amounts(words(text))] == told


def test_amounts_are_further_apart_the_less_they_share():
    one, near, far = (amounts(words(text))[0] for text in ("10 to 20 mg", "12 to 22 mg", "30 to 40 mg"))
    assert 0 < apart(one, near) < apart(one, far) <= 1
    assert apart(one, one) == 0


def found_in(file, articles):
    with siblings(file) as known:
        known.keep(Read(str(a.path), a.answer, tuple(statements(a, "medicine"))) for a in articles)
        for batch in known.batches():
            known.record(*compare(batch))
        return list(known.ranked())


LIBRARY = [article("a", FLOW.format("1.2 L")), article("b", FLOW.format("3 L")), article("c", "Birds have 2 wings.")]


def test_a_library_is_compared_and_remembered(tmp_path):
    (found,) = found_in(tmp_path / "base", LIBRARY)
    assert {found.one.path, found.other.path} == {str(LIBRARY[0].path), str(LIBRARY[1].path)}
    with siblings(tmp_path / "base") as known:
        assert known.batches() == []
        assert list(known.ranked()) == [found]
        assert known.marks([str(LIBRARY[0].path), "other"]) == {str(LIBRARY[0].path): LIBRARY[0].answer}


def test_an_interrupted_comparison_goes_on_where_it_ended(tmp_path):
    with siblings(tmp_path / "base") as known:
        known.keep(Read(str(a.path), a.answer, tuple(statements(a, "medicine"))) for a in LIBRARY)
        left = known.batches()
    with siblings(tmp_path / "base") as known:
        assert known.batches() == left
    assert len(found_in(tmp_path / "base", LIBRARY)) == 1


def test_a_changed_article_is_compared_anew_and_a_removed_one_forgotten(tmp_path):
    assert len(found_in(tmp_path / "base", LIBRARY)) == 1
    assert found_in(tmp_path / "base", [article("b", FLOW.format("1.2 L"))]) == []
    assert len(found_in(tmp_path / "base", LIBRARY)) == 1
    with siblings(tmp_path / "base") as known:
        known.forget_all_but([str(LIBRARY[0].path)])
        assert known.counts()[0] == 1


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_database_is_made_anew(tmp_path, damage):
    found_in(tmp_path / "base", LIBRARY)
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / "base").write_bytes(damage)
    assert len(found_in(tmp_path / "base", LIBRARY)) == 1


def test_the_order_of_articles_changes_nothing(tmp_path):
    one, other = found_in(tmp_path / "a", LIBRARY), found_in(tmp_path / "b", LIBRARY[::-1])
    assert {part.path for part in (one[0].one, one[0].other)} == {part.path for part in (other[0].one, other[0].other)}
    assert one[0].rank == other[0].rank
    assert CROWD > 2

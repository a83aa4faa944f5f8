from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from responsa.article import Article, Edit, Url
from responsa.errors import ResponsaError
from responsa.evidence.check import check, stale
from responsa.evidence.embedded import NAME, Embedded
from responsa.evidence.ledger import decode, encode, place, recall, record
from responsa.evidence.report import harm, rescore, score_of
from responsa.evidence.retrieval import Nearest
from responsa.evidence.shelf import read_shelf
from responsa.evidence.verdict import Verdict
from responsa.library.library import Library

ANSWER = "Five-year survival was 37% after resection.\n\nThe daily dose was 12 grams of iron sulfate.\n\nTrains run on rails of steel."  # noqa: E501
ARTICLE = Article(
    Url("/learn/medicine/questions/a"), PurePosixPath("content/learn/medicine/a.md"), "How long?", ANSWER, "Medicine"
)


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "fong.md").write_text("---\nid: fong\n---\nFive-year survival was 37% after resection.")
    (folder / "none.md").write_text("---\nid: none\n---\nThe daily dose was 22 grams of iron sulfate.")
    return folder


def nearest(folder):
    return Nearest(read_shelf(folder).passages())


def test_the_score_is_the_share_of_claims_that_are_carried(sources):
    report = check(ARTICLE, nearest(sources), Embedded())
    assert [entry.finding.verdict.value for entry in report.checked] == ["quoted", "differs", "none"]
    assert rescore(report) == Edit(
        ARTICLE.url, "score", 0.3333, "1 of 3 checkable claims carried by sources, says " + NAME
    )


@given(st.lists(st.sampled_from(list(Verdict))))
def test_a_score_is_a_share_or_absent(verdicts):
    score = score_of(verdicts)
    assert score is None if not verdicts else 0 <= score <= 1


def test_an_answer_without_claims_has_no_score(sources):
    report = check(structs.replace(ARTICLE, answer="# Only a heading"), nearest(sources), Embedded())
    assert rescore(report).after == -1.0


def test_a_ledger_says_all_of_a_report_and_is_the_same_at_every_run(sources):
    report = check(ARTICLE, nearest(sources), Embedded())
    data = encode(report)
    assert decode(data) == structs.replace(report, asked=0)
    assert encode(check(ARTICLE, nearest(sources), Embedded())) == data == encode(decode(data))


def test_a_ledger_with_another_score_than_its_claims_is_refused(sources):
    data = encode(check(ARTICLE, nearest(sources), Embedded())).replace(b"0.3333", b"0.9")
    with pytest.raises(ResponsaError, match="its claims say"):
        decode(data)


def test_a_changed_source_makes_exactly_its_verdicts_stale(sources):
    report = check(ARTICLE, nearest(sources), Embedded())
    assert stale(ARTICLE, nearest(sources), Embedded(), report) == []
    (sources / "none.md").write_text("---\nid: none\n---\nThe daily dose was 12 grams of iron sulfate.")
    assert [claim.text for claim in stale(ARTICLE, nearest(sources), Embedded(), report)] == [
        "The daily dose was 12 grams of iron sulfate."
    ]
    again = check(ARTICLE, nearest(sources), Embedded(), before=report)
    assert (again.asked, again.score) == (1, 0.6667)


def test_a_retraction_makes_its_verdicts_stale(sources):
    report = check(ARTICLE, nearest(sources), Embedded())
    (sources / "fong.md").write_text("---\nid: fong\nretracted: true\n---\nFive-year survival was 37% after resection.")
    assert "Five-year survival was 37% after resection." in {
        claim.text for claim in stale(ARTICLE, nearest(sources), Embedded(), report)
    }
    assert check(ARTICLE, nearest(sources), Embedded(), before=report).score == 0.0


def test_a_changed_sentence_is_judged_anew_and_the_others_stand(sources):
    report = check(ARTICLE, nearest(sources), Embedded())
    changed = structs.replace(ARTICLE, answer="A new opening sentence stands here.\n\n" + ANSWER)
    again = check(changed, nearest(sources), Embedded(), before=report)
    assert again.asked == 1
    assert again.of != report.of
    assert changed.answer[again.checked[1].claim.start : again.checked[1].claim.end].startswith("Five-year")


def test_a_ledger_lies_beside_the_content_and_is_written_once(tmp_path, sources):
    library = Library(tmp_path)
    report = check(ARTICLE, nearest(sources), Embedded())
    assert str(place(library, ARTICLE)) == "evidence/medicine/a.json"
    assert record(library, ARTICLE, report)
    assert not record(library, ARTICLE, report)
    assert recall(library, ARTICLE) == structs.replace(report, asked=0)
    (tmp_path / "evidence/medicine/a.json").write_text("{ damaged")
    assert recall(library, ARTICLE) is None


def test_a_ledger_is_not_written_through_a_link(tmp_path, sources):
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "evidence").symlink_to(tmp_path / "sources")
    with pytest.raises(ResponsaError, match="out of the library"):
        record(Library(folder), ARTICLE, check(ARTICLE, nearest(sources), Embedded()))


def test_conflicts_stand_at_the_head_of_the_queue(sources):
    report = check(ARTICLE, nearest(sources), Embedded())
    assert [entry.finding.verdict.value for entry in sorted(report.checked, key=harm)] == ["differs", "none", "quoted"]

import re
from pathlib import PurePosixPath

import pytest
from msgspec import structs

from responsa.article import Article, Source
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.ledger import encode
from responsa.evidence.report import Checked, Report
from responsa.evidence.verdict import Finding, Verdict
from responsa.publish.citations import cited, placed, without
from responsa.publish.html import render
from responsa.records.fingerprint import fingerprint

ANSWER = "Liver cancer is rare. It is **often found late.**\n\n| Stage | Survival |\n|---|---|\n| A | five years |\n"
ARTICLE = Article(
    "/q", PurePosixPath("content/q.md"), "What?", ANSWER, "Medicine", sources=(Source("one"), Source("two"))
)


def checked(text, passage, quote, verdict=Verdict.QUOTED):
    start = ANSWER.index(text)
    claim = Claim(start, start + len(text), text, Kind.STATEMENT)
    return Checked(claim, Finding(verdict, 0.9, "embedded/2", passage, quote))


RARE = checked("Liver cancer is rare.", "two#1", "Liver cancer is rare.")
LATE = checked("It is **often found late.**", "one#1", "It is often\nfound late.")
ROW = checked("| A | five years |", "two#2", "Stage A: five years")


def ledger(*entries):
    return encode(Report("/q", fingerprint(ANSWER), "embedded/2", entries))


def page(*entries, article=ARTICLE):
    found = cited(article, ledger(*entries), fingerprint(article.answer))
    return placed(render(found.answer).body, found.quotes), found.quotes


def test_a_carried_sentence_leads_to_the_words_of_its_source():
    body, quotes = page(RARE, LATE)
    assert [(quote.number, quote.reference, quote.text) for quote in quotes] == [
        (1, 2, "Liver cancer is rare."),
        (2, 1, "It is often found late."),
    ]
    assert re.sub("<[^>]*>", "", body).startswith("Liver cancer is rare.2 It is often found late.1")
    assert '<a href="#page-quote-1" id="page-cite-1"' in body


def test_a_row_of_a_table_keeps_its_cells():
    body, _ = page(ROW)
    assert body.count("<td") == 2
    assert "five years<sup" in body


def test_two_sentences_on_one_passage_share_its_quote_and_each_id_stands_once():
    again = structs.replace(LATE, finding=structs.replace(LATE.finding, passage="two#1", quote=RARE.finding.quote))
    body, quotes = page(RARE, again)
    assert len(quotes) == 1
    assert (body.count('href="#page-quote-1"'), body.count('id="page-cite-1"')) == (2, 1)


@pytest.mark.parametrize("verdict", [Verdict.DIFFERS, Verdict.RELATED, Verdict.NONE, Verdict.CONTRADICTED])
def test_what_no_source_carries_is_not_cited(verdict):
    body, quotes = page(structs.replace(RARE, finding=structs.replace(RARE.finding, verdict=verdict)))
    assert (quotes, "cite" in body) == ((), False)


def test_a_retracted_source_is_not_cited():
    sources = (Source("one"), Source("two", retracted=True))
    assert page(RARE, article=structs.replace(ARTICLE, sources=sources))[1] == ()


def test_verdicts_on_another_answer_are_not_shown():
    assert cited(ARTICLE, ledger(RARE), "another").quotes == ()


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b"\xff", b"[" * 100_000])
def test_a_damaged_ledger_leaves_the_answer_as_it_is(data):
    assert cited(ARTICLE, data, fingerprint(ANSWER)).answer == ANSWER


def test_an_answer_that_holds_the_marks_itself_gets_no_citations():
    answer = "\ue0001\ue001 " + ANSWER
    article = structs.replace(ARTICLE, answer=answer)
    data = encode(Report("/q", fingerprint(answer), "embedded/2", (RARE,)))
    assert cited(article, data, fingerprint(answer)).quotes == ()


def test_a_mark_inside_a_tag_or_a_formula_is_refused():
    _, quotes = page(RARE)
    for body in ('<p title="\ue0001\ue001">x</p>', "<math><mi>\ue0001\ue001</mi></math>", "<p>none</p>"):
        assert placed(body, quotes) is None


def test_text_that_leaves_the_page_has_no_numbers():
    body, _ = page(RARE, LATE)
    assert without(body) == render(ANSWER).body


@pytest.mark.parametrize(("start", "end"), [(0, 10**6), (10**6, 10**6 + 9), (-9, -3), (30, 20)])
def test_a_ledger_whose_claims_lie_outside_the_answer_leaves_it_as_it_is(start, end):
    forged = structs.replace(RARE, claim=structs.replace(RARE.claim, start=start, end=end))
    assert cited(ARTICLE, ledger(LATE, forged), fingerprint(ANSWER)).answer == ANSWER

"""Changing an answer or a source, or a retraction, makes exactly the affected verdicts anew."""

from pathlib import PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from responsa.article import Article, Url
from responsa.evidence.check import check, stale
from responsa.evidence.judges import ByPassages
from responsa.evidence.ledger import decode, encode
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest

SENTENCES = [
    "Five-year survival was 37% after resection of the liver.",
    "Five-year survival was 47% after resection of the liver.",
    "The daily dose was 12 grams of iron sulfate.",
    "The daily dose was 22 grams of iron sulfate.",
    "Trains run on rails of steel.",
    "Trains do not run on rails of steel.",
    "Atezolizumab is given with bevacizumab.",
    "Einstein and Bohr spoke of iron and steel.",
    "Resection is not an option for metastases.",
    "Surgery is standard for metastases of the liver.",
]
ANSWERS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True)
SHELVES = st.dictionaries(
    st.sampled_from("abcdefgh"), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), max_size=8
)


def article(answer):
    return Article(Url("/a"), PurePosixPath("content/learn/m/a.md"), "What of it?", "\n\n".join(answer), "Medicine")


def nearest(shelf):
    return Nearest(p for name in sorted(shelf) for p in passages(name, map(Paragraph, shelf[name])))


class Counting(ByPassages):
    """Notes about which claims it is asked."""

    def __init__(self):
        self.asked = []

    def judge(self, claim, hits):
        self.asked.append((claim.text, claim.lead, tuple(hit.passage.id for hit in hits)))
        return super().judge(claim, hits)


@settings(max_examples=60, deadline=None)
@given(ANSWERS, SHELVES, ANSWERS, SHELVES)
def test_exactly_the_affected_verdicts_are_made_anew_and_the_ledger_is_as_at_first(answer, shelf, after, changed):
    first = Counting()
    report = decode(encode(check(article(answer), nearest(shelf), first)))
    again, fresh = Counting(), Counting()
    brought = check(article(after), nearest(changed), again, before=report)
    assert encode(brought) == encode(check(article(after), nearest(changed), fresh))
    affected = [seen for seen in fresh.asked if seen not in first.asked]
    assert again.asked == affected
    assert brought.asked == len(affected)
    assert [claim.text for claim in stale(article(after), nearest(changed), again, report)] == [
        t for t, _, _ in affected
    ]


@settings(max_examples=40, deadline=None)
@given(ANSWERS, SHELVES.filter(bool), st.data())
def test_a_retraction_makes_at_least_the_verdicts_anew_that_lean_on_it(answer, shelf, data):
    gone = data.draw(st.sampled_from(sorted(shelf)))
    report = check(article(answer), nearest(shelf), ByPassages())
    left = {name: texts for name, texts in shelf.items() if name != gone}
    leaning = {
        entry.claim.text
        for entry in report.checked
        if any(name.partition("#")[0] == gone for name in (*entry.finding.nearest, entry.finding.passage))
    }
    found = {claim.text for claim in stale(article(answer), nearest(left), ByPassages(), report)}
    assert leaning <= found
    again = check(article(answer), nearest(left), ByPassages(), before=report)
    assert not any(entry.finding.passage.partition("#")[0] == gone for entry in again.checked)


def test_what_is_judged_depends_on_the_judge_by_name():
    report = check(article(SENTENCES), nearest({"a": SENTENCES}), ByPassages())

    class Other(ByPassages):
        name = "other/1"

        def judge(self, claim, hits):
            return structs.replace(super().judge(claim, hits), judge=self.name)

    again = check(article(SENTENCES), nearest({"a": SENTENCES}), Other(), before=report)
    assert again.asked == len(again.checked) == len(report.checked)

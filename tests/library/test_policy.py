import datetime
from pathlib import PurePosixPath

import pytest
from msgspec import structs

from responsa.article import Article, Review, Score, Source
from responsa.library.config import Policy
from responsa.library.policy import Gate, gate
from responsa.library.subjects import Subjects
from responsa.records.fingerprint import fingerprint

ARTICLE = Article("/learn/medicine/questions/a", PurePosixPath("a.md"), "What is a?", "An answer.", "Medicine")
STRICT = Policy(min_score=0.5, require_review=["medicine"], require_sources=["MEDICINE"])
SCORED = structs.replace(ARTICLE, score=Score(0.6))
REVIEWED = structs.replace(SCORED, reviewed=Review("Dr A", datetime.date(2026, 1, 1), fingerprint("An answer.")))
WHOLE = structs.replace(REVIEWED, sources=(Source("s"),))


def gated(article, policy):
    return gate(policy, Subjects(()), article)


@pytest.mark.parametrize(
    ("article", "reason"), [(ARTICLE, "score"), (SCORED, "review"), (REVIEWED, "sources"), (WHOLE, "")]
)
def test_an_article_is_held_for_the_first_thing_that_it_lacks(article, reason):
    assert gated(article, STRICT) == Gate(reason, reason)


def test_an_article_that_lacks_something_can_be_published_without_being_listed():
    found = gated(ARTICLE, structs.replace(STRICT, unmet="noindex"))
    assert found == Gate("", "score")
    assert found.hidden


@pytest.mark.parametrize("extra", [{"draft": True}, {"published": False}])
def test_a_draft_is_held_whatever_else_it_lacks(extra):
    assert gated(structs.replace(ARTICLE, extra=extra), STRICT) == Gate("draft", "score")
    assert gated(structs.replace(WHOLE, extra=extra), STRICT).held == "draft"


@pytest.mark.parametrize("extra", [{"draft": False}, {"published": True}, {"draft": "no"}, {"published": None}])
def test_what_is_no_draft_is_published(extra):
    assert gated(structs.replace(WHOLE, extra=extra), STRICT) == Gate("", "")


def test_a_review_of_another_answer_does_not_count():
    assert gated(structs.replace(WHOLE, answer="Another answer."), STRICT).held == "review"


def test_the_score_of_a_subject_wins_over_that_for_all():
    policy = Policy(min_score=0.5, min_score_of={"Medicine": 0.9})
    assert gated(SCORED, policy).held == "score"
    assert not gated(structs.replace(SCORED, subject="Law"), policy).held


def test_a_refusal_is_held_even_where_the_policy_publishes_what_lacks_something():
    refusal = structs.replace(ARTICLE, answer="I cannot answer this question.")
    assert gated(refusal, structs.replace(STRICT, unmet="noindex")).held == "refusal"


def test_an_unsafe_address_is_held_whatever_the_policy():
    assert gated(structs.replace(WHOLE, url="javascript:alert(1)"), Policy()).held == "address"

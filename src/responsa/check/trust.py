"""Rules on whether a reader can lean on an answer: refusals, reviews, sources, score."""

import datetime
from collections.abc import Iterator

from responsa.check.case import Case
from responsa.check.problem import Problem
from responsa.library.policy import least_score
from responsa.library.refusal import is_refusal, is_soft_refusal
from responsa.records.fingerprint import fingerprint


def refusal(case: Case) -> Iterator[Problem]:
    """Text that declines to answer."""
    if is_refusal(case.article):
        yield case.found("refusal", "answer", "the answer declines to answer")
    elif is_soft_refusal(case.article):
        yield case.found("soft-refusal", "answer", "the answer asks back or evades")


def review(case: Case) -> Iterator[Problem]:
    """The stamp of a person, where it is asked for or was given."""
    article, policy = case.article, case.config.policy
    stamp = article.reviewed
    if stamp is None:
        if case.subjects.named(article.subject, policy.require_review):
            yield case.found("review-missing", "reviewed", f"{article.subject} is published with a review only")
    elif stamp.of != fingerprint(article.answer):
        yield case.found("review-void", "reviewed", "the answer has changed since it was reviewed")
    due = article.review_by or (_later(stamp.on, policy.review_years) if stamp else None)
    if due is not None and due < case.today:
        yield case.found("review-stale", "review_by" if article.review_by else "reviewed", f"was due on {due}")


def sources(case: Case) -> Iterator[Problem]:
    """References, where they are asked for, and those that were withdrawn."""
    article = case.article
    if not article.sources and case.subjects.named(article.subject, case.config.policy.require_sources):
        yield case.found("sources-missing", "sources", f"{article.subject} is published with references only")
    for source in article.sources:
        if source.retracted:
            yield case.found("source-retracted", "sources", f"{source.id!r} was retracted")


def score(case: Case) -> Iterator[Problem]:
    """What the policy asks of articles; one that was never checked does not reach it."""
    least = least_score(case.config.policy, case.subjects, case.article.subject)
    score = case.article.score
    if least is not None and score is None:
        yield case.found("score-low", "score", f"never checked against sources; the policy asks for {least}")
    elif least is not None and score is not None and score < least:
        yield case.found("score-low", "score", f"{score} is under {least}")


def _later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)

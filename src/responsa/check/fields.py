"""Rules on what a record must hold, and on the head of its page."""

from collections.abc import Iterator
from typing import Final

from responsa.check.case import Case
from responsa.check.problem import Problem
from responsa.library.card import question_key

REQUIRED: Final = ("question", "answer", "subject")
LONGEST_DESCRIPTION: Final = 160
_DATES: Final = ("date", "review_by", "reviewed.on")


def required(case: Case) -> Iterator[Problem]:
    """A bare folder of Markdown takes question and subject from the file's name and folder; an answer it needs."""
    in_body = case.config.layout.answer_in_body
    for field in ("answer",) if in_body else REQUIRED:
        if not (case.article.answer.strip() if field == "answer" else case.states(field)):
            yield case.found("missing-field", field, f"`{field}` is missing or empty")


def types(case: Case) -> Iterator[Problem]:
    """Values that their key cannot mean."""
    for misfit in case.article.misfits:
        rule = "bad-date" if misfit.key in _DATES else "score-range" if misfit.key == "score" else "wrong-type"
        yield case.found(rule, misfit.key, f"`{misfit.key}`: {misfit.message}")


def heading(case: Case) -> Iterator[Problem]:
    """The heading and the question, punctuation and case aside."""
    article = case.article
    if article.heading and question_key(article.heading) != question_key(article.question):
        yield case.found("heading-differs", "article_title", f"the heading {article.heading!r} is not the question")


def description(case: Case) -> Iterator[Problem]:
    """What search engines show of the page."""
    text = case.article.seo.description
    if not text.strip():
        yield case.found("description-missing", "seo.page_description", "there is no description")
    elif len(text) > LONGEST_DESCRIPTION:
        yield case.found("description-long", "seo.page_description", f"{len(text)} characters, 160 are shown")


def subject(case: Case) -> Iterator[Problem]:
    """The shelf and its spelling."""
    if not case.states("subject"):
        return
    spelling = case.article.subject
    shelf = case.shelves.get(case.subjects.of(spelling).slug)
    if case.config.subjects and not any(info.slug == case.subjects.of(spelling).slug for info in case.subjects.all()):
        yield case.found("subject-unknown", "subject", f"{spelling!r} is not among the subjects of responsa.toml")
    if shelf is not None and spelling != shelf.title:
        edit = case.edit("subject", shelf.title, f"the usual spelling is {shelf.title!r}")
        yield case.found("subject-spelling", "subject", f"{spelling!r}; the shelf is {shelf.title!r}", edit)

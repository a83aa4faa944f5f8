"""Subjects in the one spelling that their shelf has."""

from collections.abc import Iterator

from responsa.article import Edit
from responsa.check.case import Case


def of_article(case: Case) -> Iterator[Edit]:
    """The shelf's title, where the file states another spelling of it."""
    spelling = case.article.subject
    shelf = case.shelves.get(case.subjects.of(spelling).slug)
    if shelf is not None and case.states("subject") and spelling != shelf.title:
        yield case.edit("subject", shelf.title, f"the usual spelling is {shelf.title!r}")

"""Refusals that are marked as no page for lists and search engines."""

from collections.abc import Iterator

from responsa.article import Edit
from responsa.check.case import Case
from responsa.library.refusal import is_refusal


def of_article(case: Case) -> Iterator[Edit]:
    """``no_index`` where an answer declines to answer; not where its value is one that a person must mend."""
    article = case.article
    misread = any(misfit.key == "no_index" for misfit in article.misfits)
    if is_refusal(article) and not article.no_index and not misread:
        yield case.edit("no_index", True, "the answer declines to answer")

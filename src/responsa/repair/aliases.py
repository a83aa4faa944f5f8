"""Aliases that can never be followed."""

from collections.abc import Iterator

from responsa.article import ABSENT, Edit
from responsa.check.case import Case


def of_article(case: Case) -> Iterator[Edit]:
    """Without those at which an article lives, this one or another. One that two articles claim is a person's."""
    aliases = case.article.aliases
    kept = [str(alias) for alias in aliases if alias not in case.known]
    if len(kept) < len(aliases):
        gone = ", ".join(alias for alias in aliases if alias in case.known)
        yield case.edit("aliases", [*kept] if kept else ABSENT, f"{gone}: the address of a living article")

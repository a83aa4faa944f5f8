"""Rules on the related questions that an article stores."""

from collections.abc import Iterator

from responsa.article import ABSENT, Link
from responsa.check.case import Case
from responsa.check.problem import Problem


def related(case: Case) -> Iterator[Problem]:
    """At most one problem a slot, the worst first."""
    seen: set[str] = set()
    for link in sorted(case.article.related, key=lambda link: link.slot):
        yield from _problem(case, link, seen)
        seen.add(link.url)


def _problem(case: Case, link: Link, seen: set[str]) -> Iterator[Problem]:
    url, field = link.url, f"related_article{link.slot}"
    target = case.known.get(url)
    if "undefined" in url.split("/"):
        yield _removal(case, "link-undefined", field, f"{url!r} holds `undefined`")
    elif url == case.article.url:
        yield _removal(case, "link-self", field, "the link leads to the article itself")
    elif url in seen:
        yield _removal(case, "link-doubled", field, f"{url} is in an earlier slot")
    elif target is None and url in case.moved:
        edit = case.edit(f"{field}.url", case.moved[url], "the article has moved")
        yield case.found("link-moved", field, f"{url} has moved to {case.moved[url]}", edit)
    elif target is None:
        yield _removal(case, "link-dangling", field, f"no article has the address {url!r}")
    elif link.title and link.title.split() != target.title.split():
        edit = case.edit(f"{field}.title", target.title, "the question of the linked article")
        yield case.found("link-title", field, f"the title is not the question of {url}", edit)


def _removal(case: Case, rule: str, field: str, message: str) -> Problem:
    return case.found(rule, field, message, case.edit(field, ABSENT, message))

"""Rules on the address of an article."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from responsa.check.case import Case
from responsa.check.problem import Problem
from responsa.library.urls import is_address


def safe(case: Case) -> Iterator[Problem]:
    """Nothing that could leave the site, and not the front page."""
    url = case.article.url
    if not is_address(url) or url == "/":
        yield case.found("address-unsafe", "url", f"{url!r} cannot be the address of a page")


def undefined(case: Case) -> Iterator[Problem]:
    """What a script wrote that knew no subject."""
    if "undefined" in case.article.url.split("/"):
        yield case.found("address-undefined", "url", f"{case.article.url!r} holds `undefined`")


def agrees(case: Case) -> Iterator[Problem]:
    """The address a file states against the file's name and its subject."""
    if not case.states("url") or not is_address(case.article.url):
        return
    url = case.article.url.rstrip("/").removesuffix(".html")
    stem = case.path.parent.name if case.path.stem == "index" else case.path.stem
    name = PurePosixPath(url).name
    if name != stem:
        yield case.found("address-mismatch", "url", f"the address ends in {name!r}, the file is {stem!r}")
        return
    slug = case.subjects.of(case.article.subject).slug
    if "{subject}" in case.config.layout.permalink and slug not in url.split("/"):
        yield case.found("address-mismatch", "url", f"the address does not name the subject {slug!r}")

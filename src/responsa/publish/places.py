"""Which file of the site holds the page of an address, and which addresses would want the same file."""

import re
from typing import Final

from responsa.library.urls import is_address

HOME: Final = "index.html"
MISSING: Final = "404.html"
SEARCH: Final = "search.html"
_PAGE: Final = re.compile(r"/page/[0-9]+$")


def place_of(url: str) -> str:
    """The page's file below the site's folder: ``/a/b`` and ``/a/b.html`` are ``a/b.html``, ``/a/`` ``a/index.html``.

    Raises ``ValueError`` where ``url`` is no address.
    """
    if not is_address(url):
        raise ValueError(f"{url!r} is not an address")
    inner = url[1:]
    if not inner or inner.endswith("/"):
        return f"{inner}index.html"
    return inner if inner.endswith(".html") else f"{inner}.html"


def urls_of(place: str) -> list[str]:
    """Every address whose page lies at ``place``, the one that has it before the others first."""
    stem = place.removesuffix(".html")
    folder, _, name = stem.rpartition("/")
    above = [f"/{folder}/" if folder else "/"] if name == "index" else []
    return [*above, f"/{stem}", f"/{place}"]


def twin_of_page(place: str) -> str:
    """The file of the page's Markdown twin."""
    return f"{place.removesuffix('.html')}.md"


def clashes(place: str) -> bool:
    """Whether the page would lie in a folder that has the name of another page's file."""
    return any(folder.endswith((".html", ".md")) for folder in place.split("/")[:-1])


def shelf_url(permalink: str, slug: str, page: int = 1) -> str:
    """The address of one page of a subject's list: ``permalink`` up to the subject, or ``/subjects/`` and its slug."""
    head, found, _ = permalink.partition("{subject}")
    whole_segment = found and head.endswith("/") and "{" not in head
    base = f"{head}{slug}" if whole_segment else f"/subjects/{slug}"
    return base if page == 1 else f"{base}/page/{page}"


def is_reserved(place: str, shelves: frozenset[str]) -> bool:
    """Whether the site itself has a page there; ``shelves`` are the subjects' addresses."""
    if place in (HOME, MISSING, SEARCH):
        return True
    return _PAGE.sub("", f"/{place.removesuffix('.html')}") in shelves

"""Sitemaps of at most 50,000 addresses and the index that names them, by the sitemaps.org protocol."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain, islice
from typing import Final

from msgspec import Struct

LIMIT: Final = 50_000
"""Addresses that one file may hold."""

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Place(Struct, frozen=True):
    """A page that may be found: its site-absolute address and its ISO date, or nothing."""

    url: str
    date: str = ""


class Sitemap(Struct, frozen=True):
    """One file of the site."""

    path: str
    content: str


def sitemaps(places: Iterable[Place], base_url: str, limit: int = LIMIT) -> Iterator[Sitemap]:
    """Streams the sitemaps in the order given, then the index ``sitemap.xml``; one file is in memory at a time.

    Nothing without ``base_url``: a sitemap holds whole addresses only.
    """
    if not base_url:
        return
    index: list[Place] = []
    for number, batch in enumerate(_batches(places, limit), 1):
        path = f"sitemap-{number}.xml"
        index.append(Place(f"/{path}", max(place.date for place in batch)))
        yield Sitemap(path, _document("urlset", "url", batch, base_url))
    yield Sitemap("sitemap.xml", _document("sitemapindex", "sitemap", index, base_url))


def _batches(places: Iterable[Place], limit: int) -> Iterator[list[Place]]:
    stream = iter(places)
    while batch := list(islice(stream, limit)):
        yield batch


def _document(root: str, item: str, places: Iterable[Place], base_url: str) -> str:
    opening = f'{_HEAD}<{root} xmlns="{_SPACE}">\n'
    return "".join(chain([opening], (_entry(item, place, base_url) for place in places), [f"</{root}>\n"]))


def _entry(item: str, place: Place, base_url: str) -> str:
    modified = f"<lastmod>{escape(place.date)}</lastmod>" if place.date else ""
    return f"<{item}><loc>{escape(base_url + place.url)}</loc>{modified}</{item}>\n"

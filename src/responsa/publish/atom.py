"""The feed of the newest questions, by RFC 4287."""

import heapq
from collections.abc import Iterable
from html import escape
from typing import Final

from responsa.publish.views import ListItem, SiteView, clean

NEWEST: Final = 50

_EPOCH: Final = "1970-01-01"


def newest(items: Iterable[ListItem], count: int = NEWEST) -> tuple[ListItem, ...]:
    """The newest dated items, ties by address; streams ``items``."""
    dated = (item for item in items if item.date)
    return tuple(heapq.nsmallest(count, dated, key=lambda item: (_descending(item.date), item.url)))


def atom(items: Iterable[ListItem], site: SiteView) -> str:
    """The feed of ``items`` in their order. ``updated`` is the newest date among them, never the clock."""
    items = tuple(items)
    home = f"{site.base_url}/"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(site.language)}">',
        f"<title>{_text(site.name)}</title>",
        f"<id>{_text(home if site.base_url else _tag(site, '/'))}</id>",
        f'<link href="{escape(home)}"/>',
        *_self(site),
        f"<updated>{_instant(max((item.date for item in items), default=_EPOCH))}</updated>",
        f"<author><name>{_text(site.author or site.name)}</name></author>",
        *(_entry(item, site) for item in items),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _self(site: SiteView) -> list[str]:
    if not site.base_url:
        return []
    return [f'<link rel="self" type="application/atom+xml" href="{escape(site.base_url + site.feed_url)}"/>']


def _entry(item: ListItem, site: SiteView) -> str:
    address = site.base_url + item.url
    category = f'<category term="{_text(item.subject)}"/>' if item.subject else ""
    return (
        f"<entry><title>{_text(item.title)}</title><id>{_text(address if site.base_url else _tag(site, item.url))}</id>"
        f'<link href="{escape(address)}"/><updated>{_instant(item.date or _EPOCH)}</updated>{category}'
        f"<summary>{_text(item.title)}</summary></entry>"
    )


def _instant(date: str) -> str:
    # A record knows the day alone; midnight UTC keeps the feed the same at every build.
    return f"{date}T00:00:00Z"


def _tag(site: SiteView, url: str) -> str:
    # An id must be a whole IRI even where the site does not know its address.
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in site.name)
    return f"tag:localhost,2000:{name}{url}"


def _text(text: str) -> str:
    return escape(clean(text))


def _descending(date: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in date)

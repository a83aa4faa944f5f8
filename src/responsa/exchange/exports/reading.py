"""Answers as readers of a file see them: the site's own HTML, with links that lead out of the file."""

import re
from html import escape
from typing import Final

from responsa.article import Article
from responsa.publish.html import Html, render
from responsa.publish.views import Reference, SiteView, references

_TO_SITE: Final = re.compile(r'(<(?:a|img) (?:[^>]*? )?(?:href|src)=")(/[^"]*")')
_LINK_TO_SITE: Final = re.compile(r'<a (?:[^>]*? )?href="/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def answer(article: Article, base_url: str) -> Html:
    """The answer's HTML; addresses of the site become whole ones, or plain text where nobody knows the site's."""
    html = render(article.answer, heading_level=3)
    if base_url:
        return Html(_TO_SITE.sub(lambda found: f"{found[1]}{escape(base_url)}{found[2]}", html.body), html.has_maths)
    return Html(_LINK_TO_SITE.sub(r"\1", html.body), html.has_maths)


def references_html(article: Article) -> str:
    """A numbered list of the sources, or nothing."""
    items = "".join(f"<li>{_reference(one)}</li>" for one in references(article.sources))
    return f"<ol>{items}</ol>" if items else ""


def site_of(name: str, base_url: str, language: str, description: str) -> SiteView:
    """As much of the site as a file outside of it knows."""
    return SiteView(name=name, base_url=base_url.rstrip("/"), language=language, description=description)


def _reference(one: Reference) -> str:
    words = " ".join(f"{part}." for part in (one.authors, one.title, one.venue) if part)
    text = escape(f"{'RETRACTED. ' if one.retracted else ''}{words}{f' ({one.year})' if one.year else ''}")
    address = one.doi_url or one.pmid_url or one.url
    return f'{text} <a href="{escape(address)}">{escape(address)}</a>' if address else text

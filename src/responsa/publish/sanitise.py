"""The one gate for HTML that an author may have written: whatever comes in, only harmless tags and addresses leave."""

import re
from typing import Final

import nh3

_TAGS: Final = set(
    re.findall(
        r"\w+",
        "a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6"
        " hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr"
        " u ul var",
    )
)
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "div": {"id"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_ALIGNED: Final = {"align-left", "align-center", "align-right"}
_DROPPED_WITH_CONTENT: Final = {
    "script", "style", "iframe", "object", "svg", "math", "template", "noscript", "title",
}  # fmt: skip
_NUMBERS: Final = {"colspan", "rowspan", "width", "height", "start"}
_COUNT: Final = re.compile(r"[1-9]\d{0,3}\Z")
_UNSAFE_URL: Final = re.compile(r"[\x00-\x20\x7f\\]")
_NO_SOURCE: Final = re.compile(r'<img (?![^>]*\bsrc=)(?:[^">]|"[^"]*")*>')
_ALT: Final = re.compile(r'\balt="([^"]*)"')
_ALIGN: Final = re.compile(r' style="text-align: (left|center|right)"')


def _site_address(url: str) -> str | None:
    r"""Addresses inside the site and the page; ``//host`` and ``/\host`` would leave it."""
    if url.startswith("#"):
        return url
    return url if url.startswith("/") and not url.startswith("//") and not _UNSAFE_URL.search(url) else None


_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=lambda _tag, name, value: value if name not in _NUMBERS or _COUNT.match(value) else None,
    tag_attribute_values={"th": {"scope": {"row", "col", "rowgroup", "colgroup"}}, "details": {"open": {""}}},
    allowed_classes={
        "td": _ALIGNED,
        "th": _ALIGNED,
        "div": {"footnote-definition"},
        "blockquote": {f"markdown-alert-{kind}" for kind in ("note", "tip", "important", "warning", "caution")},
    },
    clean_content_tags=_DROPPED_WITH_CONTENT,
    # A reader's browser tells the host of a picture nothing about the page.
    set_tag_attribute_values={"img": {"loading": "lazy", "referrerpolicy": "no-referrer"}},
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
    url_relative=_site_address,
)


def sanitised(html: str) -> str:
    """What Markdown made of a text that may hold anything, as well-formed HTML of ``_TAGS`` and safe addresses."""
    html = _CLEANER.clean(aligned(html) if ' style="' in html else html)
    return _NO_SOURCE.sub(_alternative, html) if "<img " in html else html


def aligned(html: str) -> str:
    """Columns of a table by class: pages are served under a policy without inline style."""
    return _ALIGN.sub(r' class="align-\1"', html)


def _alternative(match: re.Match[str]) -> str:
    """An image without a safe address leaves its text."""
    alt = _ALT.search(match.group())
    return alt.group(1) if alt else ""

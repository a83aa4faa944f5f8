"""Markdown to the HTML of an answer: safe whatever the text, the same at every run, readable without a script."""

import re
from hashlib import blake2b
from html import escape, unescape
from typing import Final

import nh3
import pyromark
from msgspec import Struct

from responsa.publish.highlight import highlight
from responsa.records.mathml import mathml, tex_source
from responsa.records.maths import Maths, find_maths


class Html(Struct, frozen=True):
    """The body of an answer; the flags tell a page which font and colours it needs."""

    body: str
    has_maths: bool = False
    has_code: bool = False


MAX_MARKDOWN: Final = 500_000
"""Characters; a longer answer is shown as plain text."""
MAX_DEPTH: Final = 100
"""Nested quotes and lists on one line; a deeper line is shown as plain text with the whole answer."""

MAX_TAGS: Final = 20_000
"""Raw tags; with more the answer is plain text."""

_OPTIONS = pyromark.Options
_MARKDOWN = pyromark.Markdown(
    options=_OPTIONS.ENABLE_TABLES
    | _OPTIONS.ENABLE_STRIKETHROUGH
    | _OPTIONS.ENABLE_TASKLISTS
    | _OPTIONS.ENABLE_FOOTNOTES
    | _OPTIONS.ENABLE_GFM
)
_TAGS = set(
    re.findall(
        r"\w+",
        "a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6"
        " hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr"
        " u ul var",
    )
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
    "div": {"id"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_ALIGNED = {"align-left", "align-center", "align-right"}


def _site_address(url: str) -> str | None:
    r"""Addresses inside the site and the page; ``//host`` and ``/\host`` would leave it."""
    if url.startswith("#"):
        return url
    return url if url.startswith("/") and not url.startswith("//") and not _UNSAFE_URL.search(url) else None


_UNSAFE_URL = re.compile(r"[\x00-\x20\x7f\\]")
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes={"td": _ALIGNED, "th": _ALIGNED, "div": {"footnote-definition"}},
    clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "title"},
    set_tag_attribute_values={"img": {"loading": "lazy"}},
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
    url_relative=_site_address,
)

_DEEP = re.compile(rf"(?m)^(?:[ \t]*(?:>|[-*+][ \t]|\d{{1,9}}[.)][ \t])){{{MAX_DEPTH}}}")
_NESTED_TAGS = re.compile(r"<[A-Za-z]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ALIGN = re.compile(r' style="text-align: (left|center|right)"')
_CODE = re.compile(r'<code class="([^"]*)">(?:([^<]*)</code></pre>)?')
_TAG = re.compile(r'<[A-Za-z/](?:[^">]|"[^"]*")*>')
_HEADING = re.compile(r"<(/?)h([1-6])>")
_HEADING_TEXT = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_NOT_SLUG = re.compile(r"[\W_]+")
# A pattern with the answer's own mark in it would be compiled anew for every answer, at half the cost of a page.
_MARKED = re.compile(r"(m[0-9a-f]{32}x)(\d+)z")
_PLACES = re.compile(rf"(<pre>.*?</pre>)|({_TAG.pattern})|{_MARKED.pattern}", re.DOTALL)
_OUTWARD = re.compile(r'<a (?=[^>]*href="https?:)')
_NO_SOURCE = re.compile(r'<img (?![^>]*\bsrc=)(?:[^">]|"[^"]*")*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_TABLE = re.compile(r"<table>(?=(?:<caption>.*?</caption>)?(?:\s*<thead>\s*<tr>(.*?)</tr>)?)", re.DOTALL)
_HEADER_CELL = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL)
_NOTE_ID = re.compile(r'<div(?: id="([^"]*)")?( class="footnote-definition")?(?: id="([^"]*)")?>')


def render(markdown: str, *, heading_level: int = 2) -> Html:
    """HTML of an answer whose highest heading becomes ``heading_level``. Never raises; a broken formula is its source.

    Answers over ``MAX_MARKDOWN`` characters or nested deeper than ``MAX_DEPTH`` come out as plain text.
    """
    text = _CONTROL.sub("\ufffd", markdown) if _CONTROL.search(markdown) else markdown
    if len(text) > MAX_MARKDOWN or _DEEP.search(text) or _too_many_tags(text):
        return Html(f'<div class="plain">{escape(text)}</div>')
    spans = find_maths(text)
    mark = _mark(text) if spans else ""
    html = _CLEANER.clean(_prepared(_MARKDOWN.html(_without_maths(text, spans, mark) if spans else text)))
    html, has_code = _finished(html, heading_level, mark)
    return Html(_with_maths(html, text, spans, mark) if spans else html, bool(spans), has_code)


def _too_many_tags(text: str) -> bool:
    """Raw HTML that nests without end takes an HTML parser quadratic time."""
    return text.count("<") > MAX_TAGS and sum(1 for _ in _NESTED_TAGS.finditer(text)) > MAX_TAGS


def _mark(text: str) -> str:
    """What stands for formulas: a hash of the text itself, so that no text can hold its own."""
    return "m" + blake2b(text.encode("utf-8"), digest_size=16).hexdigest() + "x"


def _without_maths(text: str, spans: list[Maths], mark: str) -> str:
    parts: list[str] = []
    done = 0
    for number, span in enumerate(spans):
        parts += (text[done : span.start], mark, str(number), "z")
        done = span.end
    return "".join((*parts, text[done:]))


def _with_maths(html: str, text: str, spans: list[Maths], mark: str) -> str:
    """Formulas go where text may stand; inside an attribute or a code block their source does."""

    def source(match: re.Match[str]) -> str:
        if match.group(1) != mark:
            return match.group()
        span = spans[int(match.group(2))]
        return escape(text[span.start : span.end])

    def put(match: re.Match[str]) -> str:
        if match.group(3) is None:
            return _MARKED.sub(source, match.group()) if mark in match.group() else match.group()
        if match.group(3) != mark:
            return match.group()
        span = spans[int(match.group(4))]
        return mathml(span.tex, display=span.display) or tex_source(span.tex)

    return _PLACES.sub(put, html)


def _prepared(html: str) -> str:
    """What Markdown writes and the sanitiser would drop, in a form that it keeps."""
    if ' style="' in html:
        html = _ALIGN.sub(r' class="align-\1"', html)
    if "<input " in html:
        html = html.replace('<input disabled="" type="checkbox" checked=""/>\n', "\u2611 ")
        html = html.replace('<input disabled="" type="checkbox"/>\n', "\u2610 ")
    return html


def _finished(html: str, heading_level: int, mark: str) -> tuple[str, bool]:
    has_code = "<pre>" in html
    if "<code class=" in html:
        html = _CODE.sub(_coloured, html)
    if "<div" in html:
        html = _notes(html)
    if "<h" in html:
        html = _headings(html, heading_level, mark)
    if "<a " in html:
        html = _OUTWARD.sub('<a rel="nofollow ugc noopener" ', html)
    if "<img " in html:
        html = _NO_SOURCE.sub(_alternative, html)
    if "<table>" in html:
        html = _TABLE.sub(_region, html).replace("</table>", "</table></div>")
    return html, has_code


def _coloured(match: re.Match[str]) -> str:
    if match.group(2) is None:
        return "<code>"
    language = next((name[9:] for name in match.group(1).split() if name.startswith("language-")), "")
    coloured = highlight(unescape(match.group(2)), language)
    return f"<code>{match.group(2) if coloured is None else coloured}</code></pre>"


def _notes(html: str) -> str:
    """Footnotes keep an id of their own kind; every other id an author wrote goes."""
    seen: set[str] = set()

    def identified(match: re.Match[str]) -> str:
        label = _NOT_SLUG.sub("-", unescape(match.group(1) or match.group(3) or "")).strip("-")
        if not match.group(2):
            return "<div>"
        if not label or label in seen:
            return '<div class="footnote-definition">'
        seen.add(label)
        return f'<div class="footnote-definition" id="note-{label}">'

    html = _NOTE_ID.sub(identified, html)
    for label in seen:
        html = html.replace(f'href="#{label}"', f'href="#note-{label}"')
    return html


def _headings(html: str, heading_level: int, mark: str) -> str:
    """Levels start at ``heading_level`` and never skip one on the way down; every heading has an id of its own."""
    seen: dict[str, int] = {}
    above: list[tuple[int, int]] = []

    def shifted(match: re.Match[str]) -> str:
        level = int(match.group(1))
        while above and above[-1][0] >= level:
            above.pop()
        shown = min(6, above[-1][1] + 1 if above else heading_level)
        above.append((level, shown))
        inner = match.group(2)
        return f'<h{shown} id="{_identity(inner, seen, mark)}">{inner}</h{shown}>'

    return _HEADING_TEXT.sub(shifted, _without_inner_headings(html))


def _without_inner_headings(html: str) -> str:
    """A heading inside a heading (``<h1><a><h1>`` parses so) is text of the outer one."""
    depth = 0

    def outer(match: re.Match[str]) -> str:
        nonlocal depth
        closes = bool(match.group(1))
        depth -= closes
        inside = depth > 0
        depth += not closes
        return "" if inside else match.group()

    return _HEADING.sub(outer, html)


def _identity(inner: str, seen: dict[str, int], mark: str) -> str:
    words = unescape(_MARKUP.sub("", inner))
    if mark:
        words = _MARKED.sub(lambda match: "" if match.group(1) == mark else match.group(), words)
    name = "section-" + (_NOT_SLUG.sub("-", words.lower()).strip("-")[:60].rstrip("-") or "untitled")
    count = seen[name] = seen.get(name, 0) + 1
    if count == 1:
        return name
    while (numbered := f"{name}-{count}") in seen:
        count += 1
    seen[name], seen[numbered] = count, 1
    return numbered


def _alternative(match: re.Match[str]) -> str:
    """An image without a safe address leaves its text."""
    alt = _ALT.search(match.group())
    return alt.group(1) if alt else ""


def _region(match: re.Match[str]) -> str:
    cells = [unescape(_MARKUP.sub("", cell)).strip() for cell in _HEADER_CELL.findall(match.group(1) or "")]
    label = ", ".join(cell for cell in cells if cell)[:120]
    name = escape(f"Table: {label}" if label else "Table")
    return f'<div class="table" role="region" tabindex="0" aria-label="{name}"><table>'

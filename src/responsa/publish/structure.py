"""What an answer's HTML needs to stand on a page: headings of the right level, ids that are nobody else's, regions."""

import re
from html import escape, unescape
from typing import Final

from responsa.publish.formulas import MARKED

_HEADING = re.compile(r"<(/?)h([1-6])>")
_HEADING_TEXT = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_NOT_SLUG = re.compile(r"[\W_]+")
_TABLE = re.compile(r"<table>(?=(?:<caption>.*?</caption>)?(?:\s*<thead>\s*<tr>(.*?)</tr>)?)", re.DOTALL)
_CORNER = re.compile(r'<th( class="[^"]*")?></th>')
_HEADER_CELL = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL)
REGION: Final = '<div class="table" role="region" tabindex="0" aria-label="'
"""How the region of a wide table opens, up to its name."""
_NOTE_ID = re.compile(r'<div(?: id="([^"]*)")?( class="footnote-definition")?(?: id="([^"]*)")?>')
_ALERT = re.compile(r'<blockquote class="markdown-alert-(\w+)">')
_ALERTS: Final = {name.lower(): name for name in ("Note", "Tip", "Important", "Warning", "Caution")}


def headings(html: str, heading_level: int, mark: str) -> str:
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

    return _HEADING_TEXT.sub(shifted, html)


def without_inner_headings(html: str) -> str:
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
        words = MARKED.sub(lambda match: "" if match.group(1) == mark else match.group(), words)
    name = "section-" + (_NOT_SLUG.sub("-", words.lower()).strip("-")[:60].rstrip("-") or "untitled")
    count = seen[name] = seen.get(name, 0) + 1
    if count == 1:
        return name
    while (numbered := f"{name}-{count}") in seen:
        count += 1
    seen[name], seen[numbered] = count, 1
    return numbered


def notes(html: str) -> str:
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


def regions(html: str) -> str:
    """Tables in a box of their own that scrolls, with a name for those who do not see it."""
    # The corner above row names is no heading of anything: read aloud, an empty one would be named in every row.
    html = _CORNER.sub(r"<td\1></td>", html)
    return _TABLE.sub(_region, html).replace("</table>", "</table></div>")


def _region(match: re.Match[str]) -> str:
    cells = [unescape(_MARKUP.sub("", cell)).strip() for cell in _HEADER_CELL.findall(match.group(1) or "")]
    label = ", ".join(cell for cell in cells if cell)[:120]
    name = escape(f"Table: {label}" if label else "Table")
    return f'{REGION}{name}"><table>'


def alerts(html: str) -> str:
    """``> [!NOTE]`` says in words what it is."""
    return _ALERT.sub(_alert, html)


def _alert(match: re.Match[str]) -> str:
    kind = match.group(1)
    return f'<blockquote class="alert {kind}"><p class="label">{_ALERTS[kind]}</p>'

"""Formulas wait outside while Markdown is read, and come back as MathML where text may stand."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from html import escape
from typing import Final

from responsa.records.mathml import mathml, tex_source
from responsa.records.maths import Maths

LONG: Final = 30
"""Letters of TeX from which a formula may be wider than a phone."""

# A pattern with the answer's own mark in it would be compiled anew for every answer, at half the cost of a page.
MARKED = re.compile(r"(m[0-9a-f]{32}x)(\d+)z")
_PLACES = re.compile(rf'(<pre>.*?</pre>)|(<[A-Za-z/](?:[^">]|"[^"]*")*>)|{MARKED.pattern}', re.DOTALL)


def mark_of(text: str) -> str:
    """What stands for formulas: a hash of the text itself, so that no text can hold its own."""
    return "m" + blake2b(text.encode("utf-8"), digest_size=16).hexdigest() + "x"


def without(text: str, spans: Sequence[Maths], mark: str) -> str:
    """``text`` with a word in the place of each formula."""
    parts: list[str] = []
    done = 0
    for number, span in enumerate(spans):
        parts += (text[done : span.start], mark, str(number), "z")
        done = span.end
    parts.append(text[done:])
    return "".join(parts)


def placed(html: str, text: str, spans: Sequence[Maths], mark: str) -> str:
    """Formulas go where text may stand; inside an attribute or a code block their source does."""

    def source(match: re.Match[str]) -> str:
        if match.group(1) != mark:
            return match.group()
        span = spans[int(match.group(2))]
        return escape(text[span.start : span.end])

    def put(match: re.Match[str]) -> str:
        if match.group(3) is None:
            return MARKED.sub(source, match.group()) if mark in match.group() else match.group()
        if match.group(3) != mark:
            return match.group()
        return _formula(spans[int(match.group(4))])

    return _PLACES.sub(put, html)


def placed_in_text(html: str, spans: Sequence[Maths], mark: str) -> str:
    """The same, at a third of the cost, where no attribute or code block can hold a formula."""
    head, *pieces = html.split(mark)
    parts = [head]
    for piece in pieces:
        number, _, rest = piece.partition("z")
        parts += (_formula(spans[int(number)]), rest)
    return "".join(parts)


def _formula(span: Maths) -> str:
    html = mathml(span.tex, display=span.display) or tex_source(span.tex)
    # It scrolls where it is wider than the window, and a keyboard has to reach what scrolls.
    return f'<span class="wide" tabindex="0">{html}</span>' if span.display and len(span.tex) > LONG else html

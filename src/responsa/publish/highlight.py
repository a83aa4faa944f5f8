"""Colours for code, at build time: a known language becomes spans with short classes, any other stays plain."""

from functools import cache, lru_cache
from html import escape
from typing import Final

from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

# Lexers are regular expressions: no answer needs more, and a hostile one could take minutes.
MAX_CODE: Final = 50_000
_PLAIN: Final = frozenset({"", "text", "plain", "plaintext", "txt", "output", "none"})


@lru_cache(maxsize=512)
def highlight(code: str, language: str) -> str | None:
    """``code`` with ``<span class="k">`` around its tokens; None where the language is not known. Never guesses."""
    lexer = _lexer(language.lower())
    if lexer is None or len(code) > MAX_CODE:
        return None
    parts: list[str] = []
    last, run = "", ""
    for kind, text in lexer.get_tokens(code):
        name = STANDARD_TYPES.get(kind) or STANDARD_TYPES.get(kind.parent or kind, "")
        name = "" if name == "w" else name
        if name != last:
            parts.append(_span(run, last))
            last, run = name, ""
        run += text
    parts.append(_span(run, last))
    return "".join(parts)


def highlight_css(light: str = "default", dark: str = "github-dark", scope: str = "pre code") -> str:
    """Rules for the two schemes by the names of Pygments' styles; the dark ones in a media query."""
    return f"{_rules(light, scope)}\n@media (prefers-color-scheme: dark) {{\n{_rules(dark, scope)}\n}}\n"


def _rules(style: str, scope: str) -> str:
    formatter = HtmlFormatter(style=style, nobackground=True)
    lines: list[str] = formatter.get_style_defs(scope).splitlines()  # type: ignore[no-untyped-call]
    return "\n".join(line.split(" /*")[0] for line in lines if line.startswith(f"{scope} ."))


def _span(text: str, name: str) -> str:
    if not text:
        return ""
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)


@cache
def _lexer(language: str) -> Lexer | None:
    if language in _PLAIN or not language.isascii():
        return None
    try:
        # As written: no blank lines lost at the start, no line break added at the end.
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None

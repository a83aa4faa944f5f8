"""Addresses that stand in a text as they are become links, by GitHub's rules (GFM, "Autolinks (extension)")."""

import re
from html import escape, unescape
from typing import Final

_PLACES: Final = re.compile(
    r'<(/?)(a|code|pre)(?=[ >])(?:[^">]|"[^"]*")*>'
    r'|<(?:[^">]|"[^"]*")*>'
    r"|(?<![A-Za-z0-9/.:@=&;_-])((?:https?://|www\.)[^\s<]{1,2000})",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"(?:https?://)?((?:[\w-]+\.)*[\w-]+\.[\w-]+|localhost)(?::\d+)?(?=[/?#]|\Z)", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z0-9]+|#\d+|#x[0-9A-Fa-f]+);\Z")
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\\"'<>`{}^|\u00a0\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def linked(html: str) -> str:
    """Sanitised ``html`` with its bare addresses linked; those in links and code stay text."""
    inside = 0

    def place(match: re.Match[str]) -> str:
        nonlocal inside
        if match.group(2):
            inside += -1 if match.group(1) else 1
        if match.group(3) is None or inside > 0:
            return match.group()
        return _link(match.group(3))

    return _PLACES.sub(place, html)


def _link(text: str) -> str:
    written = unescape(text)
    shown = _without_tail(written)
    host = _HOST.match(shown)
    if host is None or "_" in "".join(host.group(1).split(".")[-2:]) or _UNSAFE.search(shown):
        return text
    target = shown if shown[:4].lower() == "http" else f"http://{shown}"
    rest = escape(written[len(shown) :], quote=False)
    return f'<a href="{escape(target)}">{escape(shown, quote=False)}</a>{rest}'


def _without_tail(text: str) -> str:
    """Without what ends the sentence: stops, quotes, a bracket that was opened before the address, an entity."""
    while text:
        shorter = text.rstrip("?!.,:*_~'\"\u00bb\u2018\u2019\u201c\u201d")
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        elif shorter.endswith(";"):
            shorter = _ENTITY.sub("", shorter) if _ENTITY.search(shorter) else shorter[:-1]
        if shorter == text:
            break
        text = shorter
    return text

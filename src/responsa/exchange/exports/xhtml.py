"""Safe HTML as well-formed XHTML for a book: no scripts, no pictures from elsewhere, no link that leads nowhere."""

import re
from html import escape
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"br", "hr", "img", "col", "wbr"})
_DROPPED: Final = frozenset({"loading", "referrerpolicy", "rel", "tabindex", "role", "aria-label"})
_MATHML: Final = "http://www.w3.org/1998/Math/MathML"
_IN_MATHS: Final = frozenset({"semantics", "annotation", "annotation-xml", "none"})
_IDS: Final = re.compile(r'\bid="([^"]+)"')
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def xhtml(html: str) -> str:
    """``html`` is what the renderer gives: well-formed and harmless."""
    maker = _Maker(frozenset(name for name in _IDS.findall(html) if _NAME.fullmatch(name)))
    maker.feed(html)
    maker.close()
    return "".join((*maker.parts, *(f"</{tag}>" for tag in reversed(maker.open) if tag)))


class _Maker(HTMLParser):
    """Writes every element again; one that is left out keeps its place on the stack as an empty name."""

    def __init__(self, ids: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.ids, self.seen = ids, set[str]()
        self.parts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See ``HTMLParser``."""
        held = {name: value or "" for name, value in attrs if name not in _DROPPED}
        if tag == "img":
            self.picture(held)
            return
        if "math" in self.open and not tag.startswith("m") and tag not in _IN_MATHS:
            # Bold words in a formula are HTML inside MathML, which pages may hold and books may not.
            self.open += [] if tag in _VOID else [""]
            return
        if tag == "a" and not self.leads(held.get("href", "")):
            self.open.append("")
            return
        if tag == "math":
            held["xmlns"] = _MATHML
        if tag == "details":
            held["open"] = "open"
        words = "".join(f' {name}="{escape(value)}"' for name, value in held.items() if self.may(name, value))
        self.parts.append(f"<{tag}{words}/>" if tag in _VOID else f"<{tag}{words}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See ``HTMLParser``."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """See ``HTMLParser``."""
        if tag in _VOID or not self.open:
            return
        name = self.open.pop()
        if name:
            self.parts.append(f"</{name}>")

    def handle_data(self, data: str) -> None:
        """See ``HTMLParser``."""
        self.parts.append(escape(data, quote=False))

    def may(self, name: str, value: str) -> bool:
        """Names are said once, and only such as XML knows."""
        if name != "id":
            return _NAME.fullmatch(name) is not None
        first = value in self.ids and value not in self.seen
        self.seen.add(value)
        return first

    def leads(self, href: str) -> bool:
        """Whether a link leads to another place of the page or out into the web."""
        if href.startswith("#"):
            return href[1:] in self.ids
        return href.startswith(("http://", "https://", "mailto:"))

    def picture(self, held: dict[str, str]) -> None:
        """A book cannot hold a picture of the web: its words stand in its place, with a link."""
        words, source = escape(held.get("alt", "") or "picture", quote=False), held.get("src", "")
        linked = self.leads(source) and "a" not in self.open
        self.parts.append(f'<a href="{escape(source)}">[{words}]</a>' if linked else f"[{words}]")

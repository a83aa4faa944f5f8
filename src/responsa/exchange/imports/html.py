"""HTML from elsewhere as Markdown: what a browser would show of it, and nothing that could act."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final

import nh3
from msgspec import Struct

from responsa.exchange.imports import plain

LARGEST: Final = 2_000_000
"""Characters of one answer; more is no answer."""
_MOST_TAGS: Final = 50_000
_DEEPEST: Final = 100
_TAGS: Final = set(
    "a b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li ol"
    " p pre s samp section span strong sub summary sup table tbody"
    " td tfoot th thead tr tt ul var article main".split()
)
_BLOCKS: Final = frozenset(
    "blockquote details div dl dd dt figure figcaption h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table ul"
    " article main".split()
)
_DROPPED: Final = {"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "title", "nav", "form",
                   "button", "select", "textarea"}  # fmt: skip
_MARKS: Final = {"b": "**", "strong": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
_KEPT: Final = frozenset({"sub", "sup", "kbd"})
_VOID: Final = frozenset({"br", "hr", "img"})
_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "img": {"src", "alt"}, "code": {"class"}, "pre": {"class"}, "ol": {"start"}},
    clean_content_tags=_DROPPED,
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
)
_TAG: Final = re.compile(r"<[A-Za-z/!]")
_LANGUAGE: Final = re.compile(r"(?:lang(?:uage)?-)([\w+#-]+)")
_EDGES: Final = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


class Node(Struct):
    """An element; ``inner`` are elements and texts in order."""

    tag: str
    attributes: dict[str, str]
    inner: list["Node | str"] = []


def to_markdown(html: str) -> str:
    """Markdown of a piece of HTML. What is too long, too deep or too crowded comes out as its text alone."""
    if len(html) > LARGEST or sum(1 for _ in _TAG.finditer(html)) > _MOST_TAGS:
        return plain.to_markdown(nh3.clean(html[:LARGEST], tags=set(), clean_content_tags=_DROPPED))
    maker = _Maker()
    maker.feed(_CLEANER.clean(html))
    maker.close()
    if maker.deepest > _DEEPEST:
        return plain.to_markdown(text_of(html))
    return "\n\n".join(_blocks(maker.above[0].inner))


def text_of(html: str) -> str:
    """The words of a piece of HTML on one line."""
    maker = _Maker()
    maker.feed(_CLEANER.clean(html[:LARGEST]))
    maker.close()
    return " ".join("".join(maker.words).split())


class _Maker(HTMLParser):
    """Builds the tree; its input is well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.above = [Node("", {})]
        self.words: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See ``HTMLParser``."""
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.above[-1].inner.append(node)
        if tag in _BLOCKS or tag == "br":
            self.words.append(" ")
        if tag not in _VOID:
            self.above.append(node)
            self.deepest = max(self.deepest, len(self.above))

    def handle_endtag(self, tag: str) -> None:
        """See ``HTMLParser``."""
        if tag not in _VOID and len(self.above) > 1:
            self.above.pop()

    def handle_data(self, data: str) -> None:
        """See ``HTMLParser``."""
        self.above[-1].inner.append(data)
        self.words.append(data)


def _blocks(inner: Iterable[Node | str]) -> list[str]:
    """Blocks in order; runs of text and inline elements between them are paragraphs."""
    blocks, run = list[str](), list[Node | str]()
    for one in inner:
        if isinstance(one, Node) and _is_block(one):
            _flush(blocks, run)
            blocks += _block(one)
        else:
            run.append(one)
    _flush(blocks, run)
    return blocks


def _is_block(node: Node) -> bool:
    return node.tag in _BLOCKS or any(isinstance(one, Node) and _is_block(one) for one in node.inner)


def _flush(blocks: list[str], run: list[Node | str]) -> None:
    if text := _line(run):
        blocks.append(text)
    run.clear()


def _block(node: Node) -> list[str]:  # noqa: PLR0911 - one a kind of element
    if node.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        title = " ".join(_line(node.inner).replace("\\\n", " ").split())
        return [f"{'#' * max(2, int(node.tag[1]))} {title}"] if title else []
    if node.tag == "hr":
        return ["---"]
    if node.tag == "pre":
        return _fence(node)
    if node.tag in {"ul", "ol"}:
        return _list(node)
    if node.tag == "table":
        return _table(node)
    if node.tag in {"dt", "summary"}:
        title = _line(node.inner)
        return [f"**{title}**"] if title else []
    inner = _blocks(node.inner)
    if node.tag == "blockquote" and inner:
        return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(inner).split("\n"))]
    return inner


def _fence(node: Node) -> list[str]:
    code = "".join(_texts(node)).strip("\n")
    if not code.strip():
        return []
    names = " ".join(one.attributes.get("class", "") for one in (node, *node.inner) if isinstance(one, Node))
    language = found[1] if (found := _LANGUAGE.search(names)) else ""
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
    return [f"{ticks}{language}\n{code}\n{ticks}"]


def _list(node: Node) -> list[str]:
    start = node.attributes.get("start", "")
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1  # noqa: PLR2004
    items, loose = list[str](), False
    for one in node.inner:
        inner = _blocks(one.inner if isinstance(one, Node) and one.tag == "li" else [one])
        if not inner:
            continue
        sign = f"{number + len(items)}. " if node.tag == "ol" else "- "
        loose = loose or any(not re.match(r"- |\d+\. ", block) for block in inner[1:])
        text = ("\n\n" if loose else "\n").join(inner)
        pad = " " * len(sign)
        items.append(sign + "\n".join(pad + line if line else "" for line in text.split("\n"))[len(pad) :])
    return [("\n\n" if loose else "\n").join(items)] if items else []


def _table(node: Node) -> list[str]:
    rows = [[_cell(cell) for cell in row.inner if isinstance(cell, Node)] for row in _all(node, "tr")]
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return ["\n".join([lines[0], "|" + "---|" * width, *lines[1:]])]


def _cell(node: Node) -> str:
    """One line: what a cell of a table can hold. Inside code its bars stand bare, and would end the cell."""
    text = " ".join(" ".join(_blocks(node.inner)).replace("\\\n", "<br>").split())
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _all(node: Node, tag: str) -> Iterable[Node]:
    for one in node.inner:
        if isinstance(one, Node):
            if one.tag == tag:
                yield one
            yield from _all(one, tag)


def _texts(node: Node) -> Iterable[str]:
    for one in node.inner:
        if isinstance(one, str):
            yield one
        elif one.tag == "br":
            yield "\n"
        else:
            yield from _texts(one)


def _line(inner: Iterable[Node | str]) -> str:
    """Inline content as a paragraph, blank space as a browser shows it."""
    text = "".join(_inline(one) for one in inner)
    lines = [" ".join(line.split()) for line in text.split("\\\n")]
    return "\\\n".join(lines).strip().removeprefix("\\\n").removesuffix("\\").strip()


def _inline(one: Node | str) -> str:  # noqa: PLR0911 - one a kind of element
    if isinstance(one, str):
        return plain.escaped(re.sub(r"\s+", " ", one)) if one.strip() else (" " if one else "")
    if one.tag == "br":
        return "\\\n"
    if one.tag in {"code", "tt", "samp"}:
        return _code("".join(_texts(one)))
    if one.tag == "img":
        return _image(one)
    inner = "".join(map(_inline, one.inner))
    if one.tag == "a":
        return _link(inner, one.attributes.get("href", ""))
    if one.tag in _KEPT and inner.strip():
        return f"<{one.tag}>{inner}</{one.tag}>"
    mark = _MARKS.get(one.tag, "")
    before, text, after = _split(inner)
    return f"{before}{mark}{text}{mark}{after}" if mark and text else inner


def _split(text: str) -> tuple[str, str, str]:
    """Marks stand next to letters: blanks inside them go outside."""
    found = _EDGES.match(text)
    assert found
    return found[1], found[2], found[3]


def _code(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _link(text: str, href: str) -> str:
    if not text.strip() or not href:
        return text
    return f"[{' '.join(text.split())}]({_address(href)})"


def _image(node: Node) -> str:
    source, alt = node.attributes.get("src", ""), " ".join(plain.escaped(node.attributes.get("alt", "")).split())
    return f"![{alt.replace('[', '').replace(']', '')}]({_address(source)})" if source else alt


def _address(url: str) -> str:
    """As it can stand between brackets."""
    signs = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", "\n": "", "\t": "", "|": "%7C"}
    return "".join(signs.get(sign, sign) for sign in url)

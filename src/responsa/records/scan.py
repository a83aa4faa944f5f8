"""Where the values of a front matter stand: a scanner of YAML that keeps offsets and judges nothing else.

Values come from the YAML parser; this only says which characters hold them.
"""

import re
from dataclasses import dataclass, field

from yaml12 import parse_yaml

from responsa.errors import ResponsaError

# Deeper than any record means; far below what the parser and Python's stack bear.
DEEPEST = 60


class ScanError(ResponsaError):
    """A form of YAML that the scanner does not follow (complex keys, directives)."""

    def __init__(self, offset: int, problem: str, *, fatal: bool = False) -> None:
        self.offset, self.problem, self.fatal = offset, problem, fatal
        super().__init__(problem)


@dataclass(slots=True)
class Node:
    """A value. ``start:end`` is its text without anchor and tag; ``outer`` is where those begin.

    ``kind`` is one of ``null plain ' " > | alias map seq flow-map flow-seq``. For ``>`` and ``|``
    ``head`` ends the indicators and ``indent`` is the column of the text. A block collection starts
    at its first line and ends after its last; other nodes end before what trails on their line.
    """

    kind: str
    outer: int
    start: int
    end: int
    indent: int = 0
    head: int = 0
    anchor: str = ""
    tagged: bool = False
    entries: "list[Entry]" = field(default_factory=list)
    items: "list[Node]" = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A key of a map with its value; ``colon`` is the offset after the ``:``, ``end`` after the last line."""

    key: str
    start: int
    colon: int
    value: Node
    end: int


_PLAIN_KEY = re.compile(r"(?!\?[ \t\r\n])(?!-[ \t])[^\s&*!|>'\"%@`{}\[\]#,][^\r\n]*?(?=[ \t]*:(?:[ \t\r\n]|\Z))")
_SINGLE = re.compile(r"'(?:[^']|'')*'")
_DOUBLE = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_COLON = re.compile(r"[ \t]*:(?=[ \t\r\n]|\Z)")
_PROPERTY = re.compile(r"(?:&([^\s,\[\]{}]+)|(![^\s,\[\]{}]*|!<[^>\s]*>))(?=[\s,\]}]|\Z)[ \t]*")
_BLOCK_HEAD = re.compile(r"[>|](?:[1-9][+-]?|[+-][1-9]?)?(?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n]|\Z))")
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)")
_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_COMMENT = re.compile(r"[ \t]#")
_BLANKS = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*")
_FLOW_GAP = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*)*")
_FLOW_PLAIN = re.compile(
    r"(?:[^\s,\[\]{}:#]|:(?![\s,\[\]{}]|\Z)|(?<!\s)#|[ \t]+(?![#\s,\[\]{}:])|[ \t]+(?=:[^\s,\[\]{}]))+"
)


def scan(text: str, start: int, end: int) -> Node:
    """The tree of ``text[start:end]``, with offsets into ``text``."""
    return _Scanner(text[:end]).document(start)


def line_start(text: str, pos: int) -> int:
    """Where the line of ``pos`` begins."""
    feed = text.rfind("\n", 0, pos)
    return max(feed, text.rfind("\r", feed + 1, pos)) + 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.size = text, len(text)

    def document(self, start: int) -> Node:
        pos = self.content(start)
        if pos >= self.size:
            return Node("null", start, start, start)
        node = self.block(pos, -1, 0)
        if (rest := self.content(self.after(node))) < self.size:
            raise ScanError(rest, "this line does not belong to what stands before it")
        return node

    def content(self, pos: int) -> int:
        """The first character of the next line with content, when ``pos`` begins a line."""
        matched = _BLANKS.match(self.text, pos)
        pos = matched.end() if matched else pos
        while pos < self.size and self.text[pos] in " \t":
            pos += 1
        if pos < self.size and self.text[pos] == "#":
            return self.size
        return pos

    def column(self, pos: int) -> int:
        return pos - line_start(self.text, pos)

    def line_end(self, pos: int) -> int:
        matched = _LINE_END.search(self.text, pos)
        return matched.start() if matched else self.size

    def next_line(self, pos: int) -> int:
        matched = _LINE_END.search(self.text, pos)
        return matched.end() if matched else self.size

    def after(self, node: Node) -> int:
        """Where the line after ``node`` begins; what trails must be a comment."""
        if node.kind in ("map", "seq", ">", "|"):
            return node.end
        stop = self.line_end(node.end)
        trailing = self.text[node.end : stop]
        if trailing.strip(" \t") and not re.match(r"[ \t]+#", trailing):
            raise ScanError(node.end, "unexpected text after a value")
        return self.next_line(stop)

    def block(self, pos: int, parent: int, depth: int, *, inline: bool = True) -> Node:
        """The node whose first character is at ``pos``, inside a collection of column ``parent``."""
        if depth > DEEPEST:
            raise ScanError(pos, f"values are nested more than {DEEPEST} deep", fatal=True)
        text = self.text
        if text.startswith(("---", "..."), pos) and self.column(pos) == 0 and text[pos + 3 : pos + 4] in " \t\r\n":
            raise ScanError(pos, "a second YAML document begins here; a record holds one", fatal=True)
        if text.startswith(("? ", "?\n", "?\r", "?\t"), pos) or text[pos] == "%":
            raise ScanError(pos, "complex keys and directives are not edited")
        if inline and text[pos] == "-" and text[pos + 1 : pos + 2] in ("", " ", "\t", "\r", "\n"):
            return self.sequence(pos, depth)
        if inline and self.key(pos) is not None:
            return self.mapping(pos, depth)
        return self.value(pos, parent, depth)

    def key(self, pos: int) -> tuple[str, int] | None:
        """The key that begins at ``pos`` and the offset after its colon."""
        first = self.text[pos : pos + 1]
        if first in ("'", '"'):
            matched = (_SINGLE if first == "'" else _DOUBLE).match(self.text, pos)
        else:
            matched = _PLAIN_KEY.match(self.text, pos)
        if not matched or "\n" in matched[0]:
            return None
        colon = _COLON.match(self.text, matched.end())
        if not colon or (first not in "'\"" and " #" in matched[0]):
            return None
        return _cooked(matched[0]), colon.end()

    def mapping(self, pos: int, depth: int) -> Node:
        column, entries = self.column(pos), list[Entry]()
        node = Node("map", pos, pos, pos, indent=column, entries=entries)
        seen = set[str]()
        while pos < self.size and self.column(pos) == column:
            if self.text.startswith(("---", "..."), pos) and column == 0 and self.key(pos) is None:
                raise ScanError(pos, "a second YAML document begins here; a record holds one", fatal=True)
            found = self.key(pos)
            if found is None:
                raise ScanError(pos, "expected a key, `name: value`")
            key, colon = found
            if key in seen:
                raise ScanError(pos, f"the key `{key}` stands twice; keep one", fatal=True)
            seen.add(key)
            value = self.after_key(colon, column, depth)
            end = self.after(value)
            entries.append(Entry(key, pos, colon, value, end))
            node.end, pos = end, self.content(end)
        return node

    def sequence(self, pos: int, depth: int) -> Node:
        column, items = self.column(pos), list[Node]()
        node = Node("seq", pos, pos, pos, indent=column, items=items)
        while (
            pos < self.size
            and self.column(pos) == column
            and self.text[pos] == "-"
            and self.text[pos + 1 : pos + 2] in ("", " ", "\t", "\r", "\n")
        ):
            value = self.after_dash(pos + 1, column, depth)
            items.append(value)
            node.end = self.after(value)
            pos = self.content(node.end)
        return node

    def after_dash(self, pos: int, column: int, depth: int) -> Node:
        inner = pos
        while inner < self.size and self.text[inner] in " \t":
            inner += 1
        if inner < self.size and self.text[inner] not in "\r\n#&!":
            return self.block(inner, column, depth + 1)
        return self.below(pos, column, depth, sequences=False)

    def after_key(self, pos: int, column: int, depth: int) -> Node:
        return self.below(pos, column, depth, sequences=True)

    def below(self, pos: int, column: int, depth: int, *, sequences: bool) -> Node:
        """The value after a key or a dash: on the same line, or on the lines below."""
        text, bare = self.text, pos
        while pos < self.size and text[pos] in " \t":
            pos += 1
        outer, anchor, tagged = pos, "", False
        while matched := _PROPERTY.match(text, pos):
            anchor, tagged = matched[1] or anchor, tagged or matched[2] is not None
            pos = matched.end()
        if pos < self.size and text[pos] not in "\r\n#":
            node = self.block(pos, column, depth + 1, inline=False)
        else:
            here = self.next_line(pos)
            start = self.content(here)
            inside = start < self.size and self.column(start) > column
            dashes = (
                sequences
                and start < self.size
                and self.column(start) == column
                and text[start] == "-"
                and text[start + 1 : start + 2] in ("", " ", "\t", "\r", "\n")
            )
            if not (inside or dashes):
                spot = len(text[:pos].rstrip(" \t")) if anchor or tagged else bare
                return Node("null", outer, spot, spot, anchor=anchor, tagged=tagged)
            node = self.block(start, column, depth + 1)
        node.outer = outer if anchor or tagged else node.outer
        node.anchor, node.tagged = anchor or node.anchor, tagged or node.tagged
        return node

    def value(self, pos: int, parent: int, depth: int) -> Node:
        first = self.text[pos]
        if first in "'\"":
            return self.quoted(pos)
        if first in "[{":
            return self.flow(pos, depth)
        if first in ">|":
            return self.block_scalar(pos, parent)
        if first == "*" and (matched := _ALIAS.match(self.text, pos)):
            return Node("alias", pos, pos, matched.end(), anchor=matched[1])
        if first in "&!":
            raise ScanError(pos, "an anchor or tag in this place is not edited")
        return self.plain(pos, parent)

    def quoted(self, pos: int) -> Node:
        quote = self.text[pos]
        matched = (_SINGLE if quote == "'" else _DOUBLE).match(self.text, pos)
        if not matched:
            raise ScanError(pos, "this quote is never closed")
        return Node(quote, pos, pos, matched.end())

    def plain(self, pos: int, parent: int) -> Node:
        end = self.plain_line(pos)
        line = self.line_end(pos)
        node = Node("plain", pos, pos, end)
        while "#" not in self.text[end:line]:
            start = self.next_line(line)
            inner = start
            while inner < self.size and self.text[inner] in " \t\r\n":
                inner += 1
            if inner >= self.size or self.text[inner] == "#" or self.column(inner) <= parent:
                break
            end, line = self.plain_line(inner), self.line_end(inner)
            node.end = end
        return node

    def plain_line(self, pos: int) -> int:
        stop = self.line_end(pos)
        comment = _COMMENT.search(self.text, pos, stop)
        return pos + len(self.text[pos : comment.start() if comment else stop].rstrip(" \t"))

    def block_scalar(self, pos: int, parent: int) -> Node:
        matched = _BLOCK_HEAD.match(self.text, pos)
        if not matched:
            raise ScanError(pos, "a block scalar begins with > or | and its indicators")
        digit = re.search(r"[1-9]", matched[0])
        indent = max(parent, 0) + int(digit[0]) if digit else 0
        node = Node(self.text[pos], pos, pos, pos, indent=indent, head=matched.end())
        line = node.end = self.next_line(pos)
        while line < self.size:
            inner = line
            while inner < self.size and self.text[inner] == " ":
                inner += 1
            stop = self.next_line(line)
            if inner < self.size and self.text[inner] not in "\r\n":
                node.indent = node.indent or (inner - line if inner - line > parent else 0)
                if not node.indent or inner - line < node.indent:
                    break
                node.end = stop
            elif node.indent and inner - line > node.indent:
                node.end = stop
            line = stop
        if "+" in matched[0]:
            node.end = max(node.end, line)
        return node

    def flow(self, pos: int, depth: int) -> Node:
        if depth > DEEPEST:
            raise ScanError(pos, f"values are nested more than {DEEPEST} deep", fatal=True)
        opening = self.text[pos]
        kind, closing = ("flow-map", "}") if opening == "{" else ("flow-seq", "]")
        node, at = Node(kind, pos, pos, pos), self.gap(pos + 1)
        seen = set[str]()
        while self.text[at : at + 1] != closing:
            if opening == "{":
                entry, at = self.flow_entry(at, depth)
                if entry.key in seen:
                    raise ScanError(entry.start, f"the key `{entry.key}` stands twice; keep one", fatal=True)
                seen.add(entry.key)
                node.entries.append(entry)
            else:
                item, at = self.flow_value(at, depth)
                node.items.append(item)
            at = self.gap(at)
            if self.text[at : at + 1] == ",":
                at = self.gap(at + 1)
            elif self.text[at : at + 1] != closing:
                raise ScanError(at, f"expected a comma or `{closing}`")
        node.end = at + 1
        return node

    def gap(self, pos: int) -> int:
        matched = _FLOW_GAP.match(self.text, pos)
        return matched.end() if matched else pos

    def flow_entry(self, pos: int, depth: int) -> tuple[Entry, int]:
        key, at = self.flow_value(pos, depth)
        if key.kind not in ("plain", "'", '"') or key.anchor or key.tagged:
            raise ScanError(pos, "this key is not edited")
        name, at = _cooked(self.text[key.start : key.end]), self.gap(at)
        if self.text[at : at + 1] != ":":
            return Entry(name, pos, key.end, Node("null", key.end, key.end, key.end), key.end), at
        colon, at = at + 1, self.gap(at + 1)
        if self.text[at : at + 1] in ",}":
            return Entry(name, pos, colon, Node("null", colon, colon, colon), colon), at
        value, at = self.flow_value(at, depth)
        return Entry(name, pos, colon, value, value.end), at

    def flow_value(self, pos: int, depth: int) -> tuple[Node, int]:
        outer, anchor, tagged = pos, "", False
        while matched := _PROPERTY.match(self.text, pos):
            anchor, tagged = matched[1] or anchor, tagged or matched[2] is not None
            pos = self.gap(matched.end())
        first = self.text[pos : pos + 1]
        if first and first in "[{":
            node = self.flow(pos, depth + 1)
        elif first and first in "'\"":
            node = self.quoted(pos)
        elif first == "*" and (matched := _ALIAS.match(self.text, pos)):
            node = Node("alias", pos, pos, matched.end(), anchor=matched[1])
        elif matched := _FLOW_PLAIN.match(self.text, pos):
            node = Node("plain", pos, pos, matched.end())
            while (more := _FLOW_PLAIN.match(self.text, self.gap(node.end))) and self.text[node.end] in " \t\r\n":
                node.end = more.end()
        else:
            raise ScanError(pos, "expected a value")
        node.outer, node.anchor, node.tagged = outer, anchor or node.anchor, tagged
        return node, node.end


def _cooked(raw: str) -> str:
    if raw[:1] == "'":
        return raw[1:-1].replace("''", "'")
    if raw[:1] == '"':
        return str(parse_yaml(raw)) if "\\" in raw else raw[1:-1]
    return raw

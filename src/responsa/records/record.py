"""A record: the text of one file and what its front matter says. Reading decodes, editing splices."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import cast

from msgspec import Struct
from yaml12 import parse_yaml

from responsa.article import Value
from responsa.errors import EditError, UnreadableError
from responsa.records.glance import glance
from responsa.records.scan import DEEPEST, Node, ScanError, scan
from responsa.records.splice import find, put, take

_OPEN = re.compile("\ufeff?---[ \t]*(?:\r\n|\n|\r)")
_CLOSE = re.compile(r"[\r\n]---[ \t]*(?:\r\n|\n|\r|\Z)")
# A line's key with the bracket, anchor, alias or tag after it; or what opens a line that is no plain `key: value`.
_LOOK = re.compile(r"\n[ -]*+(?:(\w[\w.-]*+):(?=\s)[ \t]*([&*!{\[]?)|([&*!{\[\t\"'?%]))")
# Block collections overflow the parser's stack at some thousand levels, and the process dies; every level needs a
# column, so a line that begins deep is where to look.
_DEEP = re.compile(rf"[\r\n](?:[ \t?:-]|[&!]\S*+){{{DEEPEST}}}")
# The same for lines that `_LOOK` lets pass, where it runs on every file: a literal start makes the search fast.
_DEEP_PLAIN = re.compile(rf"\n[ -]{{{DEEPEST}}}")
_PLACE = re.compile(r" at byte \d+ line (\d+) column \d+$")
# Aliases may unfold to this many values or characters of text: far more than a record means, far less than memory.
_UNFOLDED = 1_000_000


class Record(Struct, frozen=True):
    """One file. ``values`` is what the YAML parser says; ``start:end`` is the front matter inside ``text``."""

    text: str
    start: int
    end: int
    values: dict[str, object]
    path: PurePath | None = None

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode()

    @property
    def body(self) -> str:
        """What follows the closing line."""
        return self.text[self._closed() :]

    def line(self, key: str) -> int:
        """The line, from 1, of a dotted key, or of the nearest key above it that exists, else 1."""
        steps = key.split(".")
        if (seen := glance(self.text, self.start, self.end, steps)) is not None:
            return _line(self.text, seen)
        try:
            found = find(self.tree(), steps)
        except ScanError:
            return 1
        return _line(self.text, found[-1].start) if found else 1

    def source(self, key: str) -> str:
        """The text of a scalar as the file writes it (``1e3``), or nothing where there is none."""
        try:
            found = find(self.tree(), key.split("."))
        except ScanError:
            return ""
        whole = len(found) == len(key.split("."))
        return self.text[found[-1].value.start : found[-1].value.end] if whole else ""

    def tree(self) -> Node:
        """Where the values stand."""
        return scan(self.text, self.start, self.end)

    def replace(self, key: str, value: Value) -> "Record":
        """With ``value`` under a dotted key: an existing one changes only its own bytes, a missing one is added."""
        path = key.split(".")
        expected = _with(self.values, path, _plain(value))
        if _same(expected, self.values):
            return self
        return self._first(put(self.text, self._tree(), path, value), expected, key)

    def remove(self, key: str) -> "Record":
        """Without a dotted key, and without a parent that it leaves empty; the same record if there is none."""
        path = key.split(".")
        expected = _without(self.values, path)
        if expected is None:
            return self
        return self._first(take(self.text, self._tree(), path), expected, key)

    def with_body(self, body: str) -> "Record":
        """With another text after the closing line."""
        closed = self._closed()
        head = self.text[:closed]
        head += "" if head.endswith(("\n", "\r")) else newline(self.text)
        return self._first(iter([head + body]), self.values, "body", body)

    def _closed(self) -> int:
        matched = _CLOSE.match(self.text, self.end - 1)
        assert matched
        return matched.end()

    def _tree(self) -> Node:
        try:
            return self.tree()
        except ScanError as error:
            line = _line(self.text, error.offset)
            raise EditError(f"{self.path or '<text>'}:{line}: cannot be edited: {error.problem}") from error

    def _first(self, texts: Iterator[str], expected: object, key: str, body: str | None = None) -> "Record":
        """The first of ``texts`` that reads as ``expected`` and leaves the rest as it was."""
        body = self.body if body is None else body
        for text in texts:
            try:
                after = read(text, self.path)
            except UnreadableError:
                continue
            if _same(after.values, expected) and after.body == body:
                return after
        raise EditError(f"{self.path or '<text>'}:{self.line(key)}: `{key}` cannot be changed without touching more")


def parse(data: bytes, path: PurePath | None = None) -> Record:
    """The record in ``data``, or UnreadableError with the line that is to blame."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(path, data.count(b"\n", 0, error.start) + 1, "not UTF-8: save it as UTF-8") from error
    return read(text, path)


def read(text: str, path: PurePath | None = None) -> Record:
    """The record in ``text``."""
    opened = _OPEN.match(text)
    closed = _CLOSE.search(text, _first_closing(text, opened.end())) if opened else None
    if not opened:
        raise UnreadableError(path, 1, "expected front matter between two lines of ---")
    if not closed:
        raise UnreadableError(path, 1, "the front matter is not closed: expected a second line of ---")
    start, end = opened.end(), closed.start() + 1
    front = text[start:end]
    if names := _plain_names(front):
        values = _values(front, path)
        if names != _names(values):
            _refuse_harm(text, start, end, path)
    else:  # before the parser sees it: a bomb goes off while it is parsed
        _refuse_harm(text, start, end, path)
        values = _values(front, path)
    return Record(text, start, end, values, path)


def line_of(text: str, key: str) -> int:
    """The line, from 1, of a dotted key in the text of a record, as ``Record.line`` tells it; 1 where it is none."""
    opened = _OPEN.match(text)
    closed = _CLOSE.search(text, _first_closing(text, opened.end())) if opened else None
    if opened and closed and (seen := glance(text, opened.end(), closed.start() + 1, key.split("."))) is not None:
        return _line(text, seen)
    try:
        return read(text).line(key)
    except UnreadableError:
        return 1


def newline(text: str) -> str:
    """The line ending of a file, by its first line."""
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def _values(front: str, path: PurePath | None) -> dict[str, object]:
    try:
        values = parse_yaml(front)
    except ValueError as error:
        place = _PLACE.search(str(error))
        problem = _PLACE.sub("", str(error)).removeprefix("YAML parse error: ")
        raise UnreadableError(path, int(place[1]) + 1 if place else 2, f"not YAML: {problem}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UnreadableError(path, 2, "expected keys with values, `name: value`")
    if odd := [name for name in values if not isinstance(name, str)]:
        raise UnreadableError(path, 2, f"the key `{odd[0]}` is no text: put it in quotes")
    return cast("dict[str, object]", values)


def _first_closing(text: str, start: int) -> int:
    """Where to look for the closing line: at the first ``---`` that follows a line break."""
    if "\r" in text:
        return start - 1
    found = text.find("\n---", start - 1)
    return len(text) if found < 0 else found


def _plain_names(front: str) -> list[str] | None:
    """Keys in the order of lines, or None when the front matter holds more than plain lines of ``key: value``."""
    lines = "\n" + front
    # A second document, or a carriage return that is a line break to YAML and none to the look.
    if "\n..." in lines or "\n---" in lines or ("\r" in lines and lines.count("\r") != lines.count("\r\n")):
        return None
    if _DEEP_PLAIN.search(lines):
        return None
    found = _LOOK.findall(lines)
    if any(opening or odd for _, opening, odd in found):
        return None
    return [name for name, _, _ in found]


def _names(values: dict[str, object]) -> list[str]:
    """Keys in the order of the document."""
    names = list[str]()
    for name, value in values.items():
        names.append(name)
        if isinstance(value, dict):
            names += _names(value)
        elif isinstance(value, list):
            names += _names_in(value)
    return names


def _names_in(items: list[object]) -> list[str]:
    names = list[str]()
    for item in items:
        if isinstance(item, dict):
            names += _names(item)
        elif isinstance(item, list):
            names += _names_in(item)
    return names


def _refuse_harm(text: str, start: int, end: int, path: PurePath | None) -> None:
    """Raise on what the parser would pass over in silence or choke on: repeated keys, bombs, second documents."""
    try:
        tree = scan(text, start, end)
        _unfold(tree, {})
    except ScanError as error:
        line = _line(text, error.offset)
        if error.fatal:
            raise UnreadableError(path, line, error.problem) from error
        if deep := _DEEP.search("\n" + text[start:end]):
            line = _line(text, start + deep.start())
            raise UnreadableError(path, line, f"values are nested more than {DEEPEST} deep") from error
        if re.search(r"(?:^|[\s\[,{])&\S", text[start:end]) and re.search(r"[\s\[,{]\*\S", text[start:end]):
            problem = f"anchors and aliases in a form that cannot be checked: {error.problem}"
            raise UnreadableError(path, line, problem) from error


def _unfold(node: Node, sizes: dict[str, int]) -> int:
    """How many values and characters a node stands for once its aliases are unfolded."""
    if node.kind == "alias":
        size = sizes.get(node.anchor, 1)
    else:
        size = 1 + node.end - node.start if not (node.entries or node.items) else 1
        for inner in (*(entry.value for entry in node.entries), *node.items):
            size += _unfold(inner, sizes)
            if sizes and size > _UNFOLDED:
                raise ScanError(inner.start, "the aliases unfold to more than a record can mean", fatal=True)
    if node.anchor and node.kind != "alias":
        sizes[node.anchor] = size
    return size


def _line(text: str, offset: int) -> int:
    breaks = text.count("\n", 0, offset)
    if "\r" in text:
        breaks += text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
    return breaks + 1


def _plain(value: Value) -> object:
    """``value`` as the parser will read it back: dates are text."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, str | int | float) else value.isoformat()


def _with(values: dict[str, object], path: list[str], value: object) -> dict[str, object]:
    name, *rest = path
    if rest:
        inner = values.get(name)
        if not (inner is None or isinstance(inner, dict)):
            raise EditError(f"`{name}` holds no keys, so `{'.'.join(path)}` cannot be set")
        value = _with(inner or {}, rest, value)
    return {**values, name: value}


def _without(values: dict[str, object], path: list[str]) -> dict[str, object] | None:
    """None where there is no such key."""
    name, *rest = path
    if name not in values:
        return None
    if not rest:
        return {key: value for key, value in values.items() if key != name}
    inner = values[name]
    left = _without(inner, rest) if isinstance(inner, dict) else None
    if left is None:
        return None
    return {**values, name: left} if left else {key: value for key, value in values.items() if key != name}


def _same(one: object, other: object) -> bool:
    """Equal in value and type, all the way down; NaN is itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return repr(one) == repr(other) if isinstance(one, float) else one == other

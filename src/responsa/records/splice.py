"""Edits as cuts in a text: candidates, the one closest to the file's manner first. The caller proves one."""

import re
from collections.abc import Iterator

from responsa.article import Value
from responsa.errors import EditError
from responsa.records import emit
from responsa.records.scan import Entry, Node, line_start

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def find(tree: Node, path: list[str]) -> list[Entry]:
    """The entries on the way to ``path``, as far as they exist."""
    found, node = list[Entry](), tree
    for name in path:
        entry = next((entry for entry in node.entries if entry.key == name), None)
        if entry is None:
            break
        found.append(entry)
        node = entry.value
    return found


def put(text: str, tree: Node, path: list[str], value: Value) -> Iterator[str]:
    """Texts in which ``path`` holds ``value``."""
    found = find(tree, path)
    rest = path[len(found) :]
    if not rest:
        return _replaced(text, found[-1], value, flow=_in_flow(tree, found))
    home = found[-1].value if found else tree
    if home.kind in ("map", "flow-map"):
        return _added(text, tree, found, rest, value)
    if home.kind == "null" and not found:
        return iter(
            [text[: home.start] + _lines(text, emit.entry(rest[0], _nested(rest[1:], value), 0)) + text[home.start :]]
        )
    if not found:
        raise EditError(f"`{'.'.join(path)}` has no place here: the front matter is not a plain map")
    return _replaced(text, found[-1], _nested(rest, value), flow=_in_flow(tree, found))


def take(text: str, tree: Node, path: list[str]) -> Iterator[str]:
    """Texts without ``path``, and without the parents it would leave empty."""
    found = find(tree, path)
    if len(found) < len(path):
        raise EditError(f"`{'.'.join(path)}` cannot be located in the text")
    while len(found) > 1 and len(found[-2].value.entries) == 1:
        found.pop()
    home, entry = found[-2].value if len(found) > 1 else tree, found[-1]
    if home.kind == "map":
        yield text[: line_start(text, entry.start)] + text[entry.end :]
        return
    at = home.entries.index(entry)
    if at:
        yield text[: home.entries[at - 1].end] + text[entry.end :]
    elif len(home.entries) > 1:
        yield text[: entry.start] + text[home.entries[1].start :]
    else:
        yield text[: entry.start] + text[entry.end :]


def _in_flow(tree: Node, found: list[Entry]) -> bool:
    return any(node.kind == "flow-map" for node in (tree, *(entry.value for entry in found[:-1])))


def _nested(path: list[str], value: Value) -> Value:
    for name in reversed(path):
        value = {name: value}
    return value


def _newline(text: str) -> str:
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def _lines(text: str, lines: str) -> str:
    """``lines`` with the line endings of ``text``."""
    return lines.replace("\n", _newline(text))


def _added(text: str, tree: Node, found: list[Entry], rest: list[str], value: Value) -> Iterator[str]:
    home = found[-1].value if found else tree
    name, inner = rest[0], _nested(rest[1:], value)
    order = emit.INNER_ORDER if found else emit.ORDER
    before = _predecessor(home, name, order)
    if home.kind == "flow-map":
        fresh = f"{emit.flow(name)}: {emit.flow(inner)}"
        if before is not None:
            yield text[: before.end] + ", " + fresh + text[before.end :]
        else:
            comma = ", " if home.entries else ""
            yield text[: home.start + 1] + fresh + comma + text[home.start + 1 :]
        return
    # The seed folds all titles of a file or none, and never the one under seo.
    titles = [entry.value.kind for entry in tree.entries if entry.key in emit.TITLES]
    fold = (">" in titles or not titles) and not (found and found[-1].key == "seo")
    lines = _lines(text, emit.entry(name, inner, home.indent, fold_titles=fold))
    at = before.end if before else line_start(text, home.start)
    yield text[:at] + lines + text[at:]
    plain = _lines(text, f"{' ' * home.indent}{emit.inline(name)}: {emit.flow(inner)}\n")
    yield text[:at] + plain + text[at:]


def _predecessor(home: Node, name: str, order: tuple[str, ...]) -> Entry | None:
    """The entry after which ``name`` has its place: a key outside the order goes last."""
    if name not in order:
        return home.entries[-1] if home.entries else None
    earlier = set(order[: order.index(name)])
    return next((entry for entry in reversed(home.entries) if entry.key in earlier), None)


def _replaced(text: str, entry: Entry, value: Value, *, flow: bool) -> Iterator[str]:
    node = entry.value
    if not flow and isinstance(value, list | dict) and value and not node.kind.startswith("flow"):
        yield from _collection(text, entry, value)
    elif node.kind in ("map", "seq"):
        rest = text[entry.colon : line_start(text, node.start)]
        for fresh in _inlines(text, node, value, flow=flow):
            yield text[: entry.colon] + " " + fresh + rest + text[node.end :]
    elif node.kind in (">", "|"):
        yield from _block_scalar(text, node, value)
    for fresh in _inlines(text, node, value, flow=flow):
        space = "" if text[node.start - 1 : node.start] in (" ", "\t", "\n") else " "
        yield text[: node.start] + space + fresh + _tail(text, node)
        if node.outer < node.start:  # an anchor or a tag would change what is read
            yield text[: node.outer] + fresh + _tail(text, node)


def _tail(text: str, node: Node) -> str:
    """What follows a scalar that becomes one line: of a block scalar, the end of its first line and no more."""
    if node.kind not in (">", "|"):
        return text[node.end :]
    line = re.compile(r"\r\n|\n|\r").search(text, node.head)
    return text[node.head : line.end() if line else node.head] + text[node.end :]


def _inlines(text: str, node: Node, value: Value, *, flow: bool) -> Iterator[str]:
    if isinstance(value, bool) and text[node.start : node.end] in ("true", "false"):
        yield str(value).lower()
    elif not isinstance(value, str):
        yield emit.flow(value)
    else:
        old = text[node.start : node.end]
        if node.kind == "'" and (quoted := emit.single(value)):
            yield quoted
        if node.kind == '"':
            yield emit.double(value)
        # A date stays as bare as it was: YAML 1.1 readers see a date before and after.
        if node.kind == "plain" and _DATE.fullmatch(old) and _DATE.fullmatch(value):
            yield value
        yield emit.flow(value) if flow else emit.inline(value)
        yield emit.double(value)


def _block_scalar(text: str, node: Node, value: Value) -> Iterator[str]:
    if not isinstance(value, str):
        return
    indent = node.indent or _line_indent(text, node.start) + 2
    lines = emit.folded(value, indent) if node.kind == ">" else emit.literal(value, indent)
    if lines is None:
        return
    digit = re.search(r"\d", text[node.start : node.head])
    head = node.kind + (digit[0] if digit else "") + emit.chomping(value)
    line = re.compile(r"\r\n|\n|\r").search(text, node.head)
    tail = text[node.head : line.start() if line else node.head]
    ending = _newline(text)
    yield text[: node.start] + head + tail + ending + _lines(text, lines) + ending + text[node.end :]


def _line_indent(text: str, offset: int) -> int:
    line = text[line_start(text, offset) : offset]
    return len(line) - len(line.lstrip(" "))


def _collection(text: str, entry: Entry, value: list[Value] | dict[str, Value]) -> Iterator[str]:
    node = entry.value
    if node.kind in ("map", "seq"):
        at = line_start(text, node.start)
        yield text[:at] + _lines(text, emit.block(value, node.indent)) + text[node.end :]
        return
    indent = _line_indent(text, entry.start) + emit.step(entry.key)
    kept = _tail(text, node) if node.kind in (">", "|") else text[node.end :]
    line = re.compile(r"\r\n|\n|\r|\Z").search(kept)
    assert line
    comment = kept[: line.start()].strip()
    head = text[: entry.colon] + (f" {comment}" if comment else "") + _newline(text)
    yield head + _lines(text, emit.block(value, indent)) + kept[line.end() :]

"""Where a key stands, seen without reading the whole front matter: for reports, which name a line a problem."""

import re

_NEXT_KEY = re.compile(r"^[^\s#]", re.MULTILINE)
_INDENT = re.compile(r"^([ ]+)[^\s#]", re.MULTILINE)


def glance(text: str, start: int, end: int, steps: list[str]) -> int | None:
    """Where a key of the first or second level begins in ``text[start:end]``, or ``None``: then only a scan can tell.

    A key in the first column is one whatever surrounds it: what continues a value is indented. Below it, only lines
    indented as the first one are looked at, since text in a block scalar is indented deeper.
    """
    place = start
    for level, step in enumerate(steps):
        if level > 1:
            return None
        indent = ""
        if level:
            after = _NEXT_KEY.search(text, text.find("\n", place) + 1, end)
            end = after.start() if after else end
            first = _INDENT.search(text, place, end)
            if first is None:
                return None
            indent = first[1]
        found = _line_start(text, f"{indent}{step}:", place, end)
        if found is None:
            return None
        place = found + len(indent)
    return place


def _line_start(text: str, key: str, start: int, end: int) -> int | None:
    """The first line that begins with ``key`` and a blank or nothing after it."""
    place = start - 1
    while (place := text.find("\n" + key, place, end)) >= 0:
        after = place + 1 + len(key)
        if after >= end or text[after] in " \t\r\n":
            return place + 1
        place += 1
    return None

"""Where a key of a TOML text stands: ``tomllib`` gives values without lines."""

import re
from typing import Final

Step = str | int
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*)\s*="""
)
_PART: Final = re.compile(r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'""")


def line_of(text: str, path: tuple[Step, ...]) -> int:
    """The line (from 1) of the key at ``path``, or of its nearest ancestor, else 1."""
    lines = positions(text)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def positions(text: str) -> dict[tuple[Step, ...], int]:
    """Each key and table of ``text`` with its line; entries of ``[[tables]]`` count from 0."""
    found: dict[tuple[Step, ...], int] = {}
    counts: dict[tuple[Step, ...], int] = {}
    table: tuple[Step, ...] = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quote:
            quote = "" if line.count(quote) % 2 else quote
            continue
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                found.setdefault(table, number)
                table = (*table, counts[table])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault(table + _parts(key[1]), number)
        quote = _left_open(line)
    return found


def _parts(dotted: str) -> tuple[Step, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _left_open(line: str) -> str:
    """The triple quote that ``line`` opens and does not close."""
    return next((quote for quote in ('"""', "'''") if line.count(quote) % 2), "")

"""Blocks of Markdown as CommonMark and GFM tell them apart line by line: fences of code, rows of tables."""

import re
from collections.abc import Iterator
from typing import Final

_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_DELIMITER: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


def with_code(answer: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a block of code (its fences too)."""
    return ((line, bool(before or after)) for line, before, after in _walked(answer))


def open_fence(answer: str) -> tuple[str, int] | None:
    """The fence that never closes, and the number of its line from 0."""
    fence, opened = "", -1
    for number, (_, before, after) in enumerate(_walked(answer)):
        fence = after
        if after and not before:
            opened = number
    return (fence, opened) if fence else None


def is_delimiter(row: str) -> bool:
    """Whether a row of a table is the line of dashes below its head."""
    return _DELIMITER.match(row) is not None


def bars(row: str) -> int:
    """Bars between the cells of a table's row."""
    return row.strip().strip("|").replace(r"\|", "").count("|")


def _walked(answer: str) -> Iterator[tuple[str, str, str]]:
    """Each line with the fence that is open before it and the one after it."""
    fence = ""
    for line in answer.split("\n"):
        before, mark = fence, _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            fence = mark[1]
        yield line, before, fence

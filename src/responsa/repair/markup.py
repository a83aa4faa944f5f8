"""Markdown and TeX that only one repair can have been meant for."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from responsa.article import Edit
from responsa.check.case import Case
from responsa.check.markup import BROKEN, LARGEST
from responsa.records.blocks import bars, is_delimiter, open_fence, with_code
from responsa.records.mathml import mathml
from responsa.records.maths import find_maths

_HEADING: Final = re.compile(r"( {0,3})(#{1,6})(?=[ \t]|$)")
_EVEN: Final = 2


def of_article(case: Case) -> Iterator[Edit]:
    """The answer with all that is repaired in it, if anything is."""
    answer = case.article.answer
    if len(answer) > LARGEST:
        return
    reasons = []
    for mend, what in _MENDS:
        after = mend(answer)
        if after != answer:
            reasons.append(what)
            answer = after
    if reasons:
        yield case.edit("answer", answer, "; ".join(reasons))


def commands(answer: str) -> str:
    r"""``\neq`` where a tool has made a line break of its ``\n``, if the formula can be shown then."""
    parts: list[str] = []
    at = 0
    for span in find_maths(answer) if "\n" in answer and ("$" in answer or "\\" in answer) else ():
        formula = answer[span.start : span.end]
        mended = BROKEN.sub(lambda found: f"\\n{found[1]}", formula)
        inner = BROKEN.sub(lambda found: f"\\n{found[1]}", span.tex)
        shown = mended != formula and mathml(inner, display=span.display) is not None
        parts += [answer[at : span.start], mended if shown else formula]
        at = span.end
    return "".join([*parts, answer[at:]])


def fences(answer: str) -> str:
    """A fence that never closes: removed where nothing stands behind it, closed where all behind it is one block."""
    if "```" not in answer and "~~~" not in answer:
        return answer
    left = open_fence(answer)
    if left is None:
        return answer
    (fence, opened), lines = left, answer.split("\n")
    behind = "\n".join(lines[opened + 1 :]).strip("\n")
    if not behind.strip():
        return "\n".join(lines[:opened]).rstrip() if not lines[opened].strip().strip("`~") else answer
    indent = lines[opened][: len(lines[opened]) - len(lines[opened].lstrip())]
    return answer if "\n\n" in behind or not behind else f"{answer.rstrip()}\n{indent}{fence}"


def headings(answer: str) -> str:
    """Levels without gaps, where each level of the answer can keep its order among them; else as it was."""
    if "#" not in answer:
        return answer
    lines = answer.split("\n")
    marks = {
        n: found for n, (line, code) in enumerate(with_code(answer)) if not code and (found := _HEADING.match(line))
    }
    levels = [len(found[2]) for found in marks.values()]
    if all(below <= above + 1 for above, below in pairwise(levels)):
        return answer
    new = {level: min(levels) + place for place, level in enumerate(sorted(set(levels)))}
    closed = [new[level] for level in levels]
    if any(below > above + 1 for above, below in pairwise(closed)):
        return answer
    for number, found in marks.items():
        line = lines[number]
        lines[number] = f"{found[1]}{'#' * new[len(found[2])]}{line[found.end() :]}"
    return "\n".join(lines)


def tables(answer: str) -> str:
    """The line of dashes under a table's heading, where every row has as many cells as the heading."""
    if "|" not in answer:
        return answer
    lines = list(with_code(answer))
    found: list[str] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and not lines[end][1] and lines[end][0].lstrip().startswith("|"):
            end += 1
        found += _table([line for line, _ in lines[at:end]]) if end > at else [lines[at][0]]
        at = max(end, at + 1)
    return "\n".join(found)


def _table(rows: list[str]) -> list[str]:
    if len(rows) < _EVEN or (is_delimiter(rows[1]) and bars(rows[1]) == bars(rows[0])):
        return rows
    wide, dashed = bars(rows[0]), is_delimiter(rows[1])
    below = rows[2:] if dashed else rows[1:]
    if wide < 1 or not below or any(bars(row) != wide or is_delimiter(row) for row in below):
        return rows
    indent = rows[0][: len(rows[0]) - len(rows[0].lstrip())]
    return [rows[0], f"{indent}|{'---|' * (wide + 1)}", *below]


_MENDS: Final[tuple[tuple[Callable[[str], str], str], ...]] = (
    (commands, "commands of TeX that were broken at a line break"),
    (fences, "a code fence that never closed"),
    (headings, "headings that skipped a level"),
    (tables, "a table without a line of dashes that fits"),
)

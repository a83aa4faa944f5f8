"""Rules on the text of an answer: HTML, Markdown and TeX."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from responsa.check.case import Case
from responsa.check.problem import Problem
from responsa.records.blocks import bars, is_delimiter, open_fence, with_code
from responsa.records.mathml import mathml
from responsa.records.maths import Maths, find_maths

LARGEST: Final = 500_000
"""Characters; a longer answer is published as plain text, so that its markup does not matter."""

_CODE: Final = re.compile(r"(?<!`)(`++)[^`\n]*(?<!`)\1(?!`)")
_UNSAFE: Final = re.compile(
    r"<(script|iframe|object|embed|form|style|base|meta|link|svg|math)\b"
    r"|<[a-z][^<>]{0,500}\s(on[a-z]{3,20})\s*="
    r"|(?:\]\(|href\s*=\s*[\"']?)\s*((?:javascript|vbscript|data):)",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_EMPTY: Final = re.compile(r"(?<!!)\[([^\[\]\n]{0,500})\]\(\s*\)|(?<!!)\[\s*\]\(([^()\s]{1,500})\)")
BROKEN: Final = re.compile(r"\n(eq|eg|abla|otin|mid|leq|geq|exists|ewline)(?![A-Za-z])")
r"""A command of TeX of whose `\n` a tool has made a line break."""


def html(case: Case) -> Iterator[Problem]:
    """The first thing that could run."""
    if "<" not in case.article.answer and "](" not in case.article.answer:
        return
    found = _UNSAFE.search(_prose(case.article.answer))
    if found:
        what = next(part for part in found.groups() if part)
        yield case.found("unsafe-html", "answer", f"{what!r} never reaches the page")


def markdown(case: Case) -> Iterator[Problem]:
    """Fences, headings, links and tables."""
    answer = case.article.answer
    if len(answer) > LARGEST:
        return
    if "```" in answer or "~~~" in answer:
        yield from _fence(case)
    prose = _prose(answer)
    if "#" in prose:
        yield from _headings(case, prose)
    if "](" in prose and (empty := _EMPTY.search(prose)):
        yield case.found("link-empty", "answer", f"{empty.group()!r} has no text or no target")
    if "|" in prose:
        yield from _tables(case, prose)


def maths(case: Case) -> Iterator[Problem]:
    """Formulas that cannot be shown, open ones, and those that an earlier tool broke."""
    answer = case.article.answer
    if len(answer) > LARGEST or not ("$" in answer or "\\" in answer):
        return
    spans = find_maths(answer)
    for span in spans:
        if broken := BROKEN.search(span.tex):
            message = f"a line break where `\\n{broken.group(1)}` stood: {_short(span.tex)}"
            yield case.found("escape-broken", "answer", message)
        elif mathml(span.tex, display=span.display) is None:
            yield case.found("maths-unreadable", "answer", f"{_short(span.tex)} is shown as its source")
    yield from _open(case, spans)


def _open(case: Case, spans: list[Maths]) -> Iterator[Problem]:
    rest = _prose(_without(case.article.answer, spans))
    for start, end in ((r"\(", r"\)"), (r"\[", r"\]")):
        if rest.count(start) != rest.count(end):
            yield case.found("maths-unbalanced", "answer", f"`{start}` and `{end}` do not match")
    if rest.count("$$") % 2:
        yield case.found("maths-unbalanced", "answer", "`$$` opens and never closes")


def _without(text: str, spans: list[Maths]) -> str:
    parts, done = [], 0
    for span in spans:
        parts.append(text[done : span.start])
        done = span.end
    return "".join((*parts, text[done:]))


def _prose(answer: str) -> str:
    """The answer without code; a fence's lines become empty ones."""
    if "`" not in answer and "~~~" not in answer:
        return answer
    lines = ("" if in_code else line for line, in_code in with_code(answer))
    return _CODE.sub("", "\n".join(lines))


def _fence(case: Case) -> Iterator[Problem]:
    left = open_fence(case.article.answer)
    if left:
        yield case.found("fence-unclosed", "answer", f"{left[0]} opens and never closes")


def _headings(case: Case, prose: str) -> Iterator[Problem]:
    levels = [len(found[1]) for line in prose.split("\n") if (found := _HEADING.match(line))]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield case.found("heading-jump", "answer", f"level {above} is followed by level {below}")
            return


def _tables(case: Case, prose: str) -> Iterator[Problem]:
    before = ""
    for line, after in pairwise([*prose.split("\n"), ""]):
        head = line.lstrip().startswith("|") and not before.lstrip().startswith("|")
        if head and after.lstrip().startswith("|") and not _delimits(after, line):
            yield case.found("table-broken", "answer", f"no line of dashes that fits under {_short(line)}")
            return
        before = line


def _delimits(row: str, head: str) -> bool:
    return is_delimiter(row) and bars(row) == bars(head)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"  # noqa: PLR2004 - what fits on a line

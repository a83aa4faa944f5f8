"""Sentences as the Markdown of an answer: whatever they hold, they read as they stand, and make no markup."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from responsa.evidence.claims import claims
from responsa.evidence.words import words
from responsa.records.maths import find_maths


class Line(Struct, frozen=True):
    """One sentence, or the ``cells`` of a row. ``run``: sentences with the same number stand in one paragraph."""

    text: str
    run: int
    label: str = ""
    listed: bool = False
    cells: tuple[tuple[str, str], ...] = ()


_ENTITIES: Final = {"[": "&#91;", "]": "&#93;", "`": "&#96;", "|": "&#124;", "\\": "&#92;"}
_SIGNS: Final = re.compile(
    r"[\[\]`|\\]|\*|~(?=~)|(?<!\w)_|_(?!\w)|<(?![\s\d=])|&(?=#?\w+;)|\$|(?<=\w)://|!(?=\[)"
)  # fmt: skip
_OPENING: Final = re.compile(r"(?:[#>+=-]|\d{1,9}[.)](?=\s|$))")


def markdown(lines: Iterable[Line]) -> str:
    """Paragraphs and lists, a run a paragraph or an item, under their labels; rows of one head as a table."""
    parts: list[str] = []
    for label, labelled in groupby(lines, key=lambda line: line.label):
        if label:
            parts.append(f"**{escaped(label)}:**")
        parts += _under(list(labelled))
    return "\n\n".join(parts)


def _under(lines: Sequence[Line]) -> Iterator[str]:
    for kind, same in groupby(lines, key=lambda line: (line.listed, tuple(head for head, _ in line.cells))):
        held = list(same)
        if kind[1]:
            yield table(kind[1], [tuple(cell for _, cell in line.cells) for line in held])
            continue
        runs = [" ".join(_sentences(group)) for _, group in groupby(held, key=lambda line: line.run)]
        yield from ["\n".join(f"- {run}" for run in runs)] if kind[0] else runs


def _sentences(group: Iterable[Line]) -> Iterator[str]:
    for number, line in enumerate(group):
        text = escaped(line.text)
        yield _unopened(text) if number == 0 else text


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of GFM."""
    lines = [_row(heads), "|" + "---|" * len(heads), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"


def escaped(text: str) -> str:
    """``text`` so that Markdown shows just that; formulas stay as they are."""
    parts: list[str] = []
    at = 0
    for span in find_maths(text):
        parts += [_SIGNS.sub(_sign, text[at : span.start]), text[span.start : span.end]]
        at = span.end
    return "".join([*parts, _SIGNS.sub(_sign, text[at:])])


def _sign(match: re.Match[str]) -> str:
    sign = match.group()
    if sign == "<":
        return "&lt;"
    if sign == "&":
        return "&amp;"
    # `\[` and `\(` open formulas to those who look for them: signs that could make one are entities.
    return _ENTITIES.get(sign, "&#58;//" if sign == "://" else f"\\{sign}")


def _unopened(text: str) -> str:
    """Not a heading, a list or a quotation at the start of a paragraph."""
    found = _OPENING.match(text)
    if found is None:
        return text
    opening = found.group()
    return f"\\{text}" if len(opening) == 1 else f"{opening[:-1]}\\{opening[-1]}{text[found.end() :]}"


def faithful(lines: Sequence[Line], answer: str) -> list[bool]:
    """Of each line, whether the answer's claims say just it: a sentence that is read otherwise must not stay."""
    said = {compared(claim.text) for claim in claims(answer)}
    return [compared(line.text) in said for line in lines]


def compared(text: str) -> tuple[str, ...]:
    """A sentence word by word, without the citations that a claim does not count as its words."""
    return tuple(word.key for word in words(text))

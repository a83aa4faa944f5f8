"""Charts as SVG: no script, no style attribute, colours by class. Each has a title, a description and a table beside.

A chart is 400 units wide and its letters 11, so that a telephone shows them at about their size.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from msgspec import Struct

WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 6, 16, 26
FEW_LABELS: Final = 12
"""Columns that each have their number above; of more only every so many has its label below."""


class Part(Struct, frozen=True):
    """A piece of a bar: its class and its share, 0 to 1."""

    kind: str
    share: float


def bar(parts: Sequence[Part]) -> str:
    """Pieces side by side, to fill a cell of a table whose other cells say the numbers: nothing to read aloud."""
    drawn, at = list[str](), 0.0
    for part in parts:
        if part.share > 0:
            # What is there can be seen, however little it is.
            width = max(0.6, 100 * min(1.0, part.share))
            drawn.append(f'<rect class="{part.kind}" x="{_n(at)}" width="{_n(width)}" height="10"/>')
            at += width
    inner = "".join(drawn)
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{inner}</svg>"
    )


class Chart(Struct, frozen=True):
    """What a chart is called and what it shows in a sentence; ``id`` is its own on the page."""

    id: str
    title: str
    says: str


def columns(chart: Chart, labels: Sequence[str], values: Sequence[int], kinds: Sequence[str] = ()) -> str:
    """Standing columns; ``kinds`` are classes, one a column, else all are of one."""
    top = _ceiling(max(values, default=0))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    every = -(-len(values) // FEW_LABELS)
    drawn = [_axis(top)]
    for at, (label, value) in enumerate(zip(labels, values, strict=True)):
        x, height = LEFT + at * step, _height(value, top)
        middle = _n(x + step / 2)
        kind = kinds[at] if kinds else "main"
        drawn.append(
            f'<rect class="{kind}" x="{_n(x + step * 0.1)}" y="{_n(HEIGHT - BOTTOM - height)}" '
            f'width="{_n(step * 0.8)}" height="{_n(height)}"><title>{escape(label)}: {value:,}</title></rect>'
        )
        if at % every == 0:
            drawn.append(f'<text class="mid" x="{middle}" y="{HEIGHT - BOTTOM + 14}">{escape(label)}</text>')
        if len(values) <= FEW_LABELS and value:
            y = _n(HEIGHT - BOTTOM - height - 4)
            drawn.append(f'<text class="mid strong" x="{middle}" y="{y}">{short(value)}</text>')
    return _svg(chart, "".join(drawn))


def area(chart: Chart, labels: Sequence[str], values: Sequence[int]) -> str:
    """A filled line, for what only adds up."""
    top = _ceiling(max(values, default=0))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(values) - 1)
    points = [f"{_n(LEFT + at * step)},{_n(HEIGHT - BOTTOM - _height(value, top))}" for at, value in enumerate(values)]
    end = _n(LEFT + (len(values) - 1) * step)
    floor = HEIGHT - BOTTOM
    path = f'<polygon class="soft" points="{LEFT},{floor} {" ".join(points)} {end},{floor}"/>'
    line = f'<polyline points="{" ".join(points)}"/>'
    ends = f'<text x="{LEFT}" y="{floor + 14}">{escape(labels[0])}</text>' if labels else ""
    if len(labels) > 1:
        ends += f'<text class="end" x="{WIDTH - RIGHT}" y="{floor + 14}">{escape(labels[-1])}</text>'
    return _svg(chart, f"{_axis(top)}{path}{line}{ends}")


def short(number: int) -> str:
    """``950``, ``1.2k``, ``36k``, ``1.5M``: for places too small for every digit, of which a table has all."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            digits = f"{number / size:.1f}" if number < 10 * size else f"{number / size:.0f}"
            return f"{digits.removesuffix('.0')}{letter}"
    return str(number)


def _svg(chart: Chart, inner: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{chart.id}-title {chart.id}-says">'
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>'
        f'<desc id="{chart.id}-says">{escape(chart.says)}</desc>{inner}</svg>'
    )


def _axis(top: int) -> str:
    """Three lines with their numbers."""
    drawn = list[str]()
    for share in (0, 0.5, 1):
        if share != 0.5 or top % 2 == 0:  # noqa: PLR2004 - the half of an odd number is none
            y = HEIGHT - BOTTOM - _height(round(top * share), top)
            drawn.append(f'<line class="grid" x1="{LEFT}" y1="{_n(y)}" x2="{WIDTH - RIGHT}" y2="{_n(y)}"/>')
            drawn.append(f'<text class="end" x="{LEFT - 6}" y="{_n(y + 4)}">{short(round(top * share))}</text>')
    return "".join(drawn)


def _height(value: int, top: int) -> float:
    return (HEIGHT - TOP - BOTTOM) * value / top if top else 0.0


def _ceiling(most: int) -> int:
    """The next number that begins with 1, 2, 3, 4, 5, 6 or 8 and ends in noughts."""
    size = 10 ** max(0, len(str(most)) - 1)
    return next((step * size for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * size >= most), most) if most else 1


def _n(number: float) -> str:
    """Two digits behind the point at most: the same on every machine, and short."""
    return f"{number:.2f}".rstrip("0").rstrip(".")

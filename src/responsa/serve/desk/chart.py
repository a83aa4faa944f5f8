"""Charts as SVG made here: no script, no style attribute, the same numbers in a table beside each."""

from collections.abc import Sequence
from html import escape
from typing import Final

from msgspec import Struct

WIDTH: Final = 420
"""Of a phone, so that letters there are no smaller than beside a chart; a wider page draws all of it larger."""
ROW: Final = 26
LABEL: Final = 196
NUMBER: Final = 60
HEIGHT: Final = 160


class Bar(Struct, frozen=True):
    """One bar; ``href`` is where its number leads."""

    label: str
    value: int
    href: str = ""


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Lying bars with their labels and numbers; hidden from screen readers, which have the table."""
    most = max((row.value for row in rows), default=0) or 1
    room = WIDTH - LABEL - NUMBER
    drawn: list[str] = []
    for place, row in enumerate(rows):
        y = place * ROW
        width = max(1 if row.value else 0, round(room * row.value / most))
        drawn.append(
            f'<text class="l" x="{LABEL - 8}" y="{y + 17}">{escape(_short(row.label))}</text>'
            f'<rect x="{LABEL}" y="{y + 4}" width="{width}" height="{ROW - 9}" rx="2"></rect>'
            f'<text class="num" x="{LABEL + width + 6}" y="{y + 17}">{row.value:,}</text>'
        )
    height = max(ROW, len(rows) * ROW)
    return _svg(title, height, "".join(drawn))


def line(title: str, days: Sequence[tuple[str, int]]) -> str:
    """A line over the days, its first and last day and its most below and beside it."""
    if not days:
        return ""
    most = max(value for _, value in days) or 1
    left, right, top, bottom = 52, WIDTH - 12, 14, HEIGHT - 26
    step = (right - left) / max(1, len(days) - 1)
    points = [
        (round(left + step * place, 1), round(bottom - (bottom - top) * value / most, 1))
        for place, (_, value) in enumerate(days)
    ]
    path = " ".join(f"{x},{y}" for x, y in points)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3"></circle>' for x, y in points[-60:])
    marks = (
        f'<line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"></line>'
        f'<text class="l" x="{left - 8}" y="{top + 4}">{most:,}</text>'
        f'<text class="l" x="{left - 8}" y="{bottom + 4}">0</text>'
        f'<text class="num" x="{left}" y="{HEIGHT - 6}">{escape(days[0][0])}</text>'
        f'<text class="l" x="{right}" y="{HEIGHT - 6}">{escape(days[-1][0]) if len(days) > 1 else ""}</text>'
    )
    return _svg(title, HEIGHT, f'{marks}<polyline points="{path}"></polyline>{dots}')


def _svg(title: str, height: int, inner: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" aria-hidden="true" focusable="false">'
        f"<title>{escape(title)}</title>{inner}</svg>"
    )


def _short(label: str) -> str:
    return label if len(label) <= 25 else f"{label[:24]}…"  # noqa: PLR2004 - what fits beside a bar

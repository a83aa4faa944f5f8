"""Charts: what a shape says is what the numbers say."""

import re

import pytest

from responsa.report.svg import Chart, Part, area, bar, columns, short

CHART = Chart("c", "Title <1>", "Says & so")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (1250, "1.2k"), (35915, "36k"), (1_500_000, "1.5M")],
)
def test_a_number_is_short(number, text):
    assert short(number) == text


def test_columns_are_as_high_as_their_numbers():
    heights = [
        float(height) for height in re.findall(r'<rect[^>]*height="([0-9.]+)"', columns(CHART, "abc", [0, 5, 10]))
    ]
    assert heights == [0, 74, 148]


def test_a_chart_has_a_title_and_a_description_as_text():
    svg = columns(CHART, ["<b>"], [1])
    assert '<title id="c-title">Title &lt;1&gt;</title><desc id="c-says">Says &amp; so</desc>' in svg
    assert "<b>" not in svg


def test_what_is_there_is_seen_and_what_is_not_is_not():
    assert 'width="0.6"' in bar([Part("a", 0.00001)])
    assert "<rect" not in bar([Part("a", 0)])


def test_a_line_of_nothing_or_of_one_is_drawn():
    assert "polyline" in area(CHART, [], [])
    assert area(CHART, ["2024"], [3]).count("<text") == 3

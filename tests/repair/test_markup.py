import pytest

from responsa.repair.markup import commands, fences, headings, tables


def test_a_command_that_lost_its_backslash_n_gets_it_back():
    assert commands("It holds $a\neq b$ here.") == r"It holds $a\neq b$ here."
    assert commands("$$\n\nabla f\n$$") == "$$\n\nabla f\n$$"


@pytest.mark.parametrize("answer", ["A line\neq of text.", "$a$\n\nabla", "`$a\neq b$`", "$x = 1$"])
def test_line_breaks_that_are_none_of_a_command_stay(answer):
    assert commands(answer) == answer


def test_a_table_gets_its_line_of_dashes():
    assert tables("| A | B |\n| 1 | 2 |\n\nText") == "| A | B |\n|---|---|\n| 1 | 2 |\n\nText"
    assert tables("| A | B |\n|---|\n| 1 | 2 |") == "| A | B |\n|---|---|\n| 1 | 2 |"


@pytest.mark.parametrize(
    "answer",
    [
        "| A | B |\n|---|---|\n| 1 | 2 |",
        "| A | B |\n| 1 | 2 | 3 |",
        "| A |\n| 1 |",
        "```\n| A | B |\n| 1 | 2 |\n```",
        "| A | B |",
    ],
)
def test_a_table_that_is_whole_or_whose_columns_nobody_can_tell_stays(answer):
    assert tables(answer) == answer


def test_a_fence_with_nothing_behind_it_goes_and_one_with_a_block_is_closed():
    assert fences("Text.\n\n```\n") == "Text."
    assert fences("Text.\n\n```python\nprint(1)\nprint(2)\n") == "Text.\n\n```python\nprint(1)\nprint(2)\n```"


@pytest.mark.parametrize("answer", ["```python\nprint(1)\n\nThe rest.", "```\na\n```", "~~~\na\n\nb\n~~~", "no fence"])
def test_where_the_code_ends_nobody_can_tell(answer):
    assert fences(answer) == answer


def test_levels_close_up_where_their_order_stays():
    assert headings("## A\n\n#### B\n\n#### C\n\n## D") == "## A\n\n### B\n\n### C\n\n## D"
    assert headings("# A\n### B\n```\n#### no heading\n```") == "# A\n## B\n```\n#### no heading\n```"


@pytest.mark.parametrize("answer", ["## A\n#### B\n### C", "### A\n#### B", "no heading", "# A\n## B\n# C"])
def test_headings_without_a_gap_or_whose_order_is_unclear_stay(answer):
    assert headings(answer) == answer

"""Facts about finding formulas: money and code are none."""

import pytest

from responsa.records.maths import find_maths

MONEY = [
    f"{before}{amounts}{after}"
    for amounts in (
        "$5, $10 and $20",
        "$5-$10",
        "$3 to $4",
        "$1.50 or $2",
        "$7M and $9M",
        "US$ 4 billion against US$ 6 billion",
        "$ 5 and $ 10",
        "$12/month or $99/year",
        "$100 (about $90)",
        "between $1,000 and $2,500.75",
    )
    for before, after in (
        ("", ""),
        ("Tea costs ", "."),
        ("- **Price**: ", " a box\n"),
        ("(", ")"),
        ("| ", " |"),
        ("> ", "!"),
    )
]
TRAPS = [
    *MONEY,
    "`$a$`",
    "```\n$a$ $b$\n```",
    r"\$a$ b",
    r"\[see the note below\]",
    "$HOME and $PATH",
    "costs 5$ or 6$",
    "$",
]


@pytest.mark.parametrize("text", TRAPS)
def test_nothing_here_is_a_formula(text):
    assert find_maths(text) == []


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("so $x$ is", ["x"]),
        ("$ 2pq $", ["2pq"]),
        (r"\( a \)", ["a"]),
        (r"\[ b^2 \]", ["b^2"]),
        ("$$\nc\n$$", ["c"]),
        ("costs $5, but $y$ rises", ["y"]),
        (r"$\triangle ABC \cong \triangle DEF$", None),
        ("$ p_{tot, initial} $", None),
        (r"\(J(Alice)\)", None),
        ("$ 0 < |a| < 1 $", None),
    ],
)
def test_a_formula_is_found_without_its_delimiters(text, tex):
    found = find_maths(text)
    assert [span.tex for span in found] == tex if tex else len(found) == 1


@pytest.mark.parametrize("unit", ["$", "$x ", r"\(", "$$ ", "` ", "```\n", "\n$"])
def test_hostile_text_takes_linear_time(unit):
    find_maths(unit * 100_000)

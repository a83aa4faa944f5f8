"""Facts about formulas as MathML: well-formed, without inline style, never an error, looking as they should."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responsa.records.mathml import MAX_DEPTH, MAX_TEX, mathml, tex_source

PIECES = st.sampled_from(
    [
        *["x", "1", "{", "}", "_", "^", "&", r"\\", r"\frac", r"\sqrt", r"\left(", r"\right)", r"\text{a}", r"\vec"],
        *[r"\begin{matrix}", r"\end{matrix}", r"\begin{aligned}", r"\end{aligned}", r"\color{red}", r"\href{a}{b}"],
        *["<b>", '"', "\u00e9", "\n", " ", r"\ce{H2O}", r"\tag{1}", "%", "$", r"\boxed{x}", r"\nosuch", r"\hline"],
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_what_comes_out_is_one_well_formed_formula_without_style_or_links(tex):
    html = mathml(tex, display=True)
    if html is not None:
        tree = ET.fromstring(html)
        assert tree.tag == "math"
        assert not {"style", "href"} & {key for element in tree.iter() for key in element.attrib}
        assert all(not key.startswith("on") for element in tree.iter() for key in element.attrib)
        assert "merror" not in html


def test_the_source_is_kept_as_annotation():
    tree = ET.fromstring(mathml("a < b", display=False))
    assert tree.findtext(".//annotation") == "a < b"


@pytest.mark.parametrize("tex", ["x_a_b < 1", r"\ce{H2O}", r"\text{5% of}"])
def test_a_repaired_formula_keeps_its_authors_source(tex):
    assert ET.fromstring(mathml(tex, display=False)).findtext(".//annotation") == tex


@pytest.mark.parametrize(
    "tex", [r"\nosuch", "{", r"\begin{matrix}", "x" * (MAX_TEX + 1), "{" * (MAX_DEPTH * 3), "\ud800"]
)
def test_what_cannot_be_read_is_none(tex):
    assert mathml(tex, display=False) is None


def test_a_source_is_escaped():
    assert tex_source("a<b>&") == '<code class="tex">a&lt;b&gt;&amp;</code>'


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\vec F", '<mo stretchy="false" class="vec">\u2192</mo>'),
        (r"\begin{aligned} a &= b \end{aligned}", '<mtd class="math-right math-tight-right">'),
        (r"\begin{array}{c|c} a & b \end{array}", '<mtd class="math-rule-right">'),
        (r"\color{red} x", 'mathcolor="#FF0000"'),
        ("x_a_{b}", "<msub>"),
        ("x^2^3", "<msup>"),
        (r"\ce{H2O}", "<mn>2</mn>"),
        (r"x \tag{7}", "(7)"),
        (r"\text{5% of}", "5% of"),
        (r"\text{5\% of}", "5% of"),
    ],
)
def test_what_looks_right_in_tex_looks_right_here(tex, part):
    assert part in mathml(tex, display=True).replace("\u00a0", " ")


def test_no_attribute_is_there_that_a_validator_refuses():
    assert "scriptlevel" not in mathml(r"\begin{matrix} a \end{matrix}", display=True)

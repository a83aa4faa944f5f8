r"""TeX to MathML at build time. What cannot be read is shown as its source, never as an error."""

import re
from functools import lru_cache
from html import escape
from typing import Final

from math_core import LatexError, LatexToMathML

MAX_TEX: Final = 20_000
# math-core descends one stack frame a group; 2,000 are fine and 50,000 crash the process.
MAX_DEPTH: Final = 500

_CONVERTER = LatexToMathML(annotation=True, fancy_error=False)
_NESTING = re.compile(r"[{]|\\(?:left|begin|[A-Za-z]+(?=\s*\\[A-Za-z]))|[_^]")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
_CE = re.compile(r"\\ce\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_ARROWS = (
    ("<=>", r"\rightleftharpoons "),
    ("<->", r"\leftrightarrow "),
    ("->", r"\rightarrow "),
    ("<-", r"\leftarrow "),
    ("\u2192", r"\rightarrow "),
)
_CE_COUNT = re.compile(r"(?<=[A-Za-z)\]])(\d+)")
_CE_CHARGE = re.compile(r"(?<=[A-Za-z0-9)\]}])([+-])(?=$|[\s,;)]|\()")
_CE_LETTERS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]+")
# Browsers set the combining arrow, which has no width, left of its letter: a small real one stands right.
_VECTOR = '<mo stretchy="false">\u20d7</mo>'
_ARROW = '<mo stretchy="false" class="vec">\u2192</mo>'
# Browsers begin a table so anyway, and MathML 3, which validators hold to, knows no such attribute of a table.
_LEVEL = ' scriptlevel="0"'
# Styles that math-core writes inline; pages are served under a policy without inline style.
_STYLE = re.compile(r' style="([^"]*)"')
_CLASSES = (
    ("math-right", "text-align:right"),
    ("math-left", "text-align:left"),
    ("math-half", "width:50%"),
    ("math-full", "width:100%"),
    ("math-rule-left", "border-left"),
    ("math-rule-right", "border-right"),
    ("math-rule-top", "border-top"),
    ("math-rule-bottom", "border-bottom"),
    ("math-tight-left", "padding-left:0;"),
    ("math-tight-right", "padding-right:0;"),
    ("math-gap-left", "padding-left:1em"),
    ("math-thin", "padding-right:0.1667em"),
)
_COLOUR = re.compile(r"(?:^|;)\s*color:\s*(#[0-9A-Fa-f]{3,8})")
# x_a_{b} is an error to TeX; nothing between the two says what their author meant.
_SCRIPT = r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\s{}\\])"
_TWO_BELOW = re.compile(rf"(_{_SCRIPT}(?:\^{_SCRIPT})?)(?=_)")
_TWO_ABOVE = re.compile(rf"(\^{_SCRIPT}(?:_{_SCRIPT})?)(?=\^)")
# math-core takes the blank after \% for the end of a name: "5%of".
_SIGN_AND_BLANK = re.compile(r"(\\[%_#&$])(?= )")
_ANNOTATION = re.compile(r"(<annotation[^>]*>).*?(?=</annotation>)", re.DOTALL)
_PERCENT_IN_TEXT = re.compile(r"(\\text\w*\{[^{}%]*[^\\{}%])%")


@lru_cache(maxsize=4096)
def mathml(tex: str, *, display: bool) -> str | None:
    """``<math>`` with its TeX as annotation, without inline style; None where the TeX cannot be read."""
    if len(tex) > MAX_DEPTH and (len(tex) > MAX_TEX or sum(1 for _ in _NESTING.finditer(tex)) > MAX_DEPTH):
        return None
    plain = _SIGN_AND_BLANK.sub(r"\1{}", tex) if "\\text" in tex else tex
    for candidate in (plain, _repaired(plain)):
        try:
            converted: str = _CONVERTER.convert_with_local_state(candidate, displaystyle=display)
        except (LatexError, UnicodeEncodeError):
            continue
        if candidate != tex:
            converted = _ANNOTATION.sub(lambda match: match.group(1) + escape(tex, quote=False), converted)
        return _STYLE.sub(_as_attribute, converted).replace(_VECTOR, _ARROW).replace(_LEVEL, "")
    return None


def tex_source(tex: str) -> str:
    """The formula as its author wrote it."""
    return f'<code class="tex">{escape(tex)}</code>'


def _repaired(tex: str) -> str:
    r"""Chemistry and the slips that math-core refuses: ``\\ce``, ``\\tag``, a bare % inside text."""
    tex = _CE.sub(lambda match: _chemistry(match.group(1)), tex)
    tex = _TAG.sub(r"\\qquad \\text{(\1)}", tex)
    tex = _TWO_ABOVE.sub(r"\1{}", _TWO_BELOW.sub(r"\1{}", tex))
    return _PERCENT_IN_TEXT.sub(r"\1\\%{}", tex)


def _chemistry(formula: str) -> str:
    r"""``\\ce{2H2O + SO4^{2-} -> X}`` in plain TeX: counts go down, charges go up, arrows are arrows."""
    parts: list[str] = []
    for word in formula.split():
        word_tex = dict(_ARROWS).get(word)
        if word_tex is None:
            for sign, arrow in _ARROWS:
                word = word.replace(sign, arrow)  # noqa: PLW2901  one word may hold several arrows
            word = _CE_CHARGE.sub(r"^{\1}", word) if word not in "+-" else word  # noqa: PLW2901
            word = _CE_COUNT.sub(r"_{\1}", word)  # noqa: PLW2901
            word_tex = _CE_LETTERS.sub(lambda letters: rf"\mathrm{{{letters.group()}}}", word)
        parts.append(word_tex)
    return "{" + " ".join(parts) + "}"


def _as_attribute(match: re.Match[str]) -> str:
    style = match.group(1)
    if colour := _COLOUR.search(style):
        return f' mathcolor="{colour.group(1)}"'
    plain = style.replace(" ", "")
    classes = [name for name, sign in _CLASSES if sign in plain]
    return f' class="{" ".join(classes)}"' if classes else ""

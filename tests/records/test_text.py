r"""Facts about ``\n`` in answers: what is a line break and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsa.records.text import decode_answer, encode_answer

PIECES = st.sampled_from(
    ["\\", "n", "\n", "$", "$$", "eq", "u", "`", "```", '"', "'", " ", "a", "\\u005c", "\\u000a", "\\("]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_decoding_undoes_encoding(markdown):
    assert decode_answer(encode_answer(markdown)) == markdown


@pytest.mark.parametrize(
    ("raw", "markdown"),
    [
        (r"One.\n\nTwo.", "One.\n\nTwo."),
        (r"The list\need not be long", "The list\need not be long"),
        (r"Let $a \neq b$ and\n$\nabla f$.", "Let $a \\neq b$ and\n$\\nabla f$."),
        (r"$$\n\nu = 1\n$$", "$$\n\\nu = 1\n$$"),
        (r"$$\nu(t) = 1\n$$", "$$\nu(t) = 1\n$$"),
        (r"d) tin\ne) lead", "d) tin\ne) lead"),
        (r'```c\nputs("a\n");\n```', '```c\nputs("a\\n");\n```'),
        (r'```sh\n# the dog\'s\necho "a"\n```', '```sh\n# the dog\\\'s\necho "a"\n```'),
        (r"use `\n` here\nand", "use `\\n` here\nand"),
        (r"$\begin{matrix}1\\\n2\end{matrix}$", "$\\begin{matrix}1\\\\\n2\\end{matrix}$"),
    ],
)
def test_line_breaks_are_told_from_tex_and_code(raw, markdown):
    assert decode_answer(raw) == markdown
    assert decode_answer(encode_answer(markdown)) == markdown

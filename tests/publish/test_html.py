"""Facts about the HTML of an answer: safe, well-formed, and the same at every run."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from responsa.publish.html import MAX_MARKDOWN, render

VOID = {"br", "hr", "img", "mspace"}
SOUP = st.sampled_from(
    [
        "<script>",
        "</script>",
        "<a href='javascript:x'>",
        "</a>",
        "<img src=x onerror=y>",
        "[a](//b)",
        "[a](/b)",
        "![$x$](/c)",
        "# H\n",
        "\n## H\n",
        "|a|b|\n|-|-|\n|$x$|2|\n",
        "$x$",
        "\\(",
        "\\)",
        "```python\n",
        "\n```\n",
        "> ",
        "- ",
        "<h3>",
        "<table>",
        "<td>",
        "<div id=x>",
        "<b style='a'>",
        "[^1]",
        "\n[^1]: n\n",
        "&#x6d;",
        "\n",
        "\n\n",
        "    ",
        "<pre>",
        "</pre>",
        "a",
        '"',
        "<svg>",
    ]
)


class Checked(HTMLParser):
    def __init__(self, body):
        super().__init__()
        self.open, self.ids = [], []
        self.feed(body)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        assert tag not in {"script", "style", "iframe", "svg", "input", "form", "h1"}
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "style"
            if name in {"href", "src"}:
                assert value.startswith(("#", "/", "http:", "https:", "mailto:"))
                assert not value.startswith("//")
            if name == "id":
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(SOUP).map("".join)))
@example("<H1><A><H1>")
@example("<H1><C><H1>")
def test_any_text_becomes_safe_and_well_formed(markdown):
    html = render(markdown)
    Checked(html.body)
    assert render(markdown) == html


@pytest.mark.parametrize("unit", [">", "[", "<div>", "$", "&", "`", "- "])
def test_hostile_lengths_take_bounded_time(unit):
    render(unit * 10_000)
    render(unit * (MAX_MARKDOWN + 1))


def test_headings_start_below_the_page_and_skip_no_level():
    assert [line[:3] for line in render("# A\n\n#### B\n\n# A").body.splitlines()] == ["<h2", "<h3", "<h2"]
    assert 'id="section-a-2"' in render("# A\n\n# A").body


def test_a_formula_in_an_attribute_stays_source():
    assert 'alt="$x$"' in render("![$x$](/a)").body


def test_a_formula_that_cannot_be_read_is_shown_as_source():
    assert '<code class="tex">\\nosuch</code>' in render("$\\nosuch$").body


def test_links_out_are_marked_and_links_inside_are_not():
    assert 'rel="nofollow ugc noopener" href="https://a.example"' in render("[x](https://a.example)").body
    assert render("[x](/a)").body == '<p><a href="/a">x</a></p>\n'


def test_code_of_a_known_language_is_coloured_and_no_other():
    assert '<span class="k">def</span>' in render("```python\ndef f(): 0\n```").body
    assert "<span" not in render("```nosuch\ndef\n```").body

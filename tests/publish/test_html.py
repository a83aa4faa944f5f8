"""Facts about the HTML of an answer: safe, well-formed, and the same at every run."""

import re
from html.parser import HTMLParser

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from responsa.publish.html import MAX_MARKDOWN, MAX_TAGS, harmless_html, is_harmless, render
from responsa.publish.sanitise import sanitised
from responsa.publish.signs import allowed, signs

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


MAY_HAVE = {
    "a": {"href", "title", "rel"},
    "abbr": {"title"},
    "annotation": {"encoding"},
    "blockquote": {"class"},
    "code": {"class"},
    "details": {"open"},
    "div": {"class", "id", "role", "tabindex", "aria-label"},
    "img": {"src", "alt", "title", "width", "height", "loading", "referrerpolicy"},
    "li": {"class"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "p": {"class"},
    "span": {"class", "tabindex"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan", "scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
MAY_BE = set(MAY_HAVE) | set(
    re.findall(
        r"\w+",
        "abbr b blockquote br caption cite code dd del dfn dl dt em figcaption figure hr i ins kbd li mark pre q s samp"
        " small strong sub summary sup table tbody tfoot thead tr u ul var",
    )
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml,<svg>)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<a href='jav&#x0A;ascript:alert(1)'>x</a>",
    "<form action=/x><input name=y></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>*{display:none}</style>",
    "<b style='position:fixed'>x</b>",
    "<a id=main name=main href=/x>x</a>",
    "<plaintext>",
    "</main></body></html>",
    "<!-- ",
    "<![CDATA[",
    "&#0;&#x80;&#xD800;&#x110000;",
    "\x00\x0b\x1b\x7f\x85\ud800\ufffe",
    "\u202eevil\u202c",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{</math><script>alert(1)</script>}$",
    "$<img src=x onerror=alert(1)>$",
    "```<script>\n<script>\n```",
    'https://a.example/"onmouseover=alert(1)',
    "| a |\n|-|\n| </table><script>alert(1)</script> |",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
]


def walk(body):
    """Every element of the body as a browser sees it, MathML's among them; comments are no elements."""
    tree = html5lib.parseFragment(body, treebuilder="etree", namespaceHTMLElements=True)
    for element in tree.iter():
        assert isinstance(element.tag, str), "a comment"
        space, _, name = element.tag.rpartition("}")
        if name != "DOCUMENT_FRAGMENT":
            yield space.rpartition("/")[2], name, element.attrib


def check_allowed(body):
    for space, name, attributes in walk(body):
        assert not any(key.startswith("on") or key == "style" for key in attributes)
        for key in ("href", "src"):
            value = attributes.get(key, "#")
            assert value.startswith(("#", "/", "http:", "https:", "mailto:"))
            assert not value.startswith(("//", "/\\"))
        if space == "MathML":
            assert name not in {"maction", "annotation-xml", "semantics-xml"}
            continue
        assert space == "xhtml"
        assert name in MAY_BE
        assert set(attributes) <= MAY_HAVE.get(name, set())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_never_more_than_text(text):
    for markdown in (text, f"a {text} b", f"- {text}\n- b", f"> {text}", f"# {text}", f"| {text} |\n|-|\n| b |"):
        check_allowed(render(markdown).body)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(SOUP, st.sampled_from(HOSTILE), st.text(max_size=8))).map("".join))
def test_every_tag_and_attribute_is_one_of_a_short_list(markdown):
    check_allowed(render(markdown).body)


MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *[
                    "*",
                    "**",
                    "_",
                    "#",
                    "# ",
                    "- ",
                    "+ ",
                    "1. ",
                    "9) ",
                    "> ",
                    "\n",
                    "\n\n",
                    "    ",
                    "\t",
                    "  \n",
                    "|",
                    "|-|:-:|",
                ],
                *[
                    "===",
                    "---",
                    "***",
                    "\\",
                    "\\*",
                    '"',
                    "'",
                    ">",
                    "]",
                    "!",
                    ")",
                    "{",
                    ":",
                    "https:",
                    "//a.b",
                    "www.",
                    "a",
                    "b c",
                ],
                *["\u00e9", "\u2028", "\U0001f600", "\ufeff", "\x0c", "|a|b|\n|-|-|\n|c|d|\n", "- [ ] "],
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=40,
).map("".join)


@settings(deadline=None, max_examples=500)
@given(MARKDOWN)
def test_what_is_not_sanitised_is_what_the_sanitiser_would_write(markdown):
    found = signs(markdown)
    if is_harmless(found):
        text = allowed(markdown, found)
        html = harmless_html(text, found)
        assert sanitised(html).replace("&nbsp;", "\u00a0") == html


@pytest.mark.parametrize(
    "unit", [">", "[", "<div>", "$", "&", "`", "- ", "<div>\n\n", "<b>", "</i>", "http://a.b/", "> - "]
)
def test_hostile_lengths_take_bounded_time(unit):
    for count in (MAX_TAGS // 2, 10_000, MAX_MARKDOWN + 1):
        render(unit * count)


def test_an_answer_of_ten_megabytes_is_plain_text_that_shows_all_of_it():
    answer = "word " * 2_000_000
    assert render(answer).body == f'<div class="plain">{answer}</div>'


def test_an_answer_nested_too_deep_is_plain_text():
    assert render("> " * 200 + "a").body.startswith('<div class="plain">&gt; &gt;')
    assert render("> " * 50 + "a").body.startswith("<blockquote>")


def test_no_letter_that_html_forbids_is_left():
    assert render("a\x00b\x85c\ufdd0d\U0001fffee").body == "<p>a\ufffdb\ufffdc\ufffdd\ufffde</p>\n"


def test_a_note_says_what_it_is():
    assert render("> [!WARNING]\n> Hot.").body == (
        '<blockquote class="alert warning"><p class="label">Warning</p>\n<p>Hot.</p>\n</blockquote>\n'
    )


def test_an_empty_corner_of_a_table_is_no_heading():
    body = render("|   | a |\n|---|:-:|\n| b | 1 |").body
    assert 'aria-label="Table: a"' in body
    assert '<tr><td></td><th class="align-center">a</th></tr>' in body


def test_a_picture_tells_its_host_nothing_and_waits():
    body = render("![A liver](https://a.example/b.png)").body
    assert 'alt="A liver"' in body
    assert 'loading="lazy"' in body
    assert 'referrerpolicy="no-referrer"' in body


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

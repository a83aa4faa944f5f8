"""Facts about raw HTML in Markdown: it ends with its block, and what is no HTML is text."""

import pytest

from responsa.publish.html import render


@pytest.mark.parametrize(
    ("markdown", "body"),
    [
        ("a <b>b\n\nc", "<p>a <b>b</b></p>\n<p>c</p>\n"),
        ("*a <b>b* c\n\nd", "<p><em>a <b>b</b></em><b> c</b></p>\n<p>d</p>\n"),
        ('<a href="/x">a\n\nb', '<p><a href="/x">a</a></p>\n<p>b</p>\n'),
        ("- a <i>b\n- c", "<ul>\n<li>a <i>b</i></li>\n<li>c</li>\n</ul>\n"),
        ("<h2>a\n\nb", '<h2 id="section-a">a</h2>\n<p>b</p>\n'),
        ("<div>\n<h2>a\n\nb\n\n</div>\n\nc", '<div>\n<h2 id="section-a">a</h2>\n<p>b</p>\n</div>\n<p>c</p>\n'),
        ("<div>\n\na", "<div></div>\n<p>a</p>\n"),
        ("> <div>\n> a\n\nb\n\n</div>", "<blockquote>\n<div>\na</div>\n</blockquote>\n<p>b</p>"),
    ],
)
def test_an_open_tag_ends_with_its_block(markdown, body):
    assert render(markdown).body.strip() == body.strip()


def test_details_may_hold_blocks():
    body = render("<details>\n<summary>a</summary>\n\n**b**\n\n</details>\n\nc").body
    assert body == "<details>\n<summary>a</summary>\n<p><strong>b</strong></p>\n</details>\n<p>c</p>\n"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("a vector<int> b", "vector&lt;int&gt;"),
        ("<your-name>\n\nb", "&lt;your-name&gt;"),
        ("<!-- a\n\nb", "&lt;!-- a"),
        ("<script>\n\nb", "&lt;script&gt;"),
        ("<? a\n\nb", "&lt;? a"),
    ],
)
def test_what_is_no_html_is_text_and_hides_nothing(markdown, text):
    body = render(markdown).body
    assert text in body
    assert "b" in body


@pytest.mark.parametrize("hostile", ["<script>x()</script>", "<style>p{}</style>", "<iframe src=/x>x()</iframe>"])
def test_scripts_and_styles_are_neither_markup_nor_text(hostile):
    assert render(f"a\n\n{hostile}\n\nb").body == "<p>a</p>\n\n<p>b</p>\n"


def test_code_keeps_its_angle_brackets():
    assert render("`a<b>c`\n\n```\n<b>x\n```").body.count("&lt;b&gt;") == 2

"""Facts about bare addresses, most of them the examples of GitHub's specification."""

import pytest

from responsa.publish.autolink import linked
from responsa.publish.html import render


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("www.commonmark.org", "http://www.commonmark.org", ""),
        ("Visit www.commonmark.org/help for more", "http://www.commonmark.org/help", " for more"),
        ("www.commonmark.org/a.b.", "http://www.commonmark.org/a.b", "."),
        ("www.google.com/search?q=Markup+(business)", "http://www.google.com/search?q=Markup+(business)", ""),
        ("www.google.com/search?q=Markup+(business))", "http://www.google.com/search?q=Markup+(business)", ")"),
        ("(see https://example.org/a_b)", "https://example.org/a_b", ")"),
        ("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&amp;b=2", ""),
        ("www.google.com/search?q=commonmark&amp;hl;", "http://www.google.com/search?q=commonmark", "&amp;hl;"),
        ("\u201chttps://example.org\u201d", "https://example.org", "\u201d"),
    ],
)
def test_an_address_becomes_a_link_without_what_ends_the_sentence(text, address, rest):
    html = linked(text)
    assert f'<a href="{address}">' in html
    assert html.endswith(f"</a>{rest}")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/x">https://example.org</a>',
        "<code>https://example.org</code>",
        "<pre><code>https://example.org</code></pre>",
        "ahttps://example.org",
        "https://",
        "https://no_dots_allowed.a_b.c_d",
        "javascript:alert(1)",
        "https:// example.org",
        '<img alt="https://example.org">',
    ],
)
def test_nothing_else_does(html):
    assert linked(html) == html


def test_a_linked_address_is_marked_as_leading_out():
    assert render("See https://example.org/a.").body == (
        '<p>See <a rel="nofollow ugc noopener" href="https://example.org/a">https://example.org/a</a>.</p>\n'
    )


@pytest.mark.parametrize("unit", ["https://a.b/", "https://a.b/)", "www.", "https://a.b/;;", "("])
def test_hostile_addresses_take_linear_time(unit):
    linked(unit * 20_000)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responsa.exchange.imports import plain
from responsa.exchange.imports.html import text_of, to_markdown
from responsa.publish.html import render
from responsa.publish.views import plain_text


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\\\nthree"),
        ("a <strong> b </strong>c <em>d</em>", "a **b** c *d*"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=3><li><p>a</p><p>b</p></li></ol>", "3. a\n\n   b"),
        ('<pre><code class="lang-py">x = `1`\n</code></pre>', "```py\nx = `1`\n```"),
        ("<code>a`b</code>", "``a`b``"),
        ("<blockquote><p>q</p><p>r</p></blockquote>", "> q\n>\n> r"),
        ("<table><tr><th>a</th></tr><tr><td>1<br>2|3</td></tr></table>", "| a |\n|---|\n| 1<br>2\\|3 |"),
        ("<h1>t</h1>", "## t"),
        ('<a href="https://x.org/a_(b)">t</a>', "[t](https://x.org/a_%28b%29)"),
        ("<dl><dt>t</dt><dd>d</dd></dl>", "**t**\n\nd"),
        ("1 &lt; 2 &amp;amp; *x* _y_ #z", "1 < 2 \\&amp; \\*x\\* \\_y\\_ #z"),
        ("costs $5 or $6, and $x^2$", "costs \\$5 or \\$6, and $x^2$"),
        ("<p>open <b>bold<p>next", "open **bold**\n\n**next**"),
    ],
)
def test_html_becomes_this_markdown(html, markdown):
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>x",
        "<img src=x onerror=alert(1)>x",
        '<a href="javascript:alert(1)">x</a>',
        "&lt;script&gt;alert(1)&lt;/script&gt; x",
        "<svg><script>alert(1)</script></svg>x",
        "<style>*{}</style>x",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>x",
    ],
)
def test_nothing_that_acts_comes_through(html):
    body = render(to_markdown(html)).body
    assert "x" in body
    assert "<script" not in body
    assert "javascript:" not in body
    assert "<img src=x" not in body


@pytest.mark.parametrize("html", ["<div>" * 5000 + "deep", "<b>" * 60_000 + "x", "x" * 3_000_000])
def test_what_is_too_much_comes_out_as_its_text(html):
    assert to_markdown(html).strip("\n")[-1] in "xp"


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab *_`[]()<>#|~!-+.1&;:\n/="), max_size=60))
def test_plain_text_says_just_that_once_it_is_published(text):
    shown = plain_text(render(plain.escaped(" ".join(text.split()))).body)
    assert "".join(shown.split()) == "".join(plain_words(text).split())


def plain_words(text):
    """As a reader sees it: a number or sign that opens a list is the list's."""
    return plain_text(render(f"<p>{escaped_html(' '.join(text.split()))}</p>").body)


def escaped_html(text):
    return "".join(f"&#{ord(sign)};" if not sign.isalnum() and sign != " " else sign for sign in text)


def test_lists_whose_line_breaks_were_lost_are_lists_again():
    text = "Signs:    -  Fever.    -  Pain.         Call a doctor."
    assert plain.to_markdown(text) == "Signs:\n\n- Fever.\n- Pain.\n\nCall a doctor."


def test_lines_cut_by_a_width_are_one_paragraph_and_others_are_not():
    wrapped = "This line was cut by a width of some sixty characters or\nso, and it goes on here.\n\nNext."
    assert plain.to_markdown(wrapped).count("\n\n") == 1
    assert plain.to_markdown(f"Heading\n{'long ' * 30}\nnext").count("\n\n") == 2


def test_words_of_html_stand_on_one_line():
    assert text_of("<h2>What is\n<i>this</i>?</h2><script>x</script>") == "What is this?"

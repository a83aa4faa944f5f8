"""Facts about pages of hostile records: whatever a field holds, the page keeps its shape and says it as text."""

import datetime
from pathlib import PurePosixPath

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responsa.article import Article, Link, Seo, Source
from responsa.publish.atom import atom
from responsa.publish.html import render
from responsa.publish.llms import llms
from responsa.publish.markdown_twin import markdown_twin
from responsa.publish.page import Renderer
from responsa.publish.views import Crumb, HomeView, ListItem, SiteView, SubjectItem, SubjectView, clean, question_view

SITE = SiteView(name="Site", base_url="https://example.org")
HTML = "{http://www.w3.org/1999/xhtml}"
ONLY_ONE = ("html", "head", "title", "body", "main", "h1", "footer")
HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</h1></main></body><h1>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "<!--",
    "-->",
    "<!--responsa:body-->",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ site.name }}{% include 'x' %}",
    "&lt;script&gt;",
    "\x00\x08\x1b\x7f\x85\ud800\ufffe",
    "\u202egnihton\u2066",
    "a" * 5_000,
    "\n\n# h\n- x",
    "]]>",
    'https://a.example/"><script>',
]


def article(text):
    return Article(
        url="/learn/a/questions/b",
        path=PurePosixPath("b.md"),
        question=text,
        answer=text,
        subject=text,
        title=text,
        heading=text,
        author=text,
        date=datetime.date(2024, 12, 7),
        date_format=text,
        post_on_text=text,
        seo=Seo(text, text, text),
        related=(Link(1, "/learn/a/questions/c", text),),
        also_asked=(text, text),
        sources=(Source(text, text, text, 2001, text, text, text, text), Source("b", url=text, retracted=True)),
        language=text,
    )


def view_of(text):
    crumbs = (Crumb("Home", "/"), Crumb(clean(text), "/learn/a"))
    related = (ListItem(clean(text), "/learn/a/questions/c", clean(text)),)
    record = article(text)
    return question_view(record, render(record.answer).body, SITE, crumbs=crumbs, related=related)


def check_page(html):
    """One of each part of the frame, no script that runs, no handler, no address but a safe one."""
    html.encode("utf-8")
    tree = html5lib.parse(html)
    for name in ONLY_ONE:
        assert len(list(tree.iter(HTML + name))) == 1, name
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert not any(key.startswith("on") or key in ("style", "autofocus") for key in element.attrib)
        for key in ("href", "src", "action"):
            value = element.attrib.get(key, "#")
            assert value.startswith(("#", "/", "https:", "http:", "mailto:")) or value == "data:,"
    scripts = list(tree.iter(f"{HTML}script"))
    assert [script.attrib.get("type") for script in scripts] == ["application/ld+json"] * len(scripts)
    assert len(scripts) <= 1


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_record_keeps_the_shape_of_every_page(text):
    renderer = Renderer(SITE)
    view = view_of(text)
    item = view.related[0]
    check_page(renderer.question(view))
    check_page(renderer.subject(SubjectView(clean(text), "/learn/a", (item,), 1)))
    check_page(renderer.home(HomeView((SubjectItem(clean(text), "/learn/a", 1),), (item,), 1)))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), max_size=4).map("".join))
def test_any_mixture_does(text):
    check_page(Renderer(SITE).question(view_of(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_programs_read_stays_what_it_is(text):
    view = view_of(text)
    twin = markdown_twin(view, article(text).answer, SITE)
    assert twin.encode("utf-8").count(b"\x00") == 0
    assert twin.splitlines()[0].startswith("# ")
    home = HomeView((SubjectItem(clean(text), "/learn/a", 1),), view.related, 1)
    assert llms(home, SITE).count("\n## ") == 2
    assert atom(view.related, SITE).count("<entry>") == 1


def test_a_library_of_hostile_settings_keeps_its_shape():
    text = '</title><script>alert(1)</script>" onload="x'
    site = SiteView(name=text, tagline=text, notice=text, author=text, description=text, language=text, logo=text)
    html = Renderer(site).home(HomeView((), (), 0))
    assert "<script>alert" not in html
    assert ' onload="' not in html

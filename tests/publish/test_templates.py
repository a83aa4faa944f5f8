"""Facts about a publisher's own templates, as docs/templates.md tells them."""

import re
import shutil
from pathlib import Path

import pytest

from responsa.errors import ConfigError
from responsa.publish.html import render
from responsa.publish.page import TEMPLATES, Renderer
from responsa.publish.views import (
    Crumb,
    HomeView,
    ListItem,
    QuestionView,
    Reference,
    SiteView,
    SubjectItem,
    SubjectView,
)

DOCS = Path(__file__).parents[2] / "docs/templates.md"
SITE = SiteView(
    name="A/B & C",
    base_url="https://example.org",
    promo="<b>Buy &#x2f; now</b>",
    analytics="<script src=/a.js></script>",
    notice="N",
    tagline="T",
)
VIEW = QuestionView(
    url="/learn/a/b",
    title="a/b <i>",
    heading="H",
    question="Q/R",
    body=render("a & b &#x2f; https://example.org/x\n\n$a/b$").body,
    description="D",
    crumbs=(Crumb("Home", "/"),),
    also_asked=("W",),
    references=(Reference(1, "r", "R", url="https://example.org/r"),),
    related=(ListItem("Other", "/learn/a/c", "S"),),
)
HOME = HomeView((SubjectItem("S", "/learn/s", 3),), (ListItem("Other", "/learn/a/c", "S"),), 3)
SUBJECT = SubjectView("S", "/learn/s", (ListItem("Other", "/learn/a/c"),), 1)


def pages(renderer):
    return [renderer.question(VIEW), renderer.home(HOME), renderer.subject(SUBJECT), renderer.not_found()]


def own(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return Renderer(SITE, folder)


def test_the_bundled_templates_as_a_publishers_own_make_the_same_pages(tmp_path):
    shutil.copytree(TEMPLATES, tmp_path / "own")
    assert pages(Renderer(SITE, tmp_path / "own")) == pages(Renderer(SITE))


def test_a_publishers_html_is_left_as_it_is():
    html = Renderer(SITE).question(VIEW)
    assert "<b>Buy &#x2f; now</b>" in html
    assert "<title>a/b &lt;i&gt;</title>" in html


def test_no_text_can_stand_for_the_answer_or_the_promotion():
    hostile = QuestionView(
        url="/a", title="<!--responsa:body-->", heading="<!--responsa:promo-->", question="Q", body="X"
    )
    html = Renderer(SITE).question(hostile)
    assert html.count("<b>Buy") == 1
    assert "&lt;!--responsa:body--&gt;" in html


def test_one_block_is_replaced_and_the_rest_stays(tmp_path):
    text = '{% extends "responsa/base.html" %}{% block search %}<form action="/search"></form>{% endblock %}'
    html = own(tmp_path, base=text).question(VIEW)
    assert '<form action="/search"></form></header>' in html
    assert '<div class="answer">' in html


def test_a_macro_is_replaced_for_all_lists(tmp_path):
    parts = (TEMPLATES / "parts.html").read_text(encoding="utf-8").replace('<ul class="list">', '<ul class="mine">')
    renderer = own(tmp_path, parts=parts)
    assert all('<ul class="mine">' in html for html in pages(renderer)[:3])


def test_a_text_is_escaped_in_a_publishers_template_too(tmp_path):
    html = own(tmp_path, question="{{ page.title }}|{{ page.body|safe }}").question(VIEW)
    assert html.startswith("a/b &lt;i&gt;|<p>")


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{% if %}", ":1: "), ("a\n{{ page.nothing }}", ":2: "), ("{% include 'none.html' %}", ":1: ")],
)
def test_a_template_with_a_mistake_is_told_with_its_file_and_line(tmp_path, text, problem):
    with pytest.raises(ConfigError, match=re.escape(str(tmp_path / "question.html")) + problem):
        own(tmp_path, question=text).question(VIEW)


def test_a_template_cannot_read_outside_its_folder(tmp_path):
    (tmp_path / "secret.html").write_text("secret")
    (tmp_path / "own").mkdir()
    for name in ("../secret.html", str(tmp_path / "secret.html")):
        with pytest.raises(ConfigError):
            own(tmp_path / "own", question=f"{{% include '{name}' %}}").question(VIEW)


def test_every_template_block_and_variable_is_documented():
    docs = DOCS.read_text(encoding="utf-8")
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert f"`{path.name}`" in docs
        for block in re.findall(r"{% ?-?block (\w+)", text):
            assert f"`{block}`" in docs
        for macro in re.findall(r"{% macro (\w+)", text):
            assert f"`{macro}" in docs
    for view in (SiteView, QuestionView, SubjectView, ListItem, Crumb, Reference):
        for field in view.__struct_fields__:
            assert f"`{field}`" in docs, f"{view.__name__}.{field}"


def test_every_example_of_the_docs_works(tmp_path):
    examples = re.findall(r"```jinja\n{# (\w+)\.html #}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for name, text in examples:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        pages(own(folder, **{name: text}))

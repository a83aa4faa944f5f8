import json
import re

from responsa.publish.page import Renderer
from responsa.publish.sitemap import Place, sitemaps
from responsa.publish.views import Crumb, HomeView, ListItem, QuestionView, Reference, SiteView

VIEW = QuestionView(
    url="/learn/a/b",
    title="T",
    heading="H",
    question="Q",
    body="<p>Body</p>",
    crumbs=(Crumb("Home", "/"),),
    also_asked=("W",),
    references=(Reference(1, "r", "R"),),
    related=(ListItem("Other", "/learn/a/c"),),
)


def data(html):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1])


def test_without_a_base_url_nothing_claims_a_whole_address():
    renderer = Renderer(SiteView())
    for html in (renderer.question(VIEW), renderer.home(HomeView((), (), 0))):
        assert "canonical" not in html
        assert '"url"' not in json.dumps(data(html))
        assert '"item"' not in json.dumps(data(html))
    assert list(sitemaps([Place("/a")], "")) == []


def test_with_a_base_url_structured_data_name_the_page():
    html = Renderer(SiteView(base_url="https://example.org")).question(VIEW)
    assert data(html)["@graph"][0]["url"] == "https://example.org/learn/a/b"


def test_no_heading_of_an_answer_has_an_id_of_the_page():
    ids = set(re.findall(r' id="([^"]+)"', Renderer(SiteView()).question(VIEW)))
    assert ids == {"main", "ref-1", "page-references", "page-also-asked", "page-related"}
    assert not any(name.startswith(("section-", "note-")) for name in ids)


def test_structured_data_cannot_end_their_script():
    hostile = QuestionView(url="/a", title="T", heading='</script><script>"', question="<!--", body="")
    assert data(Renderer(SiteView()).question(hostile))["@graph"][0]["headline"] == '</script><script>"'


def test_an_article_has_its_language_and_direction():
    view = QuestionView(url="/a", title="T", heading="H", question="Q", body="", language="ar", direction="rtl")
    assert '<article lang="ar" dir="rtl">' in Renderer(SiteView()).question(view)

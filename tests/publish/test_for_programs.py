"""Facts about what programs read: feed, sitemaps, robots.txt, llms.txt, Markdown twins."""

import xml.etree.ElementTree as ET

import pyromark
import pytest

from responsa.publish.atom import atom, newest
from responsa.publish.llms import llms
from responsa.publish.markdown_twin import escaped, markdown_twin
from responsa.publish.robots import robots
from responsa.publish.sitemap import Place, sitemaps
from responsa.publish.views import HomeView, ListItem, QuestionView, Reference, SiteView, SubjectItem

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = SiteView(name="A & B", base_url="https://example.org", author="C")
HOSTILE = "A & B <script> \"' ]]> \x00\x0b\ud800 [x](javascript:y) `c`"


def item(name="a", date="2024-12-07", title="What?"):
    return ListItem(title, f"/learn/m/questions/{name}", "Medicine", date, "Dec 07, 2024")


def test_a_feed_holds_what_rfc_4287_asks_for():
    feed = ET.fromstring(atom([item("a"), item("b", "2025-01-02")], SITE))
    assert feed.findtext(f"{ATOM}id") == "https://example.org/"
    assert feed.findtext(f"{ATOM}title") == "A & B"
    assert feed.findtext(f"{ATOM}updated") == "2025-01-02T00:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "C"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == [
        "https://example.org/",
        "https://example.org/feed.xml",
    ]
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        "https://example.org/learn/m/questions/a",
        "https://example.org/learn/m/questions/b",
    ]
    for entry in entries:
        assert all(entry.find(f"{ATOM}{name}") is not None for name in ("title", "updated", "link", "summary"))


def test_a_feed_without_a_base_url_has_ids_all_the_same():
    feed = ET.fromstring(atom([item()], SiteView(name="A & B")))
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert ids == ["tag:localhost,2000:A---B/", "tag:localhost,2000:A---B/learn/m/questions/a"]


def test_a_feed_of_hostile_titles_is_xml_and_says_them():
    feed = ET.fromstring(atom([item(title=HOSTILE)], SiteView(name=HOSTILE)))
    assert "<script>" in feed.findtext(f"{ATOM}entry/{ATOM}title")


def test_the_newest_are_dated_and_ties_go_by_address():
    items = [item("b"), item("a"), item("c", "2025-01-01"), item("d", "")]
    assert [found.url[-1] for found in newest(items, 3)] == ["c", "a", "b"]


def test_a_sitemap_holds_at_most_its_limit_and_the_index_names_all():
    places = [Place(f"/{number}?&", f"2024-12-{number + 1:02d}") for number in range(5)]
    files = {file.path: ET.fromstring(file.content) for file in sitemaps(places, "https://example.org", limit=2)}
    assert list(files) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]
    assert [len(files[f"sitemap-{number}.xml"]) for number in (1, 2, 3)] == [2, 2, 1]
    index = files["sitemap.xml"]
    assert index.tag == f"{MAP}sitemapindex"
    assert next(found.text for found in index.iter(f"{MAP}loc")) == "https://example.org/sitemap-1.xml"
    assert [found.text for found in index.iter(f"{MAP}lastmod")] == ["2024-12-02", "2024-12-04", "2024-12-05"]


def test_a_place_without_a_date_states_none():
    (file, _) = sitemaps([Place("/a")], "https://example.org")
    assert "lastmod" not in file.content


def test_robots_name_the_map_only_where_it_has_an_address():
    assert robots("https://example.org").endswith("\nSitemap: https://example.org/sitemap.xml\n")
    assert robots("") == "User-agent: *\nAllow: /\n"


def test_llms_txt_is_a_heading_a_summary_and_lists_of_links():
    home = HomeView((SubjectItem("Medicine", "/learn/m", 1234),), (item(title="What is *x*?"),), 1234)
    lines = llms(home, SITE).splitlines()
    assert lines[0] == "# A & B"
    assert lines[2] == "> 1,234 questions with their answers."
    assert "- [Medicine](https://example.org/learn/m): 1,234 questions" in lines
    assert r"- [What is \*x\*?](https://example.org/learn/m/questions/a.md)" in lines


def test_a_twin_keeps_the_answer_as_written_and_says_the_rest():
    view = QuestionView(
        url="/learn/m/questions/a",
        title="T",
        heading="What is *x*?",
        question="Q",
        body="",
        author="D",
        posted_iso="2024-12-07",
        reviewed_by="E",
        reviewed_iso="2024-12-08",
        review_due_iso="2027-12-08",
        disclosure="Machine-written, reviewed by a person.",
        references=(Reference(1, "r", "R", authors="F", year="2001", url="https://example.org/r", retracted=True),),
        related=(item("b"),),
    )
    assert markdown_twin(view, "**Now** $x$.\n", SITE) == (
        "# What is \\*x\\*?\n\n"
        "- Address: <https://example.org/learn/m/questions/a>\n- Author: D\n- Posted: 2024-12-07\n"
        "- Reviewed: 2024-12-08 by E\n- Next review: 2027-12-08\n- Machine-written, reviewed by a person.\n\n"
        "**Now** $x$.\n\n"
        "## References\n\n1. RETRACTED. F. R. (2001) <https://example.org/r>\n\n"
        "## Related questions\n\n- [What?](https://example.org/learn/m/questions/b)\n"
    )


@pytest.mark.parametrize("text", [HOSTILE, "# a", "a\nb", "<b>", "[a](b)", "![a](b)", "`a`", "a\\", "~~a~~", "| a |"])
def test_an_escaped_text_is_one_line_that_says_itself(text):
    html = pyromark.html(f"x {escaped(text)}", options=pyromark.Options.ENABLE_STRIKETHROUGH)
    assert html.count("<") == 2
    assert html.startswith("<p>x ")

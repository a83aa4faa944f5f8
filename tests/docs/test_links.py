"""Every link of the documentation leads somewhere."""

import pytest
from docs_blocks import ROOT
from docs_links import Link, anchors, links, missing_files, pages, slug, wrong

PAGES = pages()
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
HERE = ROOT / "docs/rules.md"


@each_page
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page):
    complaints = [said for link in links(page) if (said := wrong(link))]
    assert not complaints, "\n".join(complaints)


@each_page
def test_every_file_of_the_repository_that_a_page_names_is_there(page):
    complaints = list(missing_files(page))
    assert not complaints, "\n".join(complaints)


def test_pages_have_links_to_check():
    assert sum(len(list(links(page))) for page in PAGES) > 50


@pytest.mark.parametrize(
    "target", ["nowhere.md", "rules.md#no-such-rule", "#no-such-rule", "../../etc/passwd", "https://", "ftp://a.b/c"]
)
def test_a_link_that_leads_nowhere_is_told(target):
    assert wrong(Link(HERE, 3, target)).startswith("docs/rules.md:3: ")


@pytest.mark.parametrize(
    "target", ["errors.md", "#missing-field", "../README.md", "decisions", "https://example.org/a"]
)
def test_a_link_that_leads_somewhere_is_good(target):
    assert wrong(Link(HERE, 3, target)) == ""


def test_links_in_code_are_text(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("`[a](b)`\n\n```\n[c](d)\n```\n\n    [e](f)\n\nA [g](h#i) and\n[j]: k\n\n[l]: m\n")
    assert [link.target for link in links(page)] == ["h#i", "k", "m"]


def test_a_heading_is_called_as_github_calls_it(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# `check --json`\n\n## A, b\n\n## A, b\n\n```\n# no heading\n```\n")
    assert anchors(page) == {"check---json", "a-b", "a-b-1"}
    assert slug("`[[subjects]]`") == "subjects"

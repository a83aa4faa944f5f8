"""Facts that a file shows by itself: valid HTML, known structured data, links that lead somewhere."""

import json
import re
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest

from responsa.publish.page import Renderer
from responsa.publish.views import SiteView

KNOWN = json.loads((Path(__file__).parent / "schema_org.json").read_text(encoding="utf-8"))
STRUCTURED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_is_html_without_an_error(site):
    for path in pages(site):
        html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))


def test_every_page_has_one_heading_of_the_first_level_and_no_level_is_skipped(site):
    for path in pages(site):
        levels = [int(level) for level in re.findall(r"<h([1-6])", path.read_text(encoding="utf-8"))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_id_is_there_once_and_everything_named_by_id_exists(site):
    for path in pages(site):
        html = path.read_text(encoding="utf-8")
        ids = re.findall(r' id="([^"]*)"', html)
        assert len(ids) == len(set(ids))
        named = re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', html)
        assert set(named) <= set(ids)


def test_every_link_inside_leads_to_a_file(site):
    for path in pages(site):
        for url in re.findall(r'(?:href|src)="(/[^"#]*)', path.read_text(encoding="utf-8")):
            inner = url.strip("/")
            assert any((site / name).is_file() for name in (inner, f"{inner}.html", f"{inner}index.html")), url


@pytest.mark.parametrize("policy", ["article", "qapage", "medicalwebpage"])
def test_structured_data_use_types_and_properties_of_schema_org(site, policy, question):
    html = Renderer(SiteView(base_url="https://example.org", structured_data=policy)).question(question)
    check_document(json.loads(STRUCTURED.search(html)[1]))
    for path in pages(site):
        for text in STRUCTURED.findall(path.read_text(encoding="utf-8")):
            check_document(json.loads(text))


def check_document(document):
    assert set(document) == {"@context", "@graph"}
    assert document["@context"] == "https://schema.org"
    for node in document["@graph"]:
        check_node(node)


def check_node(node):
    known = KNOWN[node["@type"]]
    for name, value in node.items():
        if name == "@type":
            continue
        assert name in known, f"{node['@type']} has no {name}"
        for single in value if isinstance(value, list) else [value]:
            if isinstance(single, dict) and set(single) == {"@id"}:
                assert single["@id"].startswith("https://example.org/")
                assert known[name]["types"], f"{name} is nothing with an address"
            elif isinstance(single, dict):
                assert fits(single["@type"], known[name]), f"{name} is no {single['@type']}"
                check_node(single)
            else:
                assert known[name]["plain"], f"{name} is no text"
                assert single != ""


def fits(kind, ranges):
    return kind in ranges["types"]

"""The report in a browser: nothing for axe to find, nothing wider than a phone, on paper too."""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from library_folder import put
from responsa.cli.app import main

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).parents[2] / "examples/liver-cancer"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of the report on the example with a few faults put in, in more subjects than a table shows at once."""
    folder = tmp_path_factory.mktemp("report") / "library"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".responsa", "site"))
    for number in range(14):
        put(folder, f"q{number}", subject=f"A rather long subject {number}", links=["/gone", "/gone"])
    out = folder.parent / "report.html"
    assert main(["report", str(folder), "--out", str(out), "--exact"]) == 0
    return out.as_uri()


def opened(browser: Browser, address: str, width: int, scheme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(x => x.open = true)")
    return page


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_report(browser, address, width, scheme):
    page = opened(browser, address, width, scheme)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options)
    page.close()
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found.response["violations"]] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_report_is_not_wider_than_the_window(browser, address, width):
    page = opened(browser, address, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_report_obeys_its_own_policy(browser, address):
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.querySelector('.tiles')).display") == "grid"
    page.close()
    assert said == []


def test_every_number_that_is_folded_away_is_printed(browser, address):
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "[...document.querySelectorAll('details td')].filter(x => !x.getBoundingClientRect().height).length"
    )
    page.close()
    assert hidden == 0

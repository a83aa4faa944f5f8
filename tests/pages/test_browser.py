"""What a browser makes of the pages: nothing for axe to find, nothing wider than a phone, nothing from elsewhere."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

QUESTIONS = "/learn/medicine/questions/"
PAGES = ("/", "/learn/medicine", f"{QUESTIONS}full", f"{QUESTIONS}arabic", "/no/such/page")
WIDTHS = (320, 390, 1280)


def opened(browser: Browser, address: str, **context: Any) -> Page:
    page = browser.new_page(**context)
    page.goto(address, wait_until="load")
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, served, path, width, scheme):
    page = opened(
        browser, served + path, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page.evaluate("document.querySelectorAll('details').forEach(x => x.open = true)")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options)
    page.close()
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found.response["violations"]] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(browser, served, path, width):
    page = opened(browser, served + path, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_what_can_be_pressed_is_large_enough(browser, served, path):
    """24 by 24 px, links in the middle of a sentence aside (WCAG 2.2, 2.5.8)."""
    page = opened(browser, served + path, viewport={"width": 390, "height": 900})
    small = page.evaluate(
        """[...document.querySelectorAll('a, summary, button, input')].filter(x => {
            const box = x.getBoundingClientRect()
            const alone = getComputedStyle(x).display !== 'inline'
            return alone && box.width && (box.height < 24 || box.width < 24) && !x.matches('.skip')
        }).map(x => x.outerHTML)"""
    )
    page.close()
    assert small == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else_and_says_nothing_in_the_console(browser, served, path):
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(served + path, wait_until="networkidle")
    page.close()
    assert all(url.startswith((served, "data:")) for url in asked)
    assert [line for line in said if "404" not in line] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_fully_without_javascript(browser, served, path):
    texts = []
    for on in (True, False):
        page = opened(browser, served + path, java_script_enabled=on)
        texts.append(page.locator("body").inner_text())
        page.close()
    assert texts[0] == texts[1]


def test_only_a_page_with_a_formula_loads_the_maths_font(browser, served):
    for name, fonts in (("full", 1), ("typical", 0)):
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{served}{QUESTIONS}{name}", wait_until="networkidle")
        page.close()
        assert sum(url.endswith(".woff2") for url in asked) == fonts


def test_brackets_stretch_and_no_formula_is_cut(browser, served):
    page = opened(browser, f"{served}{QUESTIONS}full")
    page.evaluate("document.fonts.ready")
    heights = page.evaluate(
        """[...document.querySelectorAll('math[display=block] mo')]
            .filter(x => '([{'.includes(x.textContent)).map(x => x.getBoundingClientRect().height)"""
    )
    page.close()
    assert max(heights) > 40


def test_a_keyboard_reaches_the_text_first_and_sees_where_it_is(browser, served):
    page = opened(browser, f"{served}{QUESTIONS}full")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    page.close()
    assert outline == "3px"


def test_an_arabic_answer_reads_from_the_right_and_its_table_too(browser, served):
    page = opened(browser, f"{served}{QUESTIONS}arabic")
    assert page.evaluate("getComputedStyle(document.querySelector('article p')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('article th')).textAlign") in {"start", "right"}
    assert page.evaluate("getComputedStyle(document.querySelector('.related')).direction") == "ltr"
    page.close()


def test_a_typical_question_weighs_at_most_30_kb(browser, served):
    page = browser.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(f"{served}{QUESTIONS}typical", wait_until="networkidle")
    page.close()
    assert 1_000 < sum(sizes) <= 30_000

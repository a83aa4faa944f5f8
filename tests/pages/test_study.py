"""Flashcards in a browser: by keyboard, without a script, kept in this browser, fit for a phone and for paper."""

import json
from pathlib import Path

import pytest
from articles import written
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from static_server import serving

from library_folder import made, put
from responsa.publish.study.face import SIZE
from waiting import until

pytestmark = pytest.mark.browser
DECK, SHEET, DECKS = "/study/medicine", "/study/medicine/print", "/study"
KEY = "responsa-study:medicine"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    """A deck of two files."""
    folder = written(tmp_path_factory.mktemp("library"))
    for number in range(SIZE):
        put(folder, f"more{number}", question=f"What is thing {number}?", answer="It is $x^2$ of **something**.")
    with (folder / "responsa.toml").open("a") as file:
        file.write("\n[study]\ncards = true\nnew_cards = 3\nquiz = true\n")
    made(folder)
    with serving(folder / "site") as address:
        yield address


def opened(browser: Browser, address: str, **context: object) -> Page:
    page = browser.new_page(**context)
    page.goto(address, wait_until="networkidle")
    return page


@pytest.mark.parametrize("path", [DECK, SHEET, DECKS, f"{DECK}/page/2"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_axe_finds_nothing_in_study_pages(browser, served, path, width, scheme):
    page = opened(
        browser, served + path, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page.evaluate("document.querySelectorAll('details').forEach(x => x.open = true)")
    if path == DECK:
        page.locator("[data-show]").click()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found.response["violations"]] == []
    assert wide <= width


def test_a_day_of_study_by_keyboard_alone(browser, served):
    page = opened(browser, served + DECK)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    seen = set()
    for _ in range(3):
        seen.add(page.locator("[data-question]").inner_text())
        assert page.locator("[data-back]").is_hidden()
        page.keyboard.press("Space")
        assert page.locator("[data-answer]").inner_text()
        assert page.evaluate("document.activeElement.matches('[data-answer]')")
        page.keyboard.press("4")
        until(
            page, "!document.querySelector('[data-message]').hidden || !document.querySelector('[data-front]').hidden"
        )
    assert "Nothing more for now. The next card is due in 8" in page.locator("[data-message]").inner_text()
    assert len(seen) == 3
    known = json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))
    page.reload(wait_until="networkidle")
    assert "0 due, 0 new today, 3 of" in page.locator("[data-counts]").inner_text()
    page.close()
    assert [card[0] for card in known["cards"].values()] == [2, 2, 2]
    assert said == []


def test_a_card_that_is_due_comes_back_before_new_ones(browser, served):
    page = opened(browser, served + DECK)
    first = page.locator("[data-question]").inner_text()
    page.keyboard.press("Space")
    page.keyboard.press("3")
    until(page, f"document.querySelector('[data-question]').innerText !== {first!r}")
    page.evaluate(
        f"""() => {{ const all = JSON.parse(localStorage.getItem('{KEY}'))
        for (const card of Object.values(all.cards)) {{ card[4] = card[5] = 1000 }}
        localStorage.setItem('{KEY}', JSON.stringify(all)) }}"""
    )
    page.reload(wait_until="networkidle")
    assert page.locator("[data-question]").inner_text() == first
    assert "1 due" in page.locator("[data-counts]").inner_text()
    page.close()


def test_progress_is_saved_forgotten_and_taken_in_again(browser, served, tmp_path):
    page = opened(browser, served + DECK)
    page.on("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Space")
    page.keyboard.press("2")
    page.locator(".keep summary").click()
    with page.expect_download() as saved:
        page.locator("[data-export]").click()
    copy = Path(tmp_path / "copy.json")
    saved.value.save_as(copy)
    assert len(json.loads(copy.read_text())["decks"]["medicine"]["cards"]) == 1
    page.locator("[data-reset]").click()
    until(page, f"localStorage.getItem('{KEY}') === null")
    page.locator("[data-import]").set_input_files(copy)
    until(page, "document.querySelector('[data-counts]').textContent.includes('1 card was taken in')")
    page.close()


BAD = {"../x": [1], "abcdefabcdef": [2, None, "<b>", 1, 1, 1]}
OTHERS = ["no json", "[]", json.dumps({"responsa": "study", "v": 1, "decks": {"medicine": {"v": 1, "cards": BAD}}})]


@pytest.mark.parametrize("text", OTHERS)
def test_a_file_that_is_no_progress_changes_nothing(browser, served, tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    page = opened(browser, served + DECK)
    page.locator(".keep summary").click()
    page.locator("[data-import]").set_input_files(tmp_path / "x.json")
    until(page, "/nothing was changed|0 cards were taken in/.test(document.querySelector('[data-counts]').textContent)")
    assert page.evaluate(f"localStorage.getItem('{KEY}')") is None
    page.close()


def test_damaged_progress_is_as_none(browser, served):
    page = opened(browser, served + DECK)
    page.evaluate(f'localStorage.setItem(\'{KEY}\', \'{{"v":1,"cards":{{"x":3}},"at":1e9}}\')')
    page.reload(wait_until="networkidle")
    assert "0 of" in page.locator("[data-counts]").inner_text()
    assert page.locator("[data-question]").inner_text()
    page.close()


def test_without_javascript_every_card_stands_on_the_pages(browser, served):
    page = opened(browser, served + DECK, java_script_enabled=False)
    assert page.locator("[data-study]").is_hidden()
    first = page.locator("details.card").count()
    page.locator("details.card summary").first.click()
    assert page.locator("details.card .answer").first.is_visible()
    page.goto(f"{served}{DECK}/page/2")
    second = page.locator("details.card").count()
    page.close()
    assert min(first, second) > 0
    assert first + second == SIZE + 15


def test_a_session_asks_for_the_files_that_it_needs_alone(browser, served):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served + DECK, wait_until="networkidle")
    page.close()
    assert [url.rpartition("/")[2] for url in asked if url.endswith(".json")] == ["0.json"]
    assert all(url.startswith((served, "data:")) for url in asked)


def test_studying_goes_on_while_the_network_is_gone(browser, served):
    context = browser.new_context()
    page = context.new_page()
    page.goto(served + DECK, wait_until="networkidle")
    context.set_offline(True)
    first = page.locator("[data-question]").inner_text()
    page.keyboard.press("Space")
    page.keyboard.press("3")
    until(page, f"document.querySelector('[data-question]').innerText !== {first!r}")
    context.close()


def test_a_sheet_is_printed_in_columns_without_what_only_a_screen_needs(browser, served):
    page = opened(browser, served + SHEET)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).columnCount") == "2"
    assert page.locator(".unprinted").is_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()

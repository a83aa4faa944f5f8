"""The desk in Chromium: the whole way of a day's work, with and without a script, by keys, on a phone."""

import os
import shutil
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from desk_library import (
    BCLC,
    BCLC_FILE,
    TODAY,
    TRANSPLANT,
    TRANSPLANT_FILE,
    TWICE,
    run,
    waiting_draft,
)
from desk_server import PASSWORD
from playwright.sync_api import Page, expect
from starlette.routing import Router

from fake_encoder import FakeEncoder
from responsa.draft.drafts import save
from responsa.draft.outcome import Reason, Refusal
from responsa.library import git
from responsa.library.library import read
from responsa.serve.desk.addresses import routes

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PAGES = (
    "queue",
    "overview",
    "changes",
    f"article?url={TRANSPLANT}&at=0",
    f"edit?url={TRANSPLANT}",
    f"links?url={BCLC}",
    f"merge?url={TWICE}",
    f"history?url={BCLC}",
    "source?id=milan-1996",
    "nowhere",
)


@pytest.fixture
def library(tmp_path, troubled_library):
    return shutil.copytree(troubled_library, tmp_path / "library")


@pytest.fixture
def served(desk) -> Iterator[str]:
    config = uvicorn.Config(Router(routes(desk)), host="127.0.0.1", port=0, log_level="error", proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}/desk"
    server.should_exit = True
    thread.join()


def signed_in(browser, served, login="ann", **context) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, **context).new_page()
    page.goto(f"{served}/login?next=/desk/queue")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    expect(page).to_have_url(f"{served}/queue")
    return page


def test_the_whole_loop_find_read_edit_conflict_stamp_undo(browser, served, library):
    ann, bob = signed_in(browser, served), signed_in(browser, served, "bob")
    # Find, and read the evidence.
    ann.fill("[name=text]", "Milan")
    ann.click("text=Show >> nth=0")
    ann.click("text=The Milan criteria allow one tumour of at most 8 cm")
    expect(ann.locator("mark.v.differs")).to_contain_text("at most 8 cm")
    card = ann.locator("li.claim.differs")
    expect(card.locator("del")).to_have_text("8 cm")
    expect(card.locator("ins")).to_have_text("5 cm")
    card.locator("figcaption a").click()
    expect(ann.locator("#here")).to_contain_text("at most 5 cm")
    expect(ann.locator("#here")).to_be_in_viewport()
    ann.go_back()
    # Edit, with the check as one types.
    ann.click(".acts a >> nth=0")
    answer = ann.input_value("[name=answer]")
    ann.fill("[name=answer]", answer.replace("at most 8 cm", "at most 5 cm", 1))
    expect(ann.locator("#preview mark.v.differs")).to_have_count(0)
    # Bob is quicker.
    bob.goto(f"{served}/edit?url={TRANSPLANT}")
    bob.fill("[name=description]", "Bob's description.")
    bob.click("[data-save]")
    expect(bob.locator(".note.good")).to_contain_text("Saved as")
    ann.click("[data-save]")
    expect(ann.locator("h1")).to_have_text("Two people changed this article")
    expect(ann.locator("[role=alert]")).to_contain_text("Bob Editor")
    assert "at most 5 cm" in ann.input_value("[name=answer]")
    ann.fill("[name=description]", "Bob's description.")
    ann.click("[data-save]")
    expect(ann.locator(".note.good")).to_contain_text("Saved as")
    expect(ann.locator("li.claim.differs")).to_have_count(0)
    # Stamp.
    ann.fill("[name=review_by]", "2027-11-25")
    ann.click("text=Stamp a review")
    expect(ann.locator("dl.facts")).to_contain_text("Ann Editor")
    assert "reviewed:" in (library / TRANSPLANT_FILE).read_text()
    # Undo.
    ann.click(".note.good button")
    expect(ann.locator("dl.facts")).to_contain_text("Reviewnone")
    assert "reviewed:" not in (library / TRANSPLANT_FILE).read_text()
    subjects = [(one.author.name, one.subject.partition(":")[0]) for one in git.log(library)[:4]]
    assert subjects == [
        ("Ann Editor", "Undo"),
        ("Ann Editor", "Review"),
        ("Ann Editor", "Edit"),
        ("Bob Editor", "Edit"),
    ]
    assert run(library, "status", "--porcelain") == ""
    ann.context.close()
    bob.context.close()


def test_everything_is_done_by_keys(browser, served):
    page = signed_in(browser, served)
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".rows :checked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Who can receive a liver transplant")
    page.keyboard.press("n")
    expect(page.locator("h1")).to_contain_text("What is refused?")
    page.keyboard.press("p")
    expect(page.locator("h1")).to_contain_text("Who can receive a liver transplant")
    page.keyboard.press("e")
    page.locator("[name=description]").fill("e n j are letters here.")
    page.keyboard.press("Control+s")
    expect(page.locator(".note.good")).to_contain_text("Saved as")
    page.keyboard.press("a")
    expect(page.locator("li.claim.differs")).to_contain_text("accepted by an editor")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text("What needs a person")
    page.context.close()


def test_single_keys_can_be_switched_off(browser, served):
    page = signed_in(browser, served)
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("o")
    page.wait_for_timeout(200)
    assert page.url.endswith("/queue")
    page.context.close()


def test_everything_works_without_a_script(browser, served, library):
    page = signed_in(browser, served, java_script_enabled=False)
    page.goto(f"{served}/edit?url={BCLC}")
    page.fill("[name=answer]", "A **short** answer.")
    page.click("text=Preview >> nth=0")
    expect(page.locator("#preview .answer strong")).to_have_text("short")
    page.click("[data-save]")
    expect(page.locator(".note.good")).to_contain_text("Saved as")
    page.click(".note.good button")
    assert "A **short** answer." not in (library / BCLC_FILE).read_text()
    page.goto(f"{served}/queue")
    page.check(".rows input >> nth=0")
    page.select_option("[name=do]", "review")
    page.click("text=Show what would change")
    page.click("text=Do it")
    expect(page.locator("h1")).to_contain_text("Stamp a review")
    page.context.close()


CUT_WORDS = """[...document.querySelectorAll('.answer td')].filter(cell => {
    const range = document.createRange()
    range.selectNodeContents(cell)
    return /^[A-Z]+$/.test(cell.textContent.trim()) && range.getClientRects().length > 1
}).map(cell => cell.textContent)"""
"""Cells of one word that stands in two lines."""


def faults(page, width):
    """What axe finds, what is wider than the window, what is too small to be pressed (WCAG 2.2, 2.5.8)."""
    page.evaluate("document.querySelectorAll('details').forEach(x => x.open = true)")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    wrong = [(page.url, rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
    wrong += [(page.url, "wide")] * (page.evaluate("document.documentElement.scrollWidth") > width)
    small = page.evaluate(
        """[...document.querySelectorAll('a, summary, button, input, select')].filter(x => {
            const box = x.getBoundingClientRect()
            const alone = getComputedStyle(x).display !== 'inline'
            return alone && box.width && (box.height < 24 || box.width < 24) && !x.matches('.skip')
        }).map(x => x.outerHTML)"""
    )
    return wrong + [(page.url, "small", one) for one in small]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark"), (1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_is_too_wide_or_too_small(browser, served, width, scheme):
    page = signed_in(browser, served, color_scheme=scheme, bypass_csp=True)
    page.set_viewport_size({"width": width, "height": 900})
    wrong: list[object] = []
    for path in (*PAGES, "login"):
        page.goto(f"{served}/{path}")
        wrong += faults(page, width)
    page.context.close()
    assert wrong == []


CUT_LABELS = """[...document.querySelectorAll('svg.chart text')].filter(text => {
  const [inner, outer] = [text, text.ownerSVGElement].map(one => one.getBoundingClientRect());
  return inner.left < outer.left - 0.5 || inner.right > outer.right + 0.5;
}).map(text => text.textContent)"""


@pytest.mark.parametrize("width", [390, 1280])
def test_every_label_lies_inside_its_chart(browser, served, width):
    page = signed_in(browser, served)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{served}/overview")
    assert page.locator("svg.chart text").count() > 10
    assert page.evaluate(CUT_LABELS) == []
    page.context.close()


@pytest.fixture
def waiting(library, monkeypatch):
    """A draft and a refusal."""
    monkeypatch.setattr("responsa.draft.filing.encoder_of", lambda _library: FakeEncoder())
    held, told = read(library), "no source speaks of cheap"
    refusal = Refusal("Is sorafenib cheap?", Reason.NO_SOURCES, told, "digest/1", ("storm-2015#1",))
    return [waiting_draft(held), save(held, refusal, None, b"", TODAY)]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_a_draft_or_a_refusal(browser, served, waiting, width, scheme):
    page = signed_in(browser, served, color_scheme=scheme, bypass_csp=True)
    page.set_viewport_size({"width": width, "height": 900})
    wrong: list[object] = []
    for one in waiting:
        page.goto(f"{served}/draft?path={one.name}")
        expect(page.locator("h1")).to_contain_text("sorafenib")
        if folder := os.environ.get("RESPONSA_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{type(one.entry).__name__}-{width}.png", full_page=True)
        wrong += faults(page, width)
        wrong += page.evaluate(CUT_WORDS)
    page.context.close()
    assert wrong == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_the_pages_that_forms_lead_to(browser, served, library, width, scheme):
    page = signed_in(browser, served, color_scheme=scheme, bypass_csp=True)
    page.set_viewport_size({"width": width, "height": 900})
    wrong: list[object] = []

    def look(heading):
        expect(page.locator("h1")).to_contain_text(heading)
        if folder := os.environ.get("RESPONSA_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{heading[:12].strip()}-{width}.png", full_page=True)
        wrong.extend(faults(page, width))

    page.goto(f"{served}/edit?url={BCLC}")
    (library / BCLC_FILE).write_text((library / BCLC_FILE).read_text().replace("BCLC", "B.C.L.C."))
    page.fill("[name=description]", "Mine.")
    page.click("[data-save]")
    look("Two people changed this article")
    page.goto(f"{served}/merge?url={TWICE}")
    page.click("text=Show what would change")
    look("Merge 2 articles?")
    page.goto(f"{served}/queue")
    page.check(".rows input >> nth=0")
    page.select_option("[name=do]", "review")
    page.click("text=Show what would change")
    look("Stamp a review of each answer?")
    page.click("text=Do it")
    look("Stamp a review of each answer (1)")
    page.goto(f"{served}/queue")
    page.click("text=Show what would change")
    look("Nothing was changed")
    page.goto(f"{served}/edit?url={TWICE}")
    page.evaluate("document.querySelector('[name=review_by]').type = 'text'")
    page.fill("[name=review_by]", "tomorrow")
    page.click("[data-save]")
    look("Edit")
    page.context.clear_cookies()
    page.click("[data-save]")
    look("Nothing was written")
    page.context.close()
    assert wrong == []


def test_no_page_asks_another_server_or_complains(browser, served):
    page = signed_in(browser, served)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES[:-1]:
        page.goto(f"{served}/{path}", wait_until="networkidle")
    page.context.close()
    home = served.removesuffix("/desk")
    assert [url for url in asked if not url.startswith((home, "data:"))] == []
    assert said == []

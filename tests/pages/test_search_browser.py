"""Searching in a browser: by typing, by keyboard alone, by address, and with words that mean harm."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from search_site import HOSTILE, articles, searchable
from static_server import serving

from responsa.publish.search.words import stem, words

pytestmark = pytest.mark.browser

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
QUESTION = "/learn/medicine/questions/q0"


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with serving(searchable(tmp_path_factory.mktemp("site"), articles(2500))) as address:
        yield address


@pytest.fixture
def page(browser, host):
    """A fresh page under the host's strict policy; every word in its console fails the test."""
    opened = browser.new_page(base_url=host)
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    opened.close()
    assert said == []
    assert [url for url in asked if not url.startswith((host, "data:"))] == []


def box(page: Page):
    return page.get_by_role("combobox")


def options(page: Page):
    return page.get_by_role("option")


def results(page: Page):
    return page.locator("[data-list] > li > a")


def found(page: Page):
    """The results, once they are those of the query in the address."""
    expect(page.locator("[data-status]")).not_to_be_empty()
    expect(page.locator("[data-results]")).not_to_have_attribute("aria-busy", "true")
    return results(page)


def test_typing_offers_questions(page):
    page.goto(QUESTION)
    box(page).press_sequentially("photosy", delay=20)
    expect(options(page)).to_have_count(7)
    assert "photosynthesis" in options(page).first.inner_text()
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("header [role=status]")).to_have_text("6 questions found. Arrow keys choose.")


def test_the_keyboard_alone_leads_to_an_article_and_back(page):
    page.goto(QUESTION)
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("role of osmosis in case 7")
    expect(options(page).first).to_contain_text("osmosis in case 7?")
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    first = options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/learn/medicine/questions/q7$"))
    page.go_back()
    expect(page).to_have_url(re.compile(f"{QUESTION}$"))


def test_escape_closes_what_is_offered_and_keeps_the_words(page):
    page.goto(QUESTION)
    box(page).fill("osmosis")
    expect(options(page)).not_to_have_count(0)
    page.keyboard.press("Escape")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value("osmosis")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_enter_leads_to_the_page_of_results(page):
    page.goto(QUESTION)
    box(page).fill("What is the role of fibrosis in case 42?")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q="))
    assert found(page).first.inner_text() == "What is the role of fibrosis in case 42?"


def test_a_link_to_results_works_by_itself(page):
    page.goto("/search?q=tuberculosis&subject=medicine")
    assert found(page).count() == 10
    assert page.title() == "tuberculosis | Search | Test library"
    expect(page.locator("[data-status]")).to_have_text("10 best results for “tuberculosis”.")
    assert page.get_by_label("Subject", exact=True).input_value() == "medicine"


def test_a_subject_leaves_the_others_out(page):
    page.goto("/search?q=role")
    found(page)
    page.get_by_label("Subject", exact=True).select_option("law")
    expect(page).to_have_url(re.compile("subject=law"))
    expect(results(page).first).to_have_attribute("href", re.compile("/learn/law/"))
    expect(page.locator("[data-list] > li > a:not([href*='/learn/law/'])")).to_have_count(0)
    assert found(page).count() == 10


def test_back_and_forward_bring_their_results(page):
    page.goto("/search?q=osmosis")
    found(page)
    field = page.get_by_label("Search questions and answers")
    field.fill("negligence")
    expect(results(page).first).to_contain_text("negligence")
    page.goto("/search?q=fibrosis")
    expect(results(page).first).to_contain_text("fibrosis")
    page.get_by_label("Subject", exact=True).select_option("medicine")
    expect(page).to_have_url(re.compile("q=fibrosis&subject=medicine"))
    page.go_back()
    expect(page).to_have_url(re.compile("q=fibrosis$"))
    page.go_back()
    expect(page).to_have_url(re.compile("q=negligence$"))
    expect(results(page).first).to_contain_text("negligence")
    page.go_forward()
    expect(results(page).first).to_contain_text("fibrosis")


def test_more_results_follow_and_get_the_focus(page):
    page.goto("/search?q=inflation")
    found(page)
    page.get_by_role("button", name="More results").click()
    expect(results(page)).to_have_count(20)
    expect(results(page).nth(10)).to_be_focused()


@pytest.mark.parametrize(
    "typed", ["photosinthesis", "photsoynthesis", "photosynthesis-", "Photosynthésis", "tubreculosis"]
)
def test_a_typo_finds_what_was_meant(page, typed):
    page.goto(f"/search?q={typed}")
    expect(found(page).first).to_contain_text(re.compile("photosynthesis|tuberculosis"))


def test_nothing_found_says_so_and_offers_subjects(page):
    page.goto("/search?q=xqzvwk")
    expect(page.locator("[data-status]")).to_have_text("Nothing found for “xqzvwk”. The subjects below may lead there.")
    assert results(page).count() == 0
    expect(page.get_by_role("link", name="Medicine")).to_be_visible()


@pytest.mark.parametrize("query", ["what is the", "\\", "🙂"])
def test_words_of_every_question_alone_are_told_apart_from_nothing(page, query):
    page.goto(f"/search?q={quote(query)}")
    expect(page.locator("[data-status]")).to_contain_text("Type a word that says what it is about.")


def test_markup_in_a_title_is_shown_as_text(page):
    page.goto(f"/search?q={quote('hostile onerror constructor')}")
    assert found(page).first.inner_text() == HOSTILE
    assert page.locator("main img").count() == 0
    assert page.title() != "1"
    assert page.get_by_role("option", name="Law <b>and</b> Order").count() == 1


@pytest.mark.parametrize(
    "query",
    [
        "<img src=x onerror=alert(1)>",
        "__proto__",
        "constructor toString",
        "%00",
        "a" * 5000,
        "'\"`${1}",
        "細胞 🙂",
    ],
)
def test_a_hostile_query_is_shown_as_text(page, query):
    page.goto("/search")
    page.get_by_label("Search questions and answers").fill(query[:500])
    page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text(query[:500].strip())
    assert page.locator("main img").count() == 0


def test_a_wall_of_text_asks_for_a_bounded_number_of_files(page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/search?q=" + "+".join(f"s{number}" for number in range(300)))
    found(page)
    assert len(asked) < 60


def test_the_page_of_results_without_javascript_says_so_and_leads_on(browser, host):
    page = browser.new_page(base_url=host, java_script_enabled=False)
    page.goto("/search?q=osmosis")
    expect(page.get_by_role("note")).to_contain_text("needs JavaScript")
    expect(page.get_by_role("link", name="Medicine")).to_be_visible()
    expect(page.locator("[data-results]")).to_be_hidden()
    page.close()


def test_a_first_search_moves_little(browser, host):
    page = browser.new_page(base_url=host)
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(f"/search?q={quote('What is the role of tuberculosis in case 1301?')}", wait_until="networkidle")
    assert found(page).first.inner_text() == "What is the role of tuberculosis in case 1301?"
    page.close()
    assert 10_000 < sum(sizes) < 60_000


def test_an_index_out_of_reach_is_said(browser, host):
    page = browser.new_page(base_url=host)
    page.route("**/search/index.json", lambda route: route.abort())
    page.goto("/search?q=osmosis")
    expect(page.locator("[data-status]")).to_have_text("Search cannot be reached just now. Try again.")
    page.unroute("**/search/index.json")
    page.get_by_label("Search questions and answers").press("Enter")
    page.get_by_label("Subject", exact=True).select_option("medicine")
    expect(results(page).first).to_contain_text("osmosis")
    page.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/search", "/search?q=osmosis", "/search?q=xqzvwk", QUESTION])
def test_axe_finds_nothing_and_nothing_is_cut(browser, host, width, scheme, path):
    page = browser.new_page(
        base_url=host, viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page.goto(path)
    if path == QUESTION:
        box(page).fill("osmosis")
        expect(options(page)).to_have_count(7)
        page.keyboard.press("ArrowDown")
    elif "q=" in path:
        found(page)
    violations = Axe().run(page, options=AXE).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in violations] == []
    assert wide <= width


@pytest.mark.real
def test_page_and_build_stem_the_real_vocabulary_alike(page, real_library):
    files = sorted(real_library.rglob("*.md"))[::40]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    vocabulary = sorted(set(words(text)))
    page.goto("/search")
    theirs = page.evaluate("text => responsaSearch.stems(text)", " ".join(vocabulary))
    assert len(vocabulary) > 5_000
    assert theirs == [stem(word) for word in vocabulary]


def test_page_and_build_stem_alike(page):
    text = (
        "Analyses of organisations' behaviour, hopping running studies; policies, nationalization theoretical "
        "economics agreed être naïve Straße ﬁne ½ İstanbul ΣΊΣΥΦΟΣ 細胞分裂 カタカナ ภาษาไทย 한국어 हिन्दी Ⅷ ™ "
        "e\u0301te\u0301 x_y 3.14 B12 the s t __proto__ constructor 𝒜𝒷 " + "z" * 40
    )
    page.goto("/search")
    assert page.evaluate("text => responsaSearch.stems(text)", text) == [stem(word) for word in words(text)]

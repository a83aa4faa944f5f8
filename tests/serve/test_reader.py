import pytest
from serving import serving

from library_folder import put
from waiting import until

axe = pytest.importorskip("axe_playwright_python.sync_playwright")


@pytest.fixture(scope="module")
def page_maker(browser):
    made = []

    def make(width=1280, scheme="light", **more):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)
        made.append(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()


def test_a_search_works_without_javascript(served):
    body = served.get("/search?q=glycogen")[2].decode()
    assert "<mark>glycogen</mark>" in body
    assert 'href="/learn/medicine/questions/what-is-the-liver"' in body
    assert 'value="glycogen"' in body


def test_who_asks_is_told_honestly(served):
    assert "best existing answers" in served.get("/ask?q=what+does+the+liver+do")[2].decode()
    assert "does not know" in served.get("/ask?q=when+does+the+number+14+tram+leave")[2].decode()


def test_results_are_paged_by_links(tmp_path):
    for number in range(12):
        put(tmp_path, f"n-{number}", question=f"What is pageable {number}?")
    with serving(tmp_path) as served:
        first = served.get("/search?q=pageable")[2].decode()
        assert 'href="/search?q=pageable&amp;offset=10"' in first.replace("&#x2f;", "/")
        second = served.get("/search?q=pageable&offset=10")[2].decode()
        assert "Results 11 to 12" in second


def test_a_misspelled_word_is_told(served):
    assert "near spellings were taken" in served.get("/search?q=glycogne")[2].decode()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/search", "/search?q=liver", "/ask?q=what+does+the+liver+do", "/ask?q=tram+14"])
def test_pages_are_accessible_and_fit(served, page_maker, path, scheme, width):
    page = page_maker(width, scheme)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.address + path)
    assert axe.Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


@pytest.mark.browser
def test_results_come_as_one_types_and_are_told_aloud(served, page_maker):
    page = page_maker()
    page.goto(f"{served.address}/search")
    page.keyboard.type("glycogen")
    page.wait_for_selector(".hits li")
    until(page, "document.querySelector('[data-status]').textContent.includes('glycogen')")
    assert page.url.endswith("/search?q=glycogen")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator("h2").text_content() == "Results"


@pytest.mark.browser
def test_the_box_of_a_page_leads_here(served, page_maker):
    page = page_maker()
    page.goto(f"{served.address}/learn/medicine/questions/what-is-the-liver")
    page.fill("header input[name=q]", "kidneys")
    page.click("header button")
    page.wait_for_url("**/search?q=kidneys")
    assert "Kidneys filter blood" in page.content().replace("<mark>", "").replace("</mark>", "")


@pytest.mark.browser
def test_a_page_that_changed_is_loaded_again(tmp_path, page_maker):
    put(tmp_path, "a", answer="Before.")
    with serving(tmp_path) as served:
        page = page_maker()
        page.goto(f"{served.address}/learn/medicine/questions/a")
        until(page, "performance.getEntriesByType('resource').length > 0")
        page.wait_for_timeout(500)
        put(tmp_path, "a", answer="Afterwards.")
        served.live.renew()
        page.wait_for_selector("text=Afterwards.")

"""The documentation as a site: made without a warning, nothing asked of others, readable by everyone."""

import functools
import http.server
import re
import threading

import docs_site
import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [f"{name}.html" for name in ("index", "tutorial", "reference/commands", "guides/deploy", "comparison", "faq")]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("docs") / "site"
    wrong = docs_site.make(out)
    assert not wrong, "\n".join(wrong)
    return out


@pytest.fixture(scope="module")
def address(site):
    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_every_page_of_the_repository_is_on_the_site_and_listed(site):
    index = (site / "index.html").read_text(encoding="utf-8")
    for page in sorted(docs_site.DOCS.rglob("*.md")):
        place = page.relative_to(docs_site.DOCS).with_suffix(".html").as_posix()
        assert (site / place).exists(), place
        listed = place.startswith("decisions/") or place == "index.html" or f'href="{place}"' in index
        assert listed, f"{place} is in no list"


def test_a_page_asks_no_other_host_for_anything(site):
    assert not list(docs_site.away(site))
    styles = "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.css"))
    assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", styles)


def test_what_asks_another_host_is_told(tmp_path):
    (tmp_path / "a.html").write_text('<script src="https://cdn.example.org/a.js"></script><a href="https://b.c">d</a>')
    assert list(docs_site.away(tmp_path)) == ['a.html: <script src="https://cdn.example.org/a.js">']


@pytest.mark.browser
@pytest.mark.parametrize(("width", "colours"), [(390, "dark"), (1280, "light")])
def test_main_pages_are_accessible_and_fit_the_window(address, browser, width, colours):
    view = browser.new_context(color_scheme=colours, viewport={"width": width, "height": 900})
    asked = []
    wrong = []
    for place in PAGES:
        page = view.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + place)
        page.evaluate("document.body.dataset.theme = 'auto'")
        found = Axe().run(page, options=AXE).response["violations"]
        wrong += [f"{place}: {one['id']}: {one['nodes'][0]['html'][:300]}" for one in found]
        across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{place} is {across} px wider than the window"] if across > 0 else []
        page.close()
    view.close()
    assert not wrong, "\n".join(wrong)
    assert not [url for url in asked if not url.startswith((address, "data:"))]

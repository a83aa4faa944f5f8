"""Search on the published site beside Pagefind, in one run: what both cost, what a first query moves, what both find.

    npm install --prefix build/pagefind pagefind
    uv run bench/site_search.py --pagefind build/pagefind/node_modules/.bin/pagefind [--library FOLDER] [--work FOLDER]

Pagefind reads the site that ``responsa build`` makes, only its question pages and of these only ``main``. Without
``--pagefind`` only Responsa is measured. Chromium asks a local host that packs text with gzip, as hosts do. A found
article counts if it has the address that was looked for or the same question word for word.
"""

import argparse
import importlib
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from msgspec import structs
from playwright.sync_api import Browser, Page, Request, sync_playwright
from realdata import real_library

from publish import Run, timed
from responsa.library.card import question_key
from responsa.library.library import read
from responsa.publish.assets import assets
from responsa.publish.page import Renderer
from responsa.publish.search.entry import entry
from responsa.publish.search.files import File
from responsa.publish.search.patch import update
from responsa.publish.search.script import script
from responsa.publish.search.store import Store
from responsa.publish.views import SiteView

QUERIES = Path(__file__).parent / "quality" / "queries.jsonl"
OURS = "q => responsaSearch.search(q).then(found => found.results.map(hit => hit.url))"
THEIRS = """async q => {
  window.engine = window.engine || await import("/pagefind/pagefind.js");
  const found = await engine.search(q);
  const data = await Promise.all(found.results.slice(0, 10).map(each => each.data()));
  return data.map(each => each.url.replace(/\\.html$/, ""));
}"""
NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Engine:
    """A search to be asked on a page: ``search`` is a function of the query that gives addresses."""

    name: str
    page: str
    search: str


def make(library: Path, out: Path) -> None:
    """What ``build`` does for search, alone; prints CPU seconds of reading, of articles' entries and of the index."""
    clock = [time.process_time()]
    articles = [article for article in read(library).articles() if not article.no_index]
    clock.append(time.process_time())
    state = out.parent / "search.sqlite"
    state.unlink(missing_ok=True)
    database = sqlite3.connect(state, isolation_level=None)
    database.execute("BEGIN")
    store = Store(database)
    entries = (entry(article, article.question, article.url.split("/")[2]) for article in articles)
    store.put_all((made.url, made) for made in entries)
    clock.append(time.process_time())
    write(update(store, {}, lambda _: None), out)
    database.execute("COMMIT")
    clock.append(time.process_time())
    first = articles[0]
    database.execute("BEGIN")
    changed = f"{first.answer} One more sentence on zymurgy."
    store.put_all([(first.url, entry(structs.replace(first, answer=changed), first.question, "edited"))])
    write(update(store, {}, lambda path: content(out / path)), out)
    database.execute("COMMIT")
    clock.append(time.process_time())
    print(json.dumps([after - before for before, after in pairwise(clock)]))


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def write(files: Iterable[File], out: Path) -> None:
    for file in files:
        path = out / file.path
        if file.content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)


def page_of_search(out: Path) -> None:
    """The page and its script, and an empty one for Pagefind."""
    style, code = assets(), script()
    page = Renderer(SiteView(style_url=style.style_url, search_url=code.url)).search([])
    (out / "assets").mkdir(exist_ok=True)
    (out / code.path).write_bytes(code.content)
    (out / "search.html").write_text(page, encoding="utf-8")
    for name in ("empty.html", "404.html"):
        (out / name).write_text("<!doctype html><title>empty</title>", encoding="utf-8")


def room(folder: Path) -> tuple[int, float, float]:
    """Files, MB of their content, MB that they take in blocks of 4 kB."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes) / 1e6, sum(-(-size // 4096) * 4096 for size in sizes) / 1e6


def cost(name: str, run: Run, folder: Path) -> None:
    files, held, blocks = room(folder)
    print(f"{name:10} {run.cpu:6.1f} CPU s  {run.peak:6.0f} MB memory  {files:6} files  {held:5.1f} MB ({blocks:.1f})")


def first_query(browser: Browser, engine: Engine, query: str) -> int:
    """Bytes of everything but the page itself and its style."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    moved: list[int] = []

    def note(request: Request) -> None:
        if not request.url.endswith(("search", "empty", ".css", "favicon.ico")):
            sizes = request.sizes()
            moved.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    page.on("requestfinished", note)
    page.goto(engine.page, wait_until="networkidle")
    page.evaluate(engine.search, query)
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(moved)


def answers(page: Page, search: str, queries: list[dict[str, str]], keys: dict[str, str]) -> dict[str, list[int]]:
    """The rank of each query's article, 10 where it is not among the first ten."""
    ranks: dict[str, list[int]] = {}
    for query in queries:
        found = [keys.get(url, url) for url in page.evaluate(search, query["query"])][:10]
        wanted = keys[query["url"]]
        rank = found.index(wanted) if wanted in found else 10
        for kind in (query["kind"], "all"):
            ranks.setdefault(kind, []).append(rank)
    return ranks


def report(browser: Browser, engine: Engine, library: Path) -> None:
    name = engine.name
    queries = [json.loads(line) for line in QUERIES.read_text(encoding="utf-8").splitlines()]
    moved = sorted(first_query(browser, engine, query["query"]) for query in queries[::5])
    print(f"{name}: a first query moves {statistics.median(moved) / 1e3:.0f} kB, at most {moved[-1] / 1e3:.0f} kB")
    keys = {article.url: question_key(article.question) for article in read(library).articles()}
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(engine.page)
    start = time.perf_counter()
    ranks = answers(page, engine.search, queries, keys)
    spent = (time.perf_counter() - start) / len(queries)
    context.close()
    for kind, of in sorted(ranks.items()):
        first, ten = (sum(rank < most for rank in of) / len(of) for most in (1, 10))
        print(f"{name:10} {kind:10} {len(of):4}  first {first:.3f}  in ten {ten:.3f}")
    print(f"{name}: {1e3 * spent:.0f} ms a query, with its files from the local host")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--library", type=Path, default=None)
    options.add_argument("--pagefind", type=Path, default=None)
    options.add_argument("--site", type=Path, default=None, help="a built site for Pagefind; made where left out")
    options.add_argument("--work", type=Path, default=Path("build/bench-search"))
    options.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    library, work = (chosen.library or real_library()).resolve(), chosen.work.resolve()
    host = work / "host"
    if chosen.make:
        make(library, host)
        return
    shutil.rmtree(work, ignore_errors=True)
    host.mkdir(parents=True)
    ours(library, work, host)
    if chosen.pagefind:
        theirs(chosen.pagefind.resolve(), chosen.site, library, work, host)
    page_of_search(host)
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "pages"))
    with importlib.import_module("static_server").serving(host) as address, sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        report(browser, Engine("responsa", f"{address}/search", OURS), library)
        if chosen.pagefind:
            report(browser, Engine("pagefind", f"{address}/empty", THEIRS), library)


def ours(library: Path, work: Path, host: Path) -> None:
    command = [sys.executable, __file__, "--make", "--library", str(library), "--work", str(work)]
    run = timed(command, work)
    cost("responsa", run, host / "search")
    parts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    names = ("reading the library", "entries", "index", "after one edit")
    print("           CPU s: " + ", ".join(f"{name} {part:.2f}" for name, part in zip(names, parts, strict=True)))


def theirs(pagefind: Path, site: Path | None, library: Path, work: Path, host: Path) -> None:
    if site is None:
        copy, site = work / "library", work / "site"
        shutil.copytree(library / "content", copy / "content")
        subprocess.run(["responsa", "build", ".", "--out", str(site)], cwd=copy, check=False, stdout=subprocess.DEVNULL)
    glob = ["--glob", "learn/*/questions/*.html", "--root-selector", "main"]
    out = host / "pagefind"
    cost("pagefind", timed([str(pagefind), "--site", str(site), *glob, "--output-path", str(out)], work), out)


if __name__ == "__main__":
    main()

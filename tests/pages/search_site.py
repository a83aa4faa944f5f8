"""A small library with its search on a site: the pages of the results are there, so that links can be followed."""

import sqlite3
from pathlib import Path, PurePosixPath

from responsa.article import Article, Seo
from responsa.publish.assets import assets
from responsa.publish.page import Renderer
from responsa.publish.search.entry import entry
from responsa.publish.search.patch import update
from responsa.publish.search.script import script
from responsa.publish.search.store import Store
from responsa.publish.views import QuestionView, SiteView, SubjectItem

TITLES = {"medicine": "Medicine", "law": "Law <b>and</b> Order"}
HOSTILE = '<img src=x onerror="document.title=1"> __proto__ constructor ' + "very" * 60
TOPICS = (
    "photosynthesis",
    "mitochondria",
    "fibrosis",
    "jurisdiction",
    "inflation",
    "tuberculosis",
    "negligence",
    "osmosis",
)


def articles(count: int) -> list[tuple[Article, str]]:
    """Questions on eight topics; the first has a hostile title, some have none but frequent words."""
    made = [(_article("/learn/law/questions/hostile", HOSTILE, "Hostile words."), "law")]
    for number in range(count - 1):
        topic = TOPICS[number % len(TOPICS)]
        slug = "law" if topic in {"jurisdiction", "negligence"} else "medicine"
        question = f"What is the role of {topic} in case {number}?"
        answer = f"The {topic} matters in case {number}, as study s{number % 97} of liver tissue showed."
        made.append((_article(f"/learn/{slug}/questions/q{number}", question, answer), slug))
    return made


def _article(url: str, question: str, answer: str) -> Article:
    path = PurePosixPath("content", f"{url[1:]}.md")
    return Article(
        url=url, path=path, question=question, answer=answer, subject="", seo=Seo(description=f"About: {question}")
    )


def searchable(folder: Path, given: list[tuple[Article, str]]) -> Path:
    """Write the site into ``folder``."""
    style, code = assets(), script()
    site = SiteView(name="Test library", style_url=style.style_url, search_url=code.url)
    renderer = Renderer(site)
    for asset in (*style.files, code):
        _write(folder / asset.path, asset.content)
    counts = {slug: sum(one == slug for _, one in given) for slug in TITLES}
    subjects = [(slug, SubjectItem(TITLES[slug], f"/learn/{slug}", count)) for slug, count in counts.items()]
    _write(folder / "search.html", renderer.search(subjects).encode())
    _write(folder / "404.html", renderer.not_found().encode())
    store = Store(sqlite3.connect(":memory:", isolation_level=None))
    for article, slug in given:
        store.put_all([(article.url, entry(article, article.question, slug))])
    for article, _ in given[:60]:
        view = QuestionView(
            url=article.url, title=article.question, heading=article.question, question="", body="<p>Answer.</p>"
        )
        _write(folder / f"{article.url[1:]}.html", renderer.question(view).encode())
    for file in update(store, TITLES, lambda _: None):
        _write(folder / file.path, file.content or b"")
    return folder


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

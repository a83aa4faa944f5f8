"""The reduce: pages that show many articles, made from one row an article; every row is streamed."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, Protocol

from msgspec import Struct

from responsa.publish.assets import Assets
from responsa.publish.atom import atom
from responsa.publish.frame import Frame
from responsa.publish.llms import llms
from responsa.publish.page import Renderer
from responsa.publish.pages import Row
from responsa.publish.places import HOME, MISSING, place_of
from responsa.publish.redirects import WRITERS
from responsa.publish.robots import robots
from responsa.publish.sitemap import Place, sitemaps
from responsa.publish.study.files import deck_url
from responsa.publish.views import Crumb, HomeView, ListItem, SubjectItem, SubjectView, clean, page_links

NEWEST: Final = 20
"""Questions on the front page."""
FEED: Final = 50


class Output(Struct, frozen=True, array_like=True):
    """A file of the site."""

    path: str
    content: bytes


class Rows(Protocol):
    """Rows of the listed pages, newest first, ties by address."""

    def counts(self) -> dict[str, int]:
        """Listed pages of each subject's slug."""
        ...

    def count(self, slug: str) -> int:
        """Listed pages of one subject's slug."""
        ...

    def listed(self, slug: str | None = None) -> Iterator[Row]:
        """Those of one subject, or of all."""
        ...


def shelf_pages(slug: str, rows: Rows, frame: Frame, renderer: Renderer) -> Iterator[Output]:
    """The pages of one subject's list; none where it is hidden or empty."""
    shelf = frame.shelves.get(slug)
    total = rows.count(slug)
    if shelf is None or not shelf.listed or not total:
        return
    size = max(1, frame.library.config.build.page_size)
    count = -(-total // size)
    items = (_item(row, "") for row in rows.listed(slug))
    for page in range(1, count + 1):
        view = SubjectView(
            title=clean(shelf.title),
            url=frame.shelf_url(slug, page),
            items=tuple(islice(items, size)),
            total=total,
            page=page,
            page_count=count,
            pages=page_links(page, count, lambda number: frame.shelf_url(slug, number)),
            previous_url=frame.shelf_url(slug, page - 1) if page > 1 else "",
            next_url=frame.shelf_url(slug, page + 1) if page < count else "",
            crumbs=(Crumb("Home", "/"),),
            language=frame.site.language,
            study_url=deck_url(slug) if slug in frame.decks else "",
        )
        yield Output(place_of(view.url), renderer.subject(view).encode())


def front(rows: Rows, frame: Frame, renderer: Renderer) -> Iterator[Output]:
    """What changes with any listed question: home, feed, llms.txt and sitemaps."""
    view = home_view(rows, frame)
    yield Output(HOME, renderer.home(view).encode())
    newest = (_item(row, _title(row, frame)) for row in islice(rows.listed(), FEED))
    yield Output(frame.site.feed_url.lstrip("/"), atom(newest, frame.site).encode())
    yield Output("llms.txt", llms(view, frame.site).encode())
    if frame.site.base_url:
        for sitemap in sitemaps(_places(view, rows), frame.site.base_url):
            yield Output(sitemap.path, sitemap.content.encode())


def fixed(frame: Frame, renderer: Renderer, beside: Assets) -> Iterator[Output]:
    """What changes with the frame alone: 404 page, robots.txt, style, fonts and the publisher's own files."""
    yield Output(MISSING, renderer.not_found().encode())
    own = {file.path for file in beside.own}
    if "robots.txt" not in own:
        yield Output("robots.txt", robots(frame.site.base_url).encode())
    for asset in beside.files:
        yield Output(asset.path, asset.content)
    for file in beside.own:
        yield Output(file.path, file.read())


def moved(pairs: Iterable[tuple[str, str]], frame: Frame) -> Iterator[Output]:
    """Redirects in the host's formats; ``pairs`` are (earlier address, address)."""
    held = list(pairs)
    for name in dict.fromkeys(frame.library.config.build.redirects):
        path, writer = WRITERS[name]
        yield Output(path, writer(held).encode())


def home_view(rows: Rows, frame: Frame) -> HomeView:
    """Every listed subject that has questions, by title, and the newest questions."""
    counts = rows.counts()
    shelves = sorted(
        (shelf for shelf in frame.shelves.values() if shelf.listed and counts.get(shelf.slug)),
        key=lambda shelf: (shelf.title.casefold(), shelf.slug),
    )
    items = tuple(SubjectItem(clean(s.title), frame.shelf_url(s.slug), counts[s.slug]) for s in shelves)
    newest = tuple(_item(row, _title(row, frame)) for row in islice(rows.listed(), NEWEST))
    return HomeView(items, newest, sum(item.count for item in items))


def _places(view: HomeView, rows: Rows) -> Iterator[Place]:
    yield Place("/", max((item.date for item in view.newest), default=""))
    yield from (Place(subject.url) for subject in view.subjects)
    yield from (Place(row.url, row.date) for row in rows.listed())


def _title(row: Row, frame: Frame) -> str:
    return clean(frame.shelves[row.slug].title)


def _item(row: Row, subject: str) -> ListItem:
    return ListItem(row.title, row.url, subject, row.date, row.posted)

"""The map over shards: articles to question pages, written where they belong, and what lists need to know of each."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct, structs

from responsa.article import Article
from responsa.errors import ResponsaError, UnreadableError
from responsa.library.card import Card, evidence_digest, question_key
from responsa.library.catalogue import Catalogue, attach
from responsa.publish.citations import Quote, cited, placed
from responsa.publish.folder import Folder
from responsa.publish.frame import Frame
from responsa.publish.html import render
from responsa.publish.markdown_twin import markdown_twin
from responsa.publish.owners import living
from responsa.publish.page import Renderer
from responsa.publish.places import place_of, twin_of_page
from responsa.publish.search.entry import Entry, entry
from responsa.publish.study.face import face
from responsa.publish.views import Crumb, ListItem, QuestionView, SiteView, clean, moment, question_view

RELATED: Final = 5


class MovedError(ResponsaError):
    """A file changed between the catalogue's look and the page's: the build begins again."""


class Job(Struct, frozen=True, array_like=True):
    """A page to make. ``known`` are the digests of the files that the site has of it already.

    ``links`` are the addresses that it leads to, in order; ``None``: those that its record names.
    """

    card: Card
    known: dict[str, bytes]
    links: tuple[str, ...] | None = None


class Shard(Struct, frozen=True, array_like=True):
    """Pages to make in one process: read below ``frame.library``, written below ``into``."""

    frame: Frame
    catalogue: Path
    stamp: str
    into: Path
    jobs: list[Job]


class Row(Struct, frozen=True, array_like=True):
    """A page as lists and other pages' links see it. ``date`` is ISO, ``posted`` how a reader sees it."""

    place: str
    url: str
    title: str
    slug: str
    date: str
    posted: str
    listed: bool
    no_index: bool


class Written(Struct, frozen=True, array_like=True):
    """A file of the site; ``new``: its bytes are others than those known before."""

    path: str
    digest: bytes
    new: bool


class Page(Struct, frozen=True, array_like=True):
    """A page that was made; without ``entry`` no search finds it, without ``card`` it is in no deck."""

    row: Row
    files: tuple[Written, ...]
    entry: Entry | None = None
    card: bytes | None = None


class Press(Struct, frozen=True):
    """What the pages of a shard are made with: ``alive`` are the articles that links can lead to."""

    frame: Frame
    renderer: Renderer
    alive: dict[str, Card]
    folder: Folder

    def page(self, job: Job, article: Article) -> Page:
        """Make the page and its twin, and write what is other than known."""
        place = place_of(article.url)
        view = _view(article, job, self.frame, self.alive)
        contents = {place: self.renderer.question(view)}
        if view.markdown_url:
            contents[twin_of_page(place)] = markdown_twin(view, article.answer, self.frame.site)
        files = tuple(_put(path, text, job.known, self.folder) for path, text in contents.items())
        row = _row(place, article, job.card)
        searched = row.listed and self.frame.library.config.build.search
        card = face(view, article) if row.listed and row.slug in self.frame.decks else None
        return Page(row, files, entry(article, row.title, row.slug) if searched else None, card)


def make_pages(shard: Shard) -> list[Page]:
    """One page a job, in order. Raises ``MovedError`` where the catalogue is no longer what the jobs say."""
    frame = shard.frame
    with attach(frame.library, shard.catalogue) as catalogue:
        if catalogue.stamp != shard.stamp:
            raise MovedError("the catalogue changed while the site was built")
        articles = list(_articles(catalogue, shard.jobs))
        targets = (url for job, article in zip(shard.jobs, articles, strict=True) for url in links(job, article))
        alive = living(catalogue, targets, frame.reserved())
    renderer = renderer_of(frame.site, frame.overrides, frame.digest)
    with Folder(shard.into) as folder:
        press = Press(frame, renderer, alive, folder)
        return [press.page(job, article) for job, article in zip(shard.jobs, articles, strict=True)]


@lru_cache(maxsize=2)
def renderer_of(site: SiteView, overrides: Path | None, _digest: str) -> Renderer:
    """Compiled templates; the digest makes new ones of a template that changed."""
    return Renderer(site, overrides)


def _articles(catalogue: Catalogue, jobs: list[Job]) -> Iterator[Article]:
    for found in catalogue.entries(job.card.path for job in jobs):
        if isinstance(found, UnreadableError):
            raise MovedError(str(found)) from found
        yield found


def links(job: Job, article: Article) -> list[str]:
    """The addresses that a page leads to: what its job says, else what its record names, by slot."""
    if job.links is not None:
        return list(job.links)
    return [link.url for link in sorted(article.related, key=lambda link: link.slot)]


def _view(article: Article, job: Job, frame: Frame, alive: dict[str, Card]) -> QuestionView:
    policy, card = frame.library.config.policy, job.card
    body, quotes = _body(article, card, frame)
    view = question_view(
        article,
        body,
        frame.site,
        quotes=quotes,
        crumbs=_crumbs(card, frame),
        related=related(article, links(job, article), alive, frame),
        markdown_twin=frame.library.config.build.markdown_twins,
        disclose_machine=policy.disclose_machine,
        review_years=policy.review_years,
    )
    # An address that ends in "/" or ".html" has its twin elsewhere than at the address with ".md" after it.
    twin = f"/{twin_of_page(place_of(article.url))}" if view.markdown_url else ""
    indexed = not card.no_index
    same = twin == view.markdown_url and indexed == view.indexed
    return view if same else structs.replace(view, markdown_url=twin, indexed=indexed)


def _body(article: Article, card: Card, frame: Frame) -> tuple[str, tuple[Quote, ...]]:
    """The answer as HTML, with its citations where the ledger gives some."""
    if not card.evidence:
        return render(article.answer).body, ()
    ledger = frame.library.evidence(article.path)
    if evidence_digest(ledger) != card.evidence:
        raise MovedError(f"{frame.library.ledger(article.path)}: changed while the site was built")
    with_marks = cited(article, ledger, card.answer_digest)
    body = placed(render(with_marks.answer).body, with_marks.quotes)
    return (render(article.answer).body, ()) if body is None else (body, with_marks.quotes)


def related(article: Article, urls: Iterable[str], alive: dict[str, Card], frame: Frame) -> Iterator[ListItem]:
    """At most five of ``urls`` that lead to another, living, public question; no question twice."""
    seen = {question_key(article.question)}
    for url in urls:
        card = alive.get(url)
        if card is None or card.no_index or card.url == article.url or card.question_key in seen:
            continue
        if len(seen) > RELATED:
            return
        seen.add(card.question_key)
        yield ListItem(clean(card.title), card.url, frame.shelves[card.subject_slug].title)


def _crumbs(card: Card, frame: Frame) -> Iterator[Crumb]:
    yield Crumb("Home", "/")
    shelf = frame.shelves[card.subject_slug]
    if shelf.listed:
        yield Crumb(clean(shelf.title), frame.shelf_url(shelf.slug))


def _row(place: str, article: Article, card: Card) -> Row:
    posted = moment(article.date, article.date_format) if article.date else ""
    title = clean(card.title)
    return Row(place, card.url, title, card.subject_slug, card.date, posted, card.listed, card.no_index)


def _put(path: str, text: str, known: dict[str, bytes], folder: Folder) -> Written:
    content = text.encode()
    digest = digest_of(content)
    new = known.get(path) != digest
    if new:
        folder.write(path, content)
    return Written(path, digest, new)


def digest_of(content: bytes) -> bytes:
    """16 bytes that stand for a file of the site."""
    return hashlib.blake2b(content, digest_size=16).digest()

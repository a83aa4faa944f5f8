"""A deck to files: for each file of cards a page, a sheet for paper, and the cards for the script.

Cards are spread over files by their names. So an edit changes the three files of its card, and the first page, which
says how many there are; everything else keeps its bytes until a deck doubles.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
from msgspec import Struct, structs

from responsa.publish.frame import Frame
from responsa.publish.lists import Output
from responsa.publish.page import Renderer
from responsa.publish.places import place_of
from responsa.publish.structured_data import breadcrumbs, encode
from responsa.publish.study.face import Face, bits_of, file_of
from responsa.publish.study.files import ALL, beside, data_path, deck_url, print_url
from responsa.publish.study.quiz import quiz
from responsa.publish.study.store import Cards
from responsa.publish.study.views import DeckItem, DecksView, DeckView
from responsa.publish.views import Crumb, clean, grouped, page_links


class Data(Struct, frozen=True):
    """A file of cards; ``bits`` lets a page that was loaded before the deck doubled notice it."""

    bits: int
    cards: tuple[Face, ...]


def deck(slug: str, cards: Cards, frame: Frame, renderer: Renderer) -> Iterator[Output]:
    """Every file of a deck; a subject that has a list has a deck, if an empty one."""
    first = _view(slug, cards.count(slug), frame)
    for number, held in enumerate(_files(cards.of(slug), first.bits)):
        yield Output(data_path(slug, number), msgspec.json.encode(Data(first.bits, held)))
        ordered = tuple(sorted(held, key=lambda card: (card.question.casefold(), card.url)))
        view = _page(first, number + 1, ordered)
        yield Output(place_of(view.url), _deck(view, frame, renderer).encode())
        sheet = _sheet(view, number + 1)
        title = f"{_numbered(sheet)} to print | {frame.site.name}"
        html = renderer.other("study_print.html", sheet, title, total=grouped(sheet.total))
        yield Output(place_of(sheet.url), html.encode())


def shared(counts: dict[str, int], slugs: Iterable[str], frame: Frame, renderer: Renderer) -> Iterator[Output]:
    """The page that lists the decks of ``slugs``, and what all study pages need; ``counts`` are cards by slug."""
    files = beside()
    yield from (Output(file.path, file.content) for file in (files.style, files.script))
    shelves = sorted((frame.shelves[slug] for slug in slugs), key=lambda shelf: (shelf.title.casefold(), shelf.slug))
    items = tuple(DeckItem(clean(s.title), deck_url(s.slug), grouped(counts.get(s.slug, 0))) for s in shelves)
    view = DecksView(ALL, items, (Crumb("Home", "/"),), files.style.url, frame.site.language)
    yield Output(place_of(ALL), renderer.other("study_index.html", view, f"Flashcards | {frame.site.name}").encode())


def _view(slug: str, total: int, frame: Frame) -> DeckView:
    settings, files, bits = frame.library.config.study, beside(), bits_of(total)
    title = clean(frame.shelves[slug].title)
    return DeckView(
        slug=slug,
        title=title,
        url=deck_url(slug),
        cards=(),
        total=total,
        bits=bits,
        data_url=f"{deck_url(slug)}/",
        deck_url=deck_url(slug),
        print_url=print_url(slug),
        list_url=frame.shelf_url(slug),
        style_url=files.style.url,
        script_url=files.script.url,
        new_cards=settings.new_cards,
        retention=settings.retention,
        page_count=1 << bits,
        crumbs=(Crumb("Home", "/"), Crumb("Flashcards", ALL)),
        language=frame.site.language,
        indexed=settings.quiz,
    )


def _files(cards: Iterable[Face], bits: int) -> Iterator[tuple[Face, ...]]:
    """One a file, in order, those without cards too; ``cards`` come by name."""
    expected = 0
    for number, held in groupby(cards, lambda card: file_of(card.name, bits)):
        yield from [()] * (number - expected)
        yield tuple(held)
        expected = number + 1
    yield from [()] * ((1 << bits) - expected)


def _page(first: DeckView, page: int, cards: tuple[Face, ...]) -> DeckView:
    last = page == first.page_count
    return structs.replace(
        first,
        url=deck_url(first.slug, page),
        print_url=print_url(first.slug, page),
        cards=cards,
        page=page,
        pages=page_links(page, first.page_count, lambda number: deck_url(first.slug, number)),
        previous_url=deck_url(first.slug, page - 1) if page > 1 else "",
        next_url="" if last else deck_url(first.slug, page + 1),
    )


def _sheet(view: DeckView, page: int) -> DeckView:
    return structs.replace(
        view,
        url=print_url(view.slug, page),
        indexed=False,
        pages=page_links(page, view.page_count, lambda number: print_url(view.slug, number)),
        previous_url=print_url(view.slug, page - 1) if page > 1 else "",
        next_url="" if page == view.page_count else print_url(view.slug, page + 1),
        crumbs=(*view.crumbs, Crumb(view.title, view.deck_url)),
    )


def _deck(view: DeckView, frame: Frame, renderer: Renderer) -> str:
    structured = ""
    if view.indexed and frame.site.structured_data != "none":
        way = breadcrumbs((*view.crumbs, Crumb(view.title, view.url)), frame.site)
        structured = encode(quiz(view, frame.site), way)
    title = f"{_numbered(view)} | {frame.site.name}"
    return renderer.other("study.html", view, title, structured, total=grouped(view.total))


def _numbered(view: DeckView) -> str:
    return f"{view.title}: flashcards{f', page {view.page}' if view.page > 1 else ''}"

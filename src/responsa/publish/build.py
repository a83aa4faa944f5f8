"""A library to a site: only what changed is made again, and the site appears as a whole or not at all.

The order is what makes a kill harmless. The twin's mark goes first; the twin is brought up to date and written to; it
is brought to the disk; it gets its mark; the state is committed; the two folders change places. Before the commit the
live site and the state are untouched and the twin, having no mark, is thrown away by the next build; after it the next
build sees a marked twin that the state names, and shows it.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.errors import ResponsaError, UnreadableError
from responsa.library.card import Card
from responsa.library.catalogue import LOCK, Catalogue, attach, refresh
from responsa.library.library import Library
from responsa.library.lock import lock
from responsa.library.tables import discard_database
from responsa.library.urls import is_address
from responsa.publish import lists
from responsa.publish.assets import Assets
from responsa.publish.claim import claim
from responsa.publish.folder import Folder, settle
from responsa.publish.frame import Frame, frame_of
from responsa.publish.lists import Output
from responsa.publish.neighbours import Links, Progress, filled, nothing
from responsa.publish.owners import moved, owned, owners
from responsa.publish.page import Renderer
from responsa.publish.pages import Job, MovedError, Page, Shard, digest_of, make_pages, renderer_of
from responsa.publish.places import place_of, twin_of_page, urls_of
from responsa.publish.redirects import complaints
from responsa.publish.search.files import MANIFEST
from responsa.publish.search.patch import update
from responsa.publish.search.results import results
from responsa.publish.state import State, open_state, state_path
from responsa.publish.study import decks
from responsa.publish.swap import discard, mark_of, remove_mark, set_mark, show, twin_of
from responsa.publish.views import clean
from responsa.shards import AsNeeded, Executor, batches

SHARD: Final = 256
TRIES: Final = 5
FRONT, FIXED, MOVED, RESULTS, STUDY = "front", "fixed", "moved", "results", "study"
"""Parts of the site that are made again as a whole; a subject's list is ``shelf/`` and its slug, its deck ``deck/``."""
INDEX: Final = "search"
"""The part of which only changed files are made again."""


class Build(Struct, frozen=True):
    """What a build did. ``held`` articles have no page, by policy or because another has its place.

    ``why`` counts those that are held by reason, ``hidden`` pages that the policy keeps out of lists and engines;
    ``refused`` says which redirects cannot be made, a line each.
    """

    out: Path
    pages: int
    held: int
    written: int
    removed: int
    unreadable: tuple[UnreadableError, ...] = ()
    why: dict[str, int] = {}
    hidden: dict[str, int] = {}
    refused: tuple[str, ...] = ()


class Wish(Struct, frozen=True):
    """How to build. ``clean`` takes nothing from the last build; ``strict`` shows nothing if a file is unreadable.

    ``progress`` is told how many pages are made and how many there are to make, ``indexing`` the same of questions
    that are encoded to relate them. ``touched`` are the only articles' files that can have changed since the last
    build; ``None``: look at all.
    """

    clean: bool = False
    strict: bool = False
    executor: Executor | None = None
    progress: Progress = nothing
    indexing: Progress = nothing
    touched: AbstractSet[PurePosixPath] | None = None


class UnreadableFilesError(ResponsaError):
    """Files that are no records kept the site from being shown; one line each."""


class DamagedError(ResponsaError):
    """The live folder lacks a file that it should hold: everything is made again."""


def build(library: Library, out: Path, wish: Wish | None = None) -> Build:
    """Bring the site in ``out`` up to date with the library. Raises ``ResponsaError``; the old site stays then."""
    wish = wish or Wish()
    out = claim(out, library.folder, library.folder / library.content)
    with lock(library.folder, "build.lock"):
        return _persistent(library, out, wish)


def _persistent(library: Library, out: Path, wish: Wish) -> Build:
    """Begins again where files changed on the way, from nothing where what the last build left is damaged."""
    for _ in range(TRIES):
        try:
            return _built(library, out, wish)
        except MovedError:
            continue
        except DamagedError:
            discard_database(state_path(library.folder, out))
        except OSError as error:
            why = f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
            raise ResponsaError(f"{out}: the site cannot be written ({why}); it is as it was") from error
        except sqlite3.DatabaseError:
            # The state is damaged, or the disk is full: then the next try says so.
            discard_database(state_path(library.folder, out))
    raise ResponsaError(f"{library.folder}: files keep changing, or the disk is full; build again when it is quiet")


def _built(library: Library, out: Path, wish: Wish) -> Build:
    with refresh(library, _executor(wish), wish.touched) as catalogue, lock(library.folder, LOCK, wait=True):
        with attach(library, catalogue.path) as now:
            if now.stamp != catalogue.stamp:
                raise MovedError("the catalogue changed before it was held")
        unreadable = tuple(UnreadableError(bad.path, bad.line, bad.problem) for bad in catalogue.unreadable())
        if unreadable and wish.strict:
            raise UnreadableFilesError("\n".join(map(str, unreadable)))
        frame, beside = frame_of(library, catalogue)
        with open_state(state_path(library.folder, out)) as state:
            written, removed = _update(Site(out, state, frame, beside, catalogue, wish))
            pages = state.pages()
        refused = tuple(complaints(moved(catalogue, frame.reserved())))
        held = catalogue.count() - pages
        return Build(out, pages, held, written, removed, unreadable, *catalogue.gates(), refused)


class Site(Struct, frozen=True):
    """The parts of one build."""

    out: Path
    state: State
    frame: Frame
    beside: Assets
    catalogue: Catalogue
    wish: Wish

    @property
    def twin(self) -> Path:
        """Where the next site is made."""
        return twin_of(self.out)


def _update(site: Site) -> tuple[int, int]:
    whole = _finish_last(site) and not site.wish.clean
    state = site.state
    if whole and state.get("frame") == site.frame.digest and state.get("stamp") == site.catalogue.stamp:
        return 0, 0
    with state.changing():
        if not whole:
            state.clear()
        _prepare_twin(site, whole=whole)
        counts = _change(site, whole=whole)
        _end(site)
    if counts != (0, 0):
        show(site.out)
    if not whole or not site.twin.exists():
        _make_twin(site)
    return counts


def _finish_last(site: Site) -> bool:
    """Show a site whose build was killed just before that; whether the live folder is what the state says."""
    stated = site.state.stated
    if stated and mark_of(site.out) != stated and mark_of(site.twin) == stated:
        show(site.out)
    return bool(stated) and mark_of(site.out) == stated


def _prepare_twin(site: Site, *, whole: bool) -> None:
    """The twin holds what the live site holds, or nothing; from here on it has no mark."""
    if not whole:
        discard(site.twin)
        Folder(site.twin).close()
        return
    mark, state = mark_of(site.twin), site.state
    if mark and mark == state.get("previous"):
        remove_mark(site.twin)
        _catch_up(site)
    elif mark and mark == state.stated:
        remove_mark(site.twin)
    else:
        discard(site.twin)
        _link_all(site)
    state.forget_lag()


def _catch_up(site: Site) -> None:
    paths = site.state.lag()
    kept = site.state.digests(paths)
    with Folder(site.out) as live, Folder(site.twin) as twin:
        for path in paths:
            if path not in kept:
                twin.remove(path)
        for path in kept:
            if not twin.take(path, live):
                raise DamagedError(f"{site.out / path}: is missing")


def _link_all(site: Site) -> None:
    with Folder(site.out) as live, Folder(site.twin) as twin:
        for path in site.state.paths():
            if not twin.take(path, live):
                raise DamagedError(f"{site.out / path}: is missing")


def _make_twin(site: Site) -> None:
    """After a build from nothing, so that the first edit need not wait. Nothing is lost where this is killed."""
    discard(site.twin)
    _link_all(site)
    with site.state.changing():
        site.state.forget_lag()
        site.state.keep(previous=site.state.stated)
    set_mark(site.twin, site.state.stated)


def _end(site: Site) -> None:
    """Everything is on the disk and named before it can be seen."""
    state = site.state
    mark = f"{state.mark:064x}"
    lag = state.lag()
    settle(site.twin, lag, len(lag))
    set_mark(site.twin, mark)
    previous = state.stated if mark_of(site.out) == state.stated else ""
    state.keep(live=mark, previous=previous, frame=site.frame.digest, stamp=site.catalogue.stamp)


def _change(site: Site, *, whole: bool) -> tuple[int, int]:
    renderer = renderer_of(site.frame.site, site.frame.overrides, site.frame.digest)
    with Folder(site.twin) as twin:
        maker = Maker(site, twin, renderer)
        known = whole and site.state.get("frame") == site.frame.digest and site.catalogue.knows(site.state.get("stamp"))
        if known:
            maker.some()
        else:
            maker.all()
    return maker.written, maker.removed


class Maker:
    """Makes pages and lists and counts what became other. The only place where the state learns of files."""

    def __init__(self, site: Site, twin: Folder, renderer: Renderer) -> None:
        self.site, self.twin, self.renderer = site, twin, renderer
        self.state, self.frame, self.catalogue = site.state, site.frame, site.catalogue
        self.reserved = site.frame.reserved()
        self.fills = site.frame.library.config.build.related == "filled"
        self.written = self.removed = 0
        self.shelves: set[str] = set()
        self.decks: set[str] = set()
        self.faces: set[str] = set()

    def all(self) -> None:
        """Every page and every list; what is not made again goes."""
        self._relate()
        self._pages(owned(self.catalogue, self.reserved), self.catalogue.count())
        self._sweep("")
        self.state.drop_homeless_rows()
        self._lists(self.frame.shelves)
        self._part(FIXED, lists.fixed(self.frame, self.renderer, self.site.beside))
        self._part(MOVED, lists.moved(moved(self.catalogue, self.reserved), self.frame))
        self._search(anew=True)
        self._study(self.frame.decks)
        for part in self.state.parts():
            self._sweep(part)

    def some(self) -> None:
        """Pages of changed articles or links, then pages that link to one whose face changed, then lists of it."""
        places = self._touched() | {place_of(url) for url in self._relate()}
        self._places(places)
        self._places(self._linking() - places)
        if self.shelves:
            self._lists(self.shelves)
        self._part(MOVED, lists.moved(moved(self.catalogue, self.reserved), self.frame))
        self._search(anew=False)
        self._study((self.decks | self.shelves) & self.frame.decks)

    def _touched(self) -> set[str]:
        since = self.state.get("stamp")
        urls = chain(
            (card.url for card in self.catalogue.changed(since)), (old.url for old in self.catalogue.former(since))
        )
        return {place_of(url) for url in urls if is_address(url)}

    def _linking(self) -> set[str]:
        urls = dict.fromkeys(url for place in sorted(self.faces) for url in urls_of(place))
        stored = (link.source for url in urls for link in self.catalogue.links_to(url))
        found = (source for url in urls for source in self.state.neighbours.leading_to(url))
        return {place_of(source) for source in chain(stored, found) if is_address(source)}

    def _relate(self) -> list[str]:
        """Work out what pages lead to, where the settings ask for it; the addresses of those for which it is new."""
        found = filled(self.frame.library, self.catalogue, self.site.wish.indexing) if self.fills else ()
        return [url for url in self.state.neighbours.replace(found) if is_address(url)]

    def _places(self, places: Iterable[str]) -> None:
        wanted = sorted(places)
        found = owners(self.catalogue, wanted, self.reserved)
        for place in wanted:
            if place not in found:
                self._no_page(place)
        self._pages((found[place] for place in wanted if place in found), len(found))

    def _no_page(self, place: str) -> None:
        old = self.state.row(place)
        if old is None:
            return
        self._face(place, old.slug if old.listed else "")
        self.state.drop_row(place)
        self.state.search.drop_all([place])
        self.decks |= self.state.cards.put_all([(place, old.slug, None)])
        self._remove(place)
        self._remove(twin_of_page(place))

    def _pages(self, cards: Iterable[Card], count: int) -> None:
        done = 0
        for pages in _executor(self.site.wish).map(make_pages, self._shards(cards)):
            self._learn(pages)
            done += len(pages)
            self.site.wish.progress(done, count)

    def _shards(self, cards: Iterable[Card]) -> Iterator[Shard]:
        for batch in batches(cards, SHARD):
            places = {card.file: place_of(card.url) for card in batch}
            linked = self.state.neighbours.of(card.url for card in batch) if self.fills else {}
            known = self.state.digests(name for place in places.values() for name in (place, twin_of_page(place)))
            jobs = [Job(card, _of_page(places[card.file], known), self._links(card, linked)) for card in batch]
            yield Shard(self.frame, self.catalogue.path, self.catalogue.stamp, self.site.twin, jobs)

    def _links(self, card: Card, linked: dict[str, Links]) -> Links | None:
        return linked.get(card.url, ()) if self.fills and card.listed else None

    def _learn(self, pages: list[Page]) -> None:
        files = [file for page in pages for file in page.files]
        known = self.state.digests(file.path for file in files)
        self.state.put_all((file.path, file.digest, known.get(file.path)) for file in files)
        self.written += sum(file.new for file in files)
        before = self.state.rows(page.row.place for page in pages)
        changed = [page.row for page in pages if before.get(page.row.place) != page.row]
        self.state.put_rows(changed)
        self.state.search.drop_all(page.row.place for page in pages if page.entry is None)
        self.state.search.put_all((page.row.place, page.entry) for page in pages if page.entry is not None)
        self.decks |= self.state.cards.put_all((page.row.place, page.row.slug, page.card) for page in pages)
        for row in changed:
            both = (before.get(row.place), row)
            self._face(row.place, *(one.slug for one in both if one is not None and one.listed))

    def _face(self, place: str, *slugs: str) -> None:
        self.faces.add(place)
        self.shelves.update(slug for slug in slugs if slug)

    def _lists(self, slugs: Iterable[str]) -> None:
        for slug in sorted(slugs):
            self._part(f"shelf/{slug}", lists.shelf_pages(slug, self.state, self.frame, self.renderer))
        self._part(FRONT, lists.front(self.state, self.frame, self.renderer))

    def _search(self, *, anew: bool) -> None:
        """The page of results, and those files of the index in which words of changed pages stand."""
        if not self.frame.site.search_url or not (anew or self.state.search.changed()):
            return
        if anew or self.shelves:
            self._part(RESULTS, results(self.state.counts(), self.frame, self.renderer))
        titles = {slug: clean(shelf.title) for slug, shelf in self.frame.shelves.items()}
        anew = anew or self._read(MANIFEST) is None
        for file in update(self.state.search, titles, self._read, anew=anew):
            if file.content is None:
                self._remove(file.path)
            else:
                self._put(INDEX, Output(file.path, file.content))
        if anew:
            self._sweep(INDEX)

    def _study(self, slugs: AbstractSet[str]) -> None:
        """Decks of the subjects that have a list, and the page that names them all."""
        if not slugs:
            return
        counts, cards = self.state.counts(), self.state.cards
        for slug in sorted(slugs):
            made = decks.deck(slug, cards, self.frame, self.renderer) if counts.get(slug) else ()
            self._part(f"deck/{slug}", made)
        held = [slug for slug in self.frame.decks if counts.get(slug)]
        self._part(STUDY, decks.shared(cards.counts(), held, self.frame, self.renderer))

    def _read(self, path: str) -> bytes | None:
        """A file of the twin, if it is there and as the state knows it."""
        try:
            content = (self.twin.root / path).read_bytes()
        except FileNotFoundError:
            return None
        return content if self.state.digests([path]).get(path) == digest_of(content) else None

    def _part(self, part: str, outputs: Iterable[Output]) -> None:
        for output in outputs:
            self._put(part, output)
        self._sweep(part)

    def _put(self, part: str, output: Output) -> None:
        digest = digest_of(output.content)
        old = self.state.digests([output.path]).get(output.path)
        if old != digest:
            self.twin.write(output.path, output.content)
            self.written += 1
        self.state.put(output.path, digest, part, old)

    def _sweep(self, part: str) -> None:
        for path in self.state.stale(part):
            self._remove(path)

    def _remove(self, path: str) -> None:
        if self.state.drop(path):
            self.twin.remove(path)
            self.removed += 1


def _executor(wish: Wish) -> Executor:
    """Workers that read files also make pages: what pages need is imported once."""
    return wish.executor or AsNeeded(preload=[make_pages.__module__])


def _of_page(place: str, known: dict[str, bytes]) -> dict[str, bytes]:
    return {path: known[path] for path in (place, twin_of_page(place)) if path in known}

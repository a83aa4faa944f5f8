"""Related questions: what each article should link to, and the edits that make it so."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from responsa.article import ABSENT, Edit, Url, Value
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.library.lock import lock
from responsa.relate.known import load, save
from responsa.relate.links import Slots, chosen
from responsa.relate.neighbours import Neighbours
from responsa.relate.pages import Page
from responsa.relate.questions import Embed
from responsa.relate.renewal import known_now, questions_now
from responsa.relate.roll import Roll
from responsa.relate.table import Table
from responsa.relate.words import stem, words

Progress = Callable[[int, int], None]
SHARED: Final = 3
LOCK: Final = "related.lock"
FEW: Final = 16
"""Changes of articles up to which what is kept stays as it is: they are worked out again by the next command."""


class Related(Struct, frozen=True):
    """A link that an article should have, and why in a few words."""

    url: Url
    title: str
    subject: str
    why: str


class Relations(Struct, frozen=True):
    """A library's questions with all their neighbours. ``pages`` are all articles, ``table`` holds those published."""

    pages: Roll
    table: Table
    found: Neighbours


def relations(library: Library, catalogue: Catalogue, encoder: str, embed: Embed) -> Relations:
    """The neighbours of every question as the catalogue is now; what was worked out before is kept in ``.responsa``."""
    # Whoever comes second waits and finds the work done.
    with lock(library.folder, LOCK, wait=True):
        known = load(library.folder, encoder)
        if known is not None and known.stamp == catalogue.stamp:
            return Relations(known.roll, Table(known.roll, known.questions), known.found)
        try:
            now = questions_now(known, catalogue, embed)
            new = known_now(known, now, catalogue.stamp)
        except ValueError:
            # What was kept is damaged in a way that its seals do not show.
            known, now = None, questions_now(None, catalogue, embed)
            new = known_now(None, now, catalogue.stamp)
        # To work a few changes out once more takes less than to write all.
        if known is None or now.changes > FEW:
            save(library.folder, encoder, new)
    return Relations(new.roll, now.table, new.found)


def related(page: Page, relations: Relations) -> list[Related]:
    """The links that ``page`` should have, in the order of their slots."""
    links = chosen(page, relations.table, relations.found)
    targets = [relations.table.by_url[url] for url in links.values()]
    return [Related(target.url, target.title, target.subject, why(page, target, relations)) for target in targets]


def relink(relations: Relations, pages: Iterable[Page] | None = None) -> Iterator[Edit]:
    """Edits that give each listed article its five links; nothing for slots that hold the right one already."""
    for page in relations.table.by_url.values() if pages is None else pages:
        if page.listed:
            yield from edits(page, chosen(page, relations.table, relations.found), relations)


def edits(page: Page, links: Slots, relations: Relations) -> Iterator[Edit]:
    """What makes the stored links of ``page`` those of ``links``, slot by slot."""
    stored = dict(page.stored)
    for slot in sorted(stored.keys() | links.keys()):
        url = links.get(slot)
        if url is None:
            yield Edit(page.url, f"related_article{slot}", ABSENT, f"{stored[slot] or 'an empty link'}: not related")
        elif url != stored.get(slot):
            target = relations.table.by_url[url]
            yield from relinked(page.url, slot, target, why(page, target, relations), there=bool(stored.get(slot)))


def relinked(source: Url, slot: int, target: Page, reason: str, *, there: bool) -> Iterator[Edit]:
    """Edits that lead a slot to ``target``. Where a link is ``there``, key by key: its file keeps its style."""
    field = f"related_article{slot}"
    link = _link_to(target)
    if there and "id" in link:
        yield from (Edit(source, f"{field}.{key}", value, reason) for key, value in link.items())
    else:
        yield Edit(source, field, link, reason)


def _link_to(target: Page) -> dict[str, Value]:
    """A related link as records write it."""
    number: dict[str, Value] = {} if target.id is None else {"id": target.id}
    return {**number, "title": target.title, "subject": target.subject, "url": str(target.url)}


def why(page: Page, target: Page, relations: Relations) -> str:
    """A few words for a person: what the two share."""
    if target.url in page.pinned:
        return "pinned by an editor"
    table = relations.table
    one, other = table.row_of[page.key], table.row_of[target.key]
    near = table.cosine(one, other)
    both = [word for word in target.asked if word in page.asked] or [
        word for word in (*target.asked, *target.told) if word in page.asked or word in page.told
    ]
    spelled = _spelled(target.title) | _spelled(page.title)
    named = [spelled.get(word, word) for word in both[:SHARED]]
    meaning = f"meaning {near:.2f}"
    shelf = "" if page.slug != target.slug else "same subject, "
    return f"both on {', '.join(named)}; {shelf}{meaning}" if named else f"{shelf}{meaning}"


@lru_cache(maxsize=1 << 16)
def _spelled(title: str) -> dict[str, str]:
    return {stem(word): word for word in reversed(words(title))}

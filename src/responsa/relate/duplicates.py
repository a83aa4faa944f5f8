"""One question asked several times: clusters, each around the article that should stay."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.article import Article, Url
from responsa.library.catalogue import Catalogue
from responsa.relate.asked import asked, same
from responsa.relate.pages import Page
from responsa.relate.related import Relations

NEAR: Final = 0.88
"""Cosine from which two questions are compared by their words; below it, hardly one pair in a thousand is the same."""

ANSWER: Final = "the same answer"


class Copy(Struct, frozen=True):
    """An article that asks what another asks, and how that was seen."""

    page: Page
    why: str


class Cluster(Struct, frozen=True):
    """``canonical`` should stay, for ``reason``; every copy was compared with it, none only with another copy."""

    canonical: Page
    reason: str
    copies: tuple[Copy, ...]


class _Merit(Struct, frozen=True, order=True):
    """Why one article stays before another: the first field that differs decides, lower is better."""

    held: bool
    successor: bool
    reviewed: bool
    sourced: bool
    score: float
    inbound: int
    length: int
    date: str
    url: str


_REASONS: Final = {
    "held": "the others are not published",
    "successor": "holds the address of another already",
    "reviewed": "reviewed",
    "sourced": "has sources",
    "score": "better score",
    "inbound": "more articles link to it",
    "length": "longer answer",
    "date": "older",
    "url": "first by address",
}


def duplicates(relations: Relations, catalogue: Catalogue) -> list[Cluster]:
    """All clusters, by the address of the canonical article. Each article is in one at most."""
    groups = _groups(relations)
    partners = _partners(relations, groups)
    wanted = [key for key in groups if len(groups[key]) > 1 or partners.get(key)]
    merits = _merits(catalogue, [page for key in wanted for page in groups[key]])
    best = {key: min(groups[key], key=lambda page: merits[page.path]) for key in wanted}
    taken: set[str] = set()
    found: list[Cluster] = []
    for key in sorted(wanted, key=lambda key: merits[best[key].path]):
        if key in taken:
            continue
        near = {
            other: why
            for other, why in sorted(partners.get(key, {}).items())
            if other not in taken and (why != ANSWER or best[key].digest in {page.digest for page in groups[other]})
        }
        taken |= {key, *near}
        copies = [Copy(page, _copied(page, best[key])) for page in groups[key] if page.path != best[key].path]
        copies += [Copy(page, why) for other, why in near.items() for page in groups[other]]
        if copies:
            found.append(Cluster(best[key], _reason(best[key], copies, merits), tuple(copies)))
    return sorted(found, key=lambda cluster: cluster.canonical.url)


def clustered(catalogue: Catalogue, pages: Sequence[Page], copied: Callable[[Page, Page], Copy]) -> Cluster:
    """Two or more articles that are known to be one, around the one that should stay."""
    merits = _merits(catalogue, pages)
    canonical = min(pages, key=lambda page: merits[page.path])
    copies = [copied(page, canonical) for page in pages if page.path != canonical.path]
    return Cluster(canonical, _reason(canonical, copies, merits), tuple(copies))


def _groups(relations: Relations) -> dict[str, list[Page]]:
    """Articles by their question; those that are held back too, unless another has their address."""
    held = (page for page in relations.pages if page.held and page.url not in relations.table.by_url)
    groups: dict[str, list[Page]] = {}
    for page in [*relations.table.by_url.values(), *{page.url: page for page in held}.values()]:
        groups.setdefault(page.key, []).append(page)
    return groups


def _partners(relations: Relations, groups: dict[str, list[Page]]) -> dict[str, dict[str, str]]:
    """Other questions that ask the same, by question, with why."""
    found: dict[str, dict[str, str]] = {}
    answers: dict[str, str] = {}
    for key, pages in groups.items():
        for page in pages:
            first = answers.setdefault(page.digest, key) if page.digest and not page.held else key
            if first != key:
                _pair(found, first, key, ANSWER)
    for one, other, cosine in _near(relations):
        _pair(found, one, other, f"the same question in other words ({cosine:.2f})")
    return found


def _pair(found: dict[str, dict[str, str]], one: str, other: str, why: str) -> None:
    found.setdefault(one, {}).setdefault(other, why)
    found.setdefault(other, {}).setdefault(one, why)


def _near(relations: Relations) -> Iterator[tuple[str, str, float]]:
    """Pairs of questions near enough whose words agree."""
    table, pools = relations.table, relations.found.pools
    for row, pool in enumerate(pools.rows):
        others = pool[pool > row]
        near = table.vectors[others] @ table.vectors[row]
        for other, cosine in zip(others[near >= NEAR].tolist(), near[near >= NEAR].tolist(), strict=True):
            if same(asked(table.faces[row].title), asked(table.faces[other].title)):
                yield table.faces[row].key, table.faces[other].key, cosine


def _copied(page: Page, canonical: Page) -> str:
    where = "" if page.slug == canonical.slug else ", in another subject"
    return f"the same question{' and answer' if page.digest == canonical.digest else ''}{where}"


def _merits(catalogue: Catalogue, pages: Iterable[Page]) -> dict[str, _Merit]:
    listed = list(pages)
    urls = {page.url for page in listed}
    entries = catalogue.entries(PurePosixPath(page.path) for page in listed)
    return {
        page.path: _merit(page, entry if isinstance(entry, Article) else None, urls, len(catalogue.links_to(page.url)))
        for page, entry in zip(listed, entries, strict=True)
    }


def _merit(page: Page, article: Article | None, urls: set[Url], inbound: int) -> _Merit:
    if article is None:
        return _Merit(True, True, True, True, 0.0, 0, 0, "", page.url)
    return _Merit(
        page.held,
        not urls & set(article.aliases),
        article.reviewed is None or article.reviewed.of != page.digest,
        not article.sources,
        -(article.score or 0.0),
        -inbound,
        -len(article.answer),
        page.date or "9999",
        page.url,
    )


def _reason(canonical: Page, copies: list[Copy], merits: dict[str, _Merit]) -> str:
    """The field by which it stands before the best of the others."""
    mine, next_best = merits[canonical.path], min(merits[copy.page.path] for copy in copies)
    return next(why for name, why in _REASONS.items() if getattr(mine, name) != getattr(next_best, name))

"""A cluster becomes one article: the edits of the one that stays, of the articles that link to it, and the removals."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from responsa.article import ABSENT, Article, Edit, Url
from responsa.errors import UnreadableError
from responsa.library.card import question_key
from responsa.library.catalogue import Catalogue
from responsa.relate.duplicates import Cluster
from responsa.relate.pages import Page
from responsa.relate.related import relinked


class Merge(Struct, frozen=True):
    """What merges one cluster. ``gone`` may be removed once ``edits`` are written, and not before."""

    cluster: Cluster
    edits: tuple[Edit, ...]
    gone: tuple[PurePosixPath, ...]


def merges(clusters: Sequence[Cluster], catalogue: Catalogue) -> Iterator[Merge]:
    """One merge a cluster whose canonical article is published, in their order."""
    chosen = [cluster for cluster in clusters if not cluster.canonical.held]
    gone = {copy.page.url for cluster in chosen for copy in cluster.copies}
    moved = {copy.page.url: cluster.canonical for cluster in chosen for copy in cluster.copies}
    for cluster in chosen:
        yield _merge(cluster, catalogue, gone, moved)


def _merge(cluster: Cluster, catalogue: Catalogue, gone: set[Url], moved: dict[Url, Page]) -> Merge:
    paths = [PurePosixPath(page.path) for page in (cluster.canonical, *(copy.page for copy in cluster.copies))]
    articles = [_article(entry) for entry in catalogue.entries(paths)]
    edits = [*_kept(cluster, articles[0], articles[1:]), *_relinked(cluster, catalogue, gone, moved)]
    return Merge(cluster, tuple(edits), tuple(paths[1:]))


def _article(entry: Article | UnreadableError) -> Article:
    if isinstance(entry, UnreadableError):
        raise entry
    return entry


def _kept(cluster: Cluster, canonical: Article, others: Sequence[Article]) -> Iterator[Edit]:
    """What the article that stays takes over: the addresses and the wordings of the others."""
    reason = f"merged with {len(others)} article{'' if len(others) == 1 else 's'} that ask{'s' * (len(others) == 1)} it"
    addresses = [*canonical.aliases, *(url for other in others for url in (other.url, *other.aliases))]
    aliases = [url for url in dict.fromkeys(addresses) if url != canonical.url]
    if aliases != list(canonical.aliases):
        yield Edit(cluster.canonical.url, "aliases", [*map(str, aliases)], reason)
    wordings = {question_key(wording): wording for wording in reversed(canonical.also_asked)}
    for other in others:
        for wording in (other.question, *other.also_asked):
            wordings.setdefault(question_key(wording), wording)
    wordings.pop(question_key(canonical.question), None)
    also = [*canonical.also_asked, *(word for word in wordings.values() if word not in canonical.also_asked)]
    if also != list(canonical.also_asked):
        yield Edit(cluster.canonical.url, "also_asked", [*also], reason)


def _relinked(cluster: Cluster, catalogue: Catalogue, gone: set[Url], moved: dict[Url, Page]) -> Iterator[Edit]:
    """Links of articles that stay: from the copies to the canonical, each article once."""
    target = cluster.canonical
    copies = {copy.page.url for copy in cluster.copies}
    sources = {link.source for url in copies for link in catalogue.links_to(url)} - gone
    for source in sorted(sources):
        there = source == target.url
        for link in catalogue.links_from(source):
            lands = moved[link.target].url if link.target in moved else link.target
            if lands != target.url:
                continue
            field = f"related_article{link.slot}"
            if there:
                yield Edit(source, field, ABSENT, f"{link.target} would lead to {target.url} once more")
            elif link.target in copies:
                reason = f"{link.target} is merged with {target.url}"
                yield from relinked(source, link.slot, target, reason, there=True)
            there = True

"""What ``responsa related``, ``duplicates`` and ``fix`` do once the parts that they need are there."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import msgspec
import typer

from responsa.article import Url
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import UsageError
from responsa.index.encoder import Encoder
from responsa.index.encoders import encoder_of
from responsa.index.index import Index, open_index
from responsa.library.catalogue import Catalogue, refresh
from responsa.library.library import Library
from responsa.relate.duplicates import Cluster
from responsa.relate.heard import Heard
from responsa.relate.now import embed_of
from responsa.relate.pages import Page
from responsa.relate.related import Related, Relations, related, relations
from responsa.relate.roll import NOWHERE


class Opened:
    """A library with its questions' neighbours, as its files are now. The index is opened where it is asked for."""

    def __init__(self, library: Library, catalogue: Catalogue, encoder: Encoder, *, shown: bool) -> None:
        self.library, self.catalogue, self._encoder, self._shown = library, catalogue, encoder, shown

    @cached_property
    def index(self) -> Index:
        """Brought up to date, with a bar on standard error."""
        with Meter("Indexing", shown=self._shown) as meter:
            return open_index(self.library, self.catalogue, self._encoder, progress=meter.advance)

    @cached_property
    def relations(self) -> Relations:
        """Which questions belong together."""
        embed = embed_of(self._encoder, lambda: self.index)
        return relations(self.library, self.catalogue, self._encoder.name, embed)


@contextmanager
def opened(library: Library, *, shown: bool) -> Iterator[Opened]:
    """Everything brought up to date."""
    with refresh(library) as catalogue:
        held = Opened(library, catalogue, encoder_of(library), shown=shown)
        _ = held.relations
        yield held


def pages_of(held: Opened, url: str, subject: str) -> list[Page]:
    """The article at an address, or all listed ones, or those of a subject."""
    table = held.relations.table
    if url:
        place = table.roll.place(url)
        page = table.roll[place] if place != NOWHERE and table.roll.published[place] else table.by_url.get(Url(url))
        if page is None:
            raise UsageError(f"{url}: no published article has this address or path")
        return [page]
    slug = held.library.subject_of(subject).slug if subject else ""
    return [page for page in table.by_url.values() if page.listed and slug in {"", page.slug}]


def show_related(held: Opened, pages: Sequence[Page], *, as_json: bool) -> None:
    """A line of JSON an article, or its question with its links below."""
    for page in pages:
        links = related(page, held.relations)
        if as_json:
            typer.echo(json.dumps({"url": page.url, "related": [msgspec.to_builtins(one) for one in links]}))
        else:
            typer.echo(plain(f"{page.title}  {page.url}"))
            for one in links:
                typer.echo(plain(_line(one, page)))


def _line(one: Related, page: Page) -> str:
    shelf = "" if one.subject == page.subject else f" [{one.subject}]"
    return f"  {one.title}{shelf}\n    {one.url}  ({one.why})".replace("\n", "  ")


def show_duplicates(clusters: Sequence[Cluster], *, as_json: bool) -> None:
    """A line of JSON a cluster, or the article that stays with the others below, and how many there are."""
    for cluster in clusters:
        if as_json:
            typer.echo(json.dumps(_as_dict(cluster)))
            continue
        typer.echo(plain(f"{cluster.canonical.title}  {cluster.canonical.url}  stays: {cluster.reason}"))
        for copy in cluster.copies:
            typer.echo(plain(f"  {copy.page.url}  {copy.why}"))
    if not as_json:
        copies = sum(len(cluster.copies) for cluster in clusters)
        typer.echo(f"{len(clusters):,} questions asked more than once, {copies:,} articles too many")
        if clusters:
            typer.echo("`responsa fix --rule duplicates` shows how they would be merged.")


def _as_dict(cluster: Cluster) -> dict[str, Any]:
    return {
        "canonical": cluster.canonical.url,
        "title": cluster.canonical.title,
        "reason": cluster.reason,
        "copies": [{"url": copy.page.url, "title": copy.page.title, "why": copy.why} for copy in cluster.copies],
    }


def show_heard(found: Heard, question: str, *, as_json: bool) -> None:
    """Yes with the article, or no with the nearest questions."""
    if as_json:
        article = None if found.article is None else {"url": found.article.url, "title": found.article.title}
        near = [{"url": page.url, "title": page.title, "similarity": cosine} for page, cosine in found.near]
        asked_already = found.article is not None
        typer.echo(
            json.dumps(
                {"question": question, "asked": asked_already, "article": article, "why": found.why, "near": near}
            )
        )
    elif found.article is not None:
        typer.echo(plain(f"Asked already ({found.why}): {found.article.title}  {found.article.url}"))
    else:
        typer.echo("Not asked yet." + (" The nearest questions:" if found.near else ""))
        for page, cosine in found.near:
            typer.echo(plain(f"  {page.title}  {page.url}  ({cosine:.2f})"))

"""``responsa init``: settings for a folder, written by looking at it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from responsa.errors import UsageError
from responsa.exchange.cms.decap import REPOSITORY
from responsa.exchange.cms.systems import SYSTEMS, write
from responsa.library.catalogue import Shelf, refresh
from responsa.library.config import NAME
from responsa.library.guess import content_root, guess_kind
from responsa.library.library import Library, read
from responsa.library.settings import parse
from responsa.records.layout import PRESETS

_TEXT = """\
# Settings of this library. Every key may be left out; docs/configuration.md explains them.

[site]
name = {name}
base_url = ""             # such as "https://example.org": needed for sitemaps, feed and canonical links
language = "en"
description = ""

[layout]
kind = "{kind}"             # how the files are shaped: {kinds}
content = {content}       # the folder of the articles

[policy]
structured_data = "article"   # qapage only where readers can post answers; medicalwebpage, none
refusals = "hold"             # an answer that declines to answer is not published
review_years = 3
# require_review = ["Medicine"]     # subjects that are published only with a person's stamp
# require_sources = ["Medicine"]    # subjects that are published only with references

[build]
page_size = 50
redirects = ["netlify"]   # and "nginx", "s3"
"""


def init(
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    kind: Annotated[str, typer.Option(help=f"How the files are shaped: {', '.join(PRESETS)}.")] = "",
    cms: Annotated[
        str, typer.Option(help="Also the settings of a system to edit in: cloudcannon, decap or sveltia.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Write responsa.toml for a folder of articles."""
    if kind and kind not in PRESETS:
        raise UsageError(f"--kind {kind}: no such kind; known are {', '.join(PRESETS)}")
    if cms and cms not in SYSTEMS:
        raise UsageError(f"--cms {cms}: no such system; known are {', '.join(SYSTEMS)}")
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; a library is a folder of Markdown files")
    target = folder / NAME
    # Whoever wants the settings of a CMS keeps those of Responsa.
    if not (cms and target.exists()):
        if target.exists() and not force:
            raise UsageError(f"{target}: is there already; --force replaces it")
        text = settings(folder.absolute(), kind)
        target.write_text(text, encoding="utf-8")
        typer.echo(f"{target}: written; `responsa check {folder}` says what is wrong in the library")
    if cms:
        _write_cms(folder, cms, force=force)


def _write_cms(folder: Path, cms: str, *, force: bool) -> None:
    targets, found = write(read(folder), cms, force=force)
    for target in targets:
        hint = f"; put your repository's name in place of {REPOSITORY}" if target.name == "config.yml" else ""
        typer.echo(f"{target}: written{hint}")
    typer.echo(f"{len(found.keys):,} keys of {found.count:,} records are named; saving in {cms} deletes none of them")
    if found.unreadable:
        typer.echo(
            f"{found.unreadable:,} files could not be read, and their keys are not known; `responsa check` says why"
        )


def settings(folder: Path, kind: str = "") -> str:
    """The text of ``responsa.toml`` for the folder as it is."""
    content = content_root(folder, PRESETS[kind] if kind else None)
    kind = kind or guess_kind(folder, content)
    text = _TEXT.format(
        name=_quoted(folder.name.replace("-", " ").replace("_", " ").strip().capitalize() or "Questions and answers"),
        kind=kind,
        kinds=", ".join(PRESETS),
        content=_quoted(content),
    )
    with refresh(Library(folder, parse(text, folder))) as catalogue:
        return text + "".join(_subject(shelf) for shelf in catalogue.subjects())


def _subject(shelf: Shelf) -> str:
    lines = [f"\n[[subjects]]  # articles: {shelf.articles}", f"title = {_quoted(shelf.info.title)}"]
    lines.append(f"slug = {_quoted(shelf.info.slug)}")
    if others := [spelling for spelling in shelf.spellings if spelling != shelf.info.title]:
        lines.append(f"spellings = [{', '.join(map(_quoted, others))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are among its own, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

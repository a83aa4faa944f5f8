"""``responsa import``: articles from other places become files of a library."""

from pathlib import Path
from typing import Annotated

import typer

from responsa.cli import importing
from responsa.cli.importing import Job
from responsa.exchange.imports.rows import CONVERTERS, Columns, mapping
from responsa.library.library import read


def import_(  # noqa: PLR0917 - a command's options
    library: Annotated[Path, typer.Argument(help="The folder of the library.")],
    sources: Annotated[list[Path], typer.Argument(metavar="FROM...", help="Files, folders, or archives of them.")],
    kind: Annotated[str, typer.Option(help="What they are, where it cannot be told by their looks.")] = "",
    mapped: Annotated[
        list[str] | None, typer.Option("--map", help="Which column holds a field: question=Title. May be given again.")
    ] = None,
    text: Annotated[str, typer.Option(help=f"How a table's answers are written: {', '.join(CONVERTERS)}.")] = "auto",
    site: Annotated[str, typer.Option(help="The host of a Stack Exchange site, for its links.")] = "",
    subject: Annotated[str, typer.Option(help="The subject of what states none.")] = "",
    subject_of: Annotated[
        list[str] | None, typer.Option(help="Another name for a subject or tag: baking=Cooking. May be given again.")
    ] = None,
    author: Annotated[str, typer.Option(help="The author of what states none.")] = "",
    language: Annotated[str, typer.Option(help="The language of what states none, such as en.")] = "",
    provenance: Annotated[str, typer.Option(help="Who wrote the texts: human, machine or machine-reviewed.")] = "",
    drafts: Annotated[bool, typer.Option("--drafts", help="Take drafts as well; they are kept out of lists.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 where something was not taken.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for everything that was not taken.")] = False,
) -> None:
    """Take articles from tables, folders, dumps and sites. Interrupted, it goes on where it was when run again."""
    wishes = importing.wishes(subject, subject_of or (), author, language, provenance, drafts=drafts)
    columns = importing.columns(Columns(mapping(mapped or ()), text))
    jobs = [Job(source, kind, columns, site) for source in sources]
    importing.examined(jobs)
    held = importing.homed(read(library))
    tally = importing.Tally(as_json=as_json, write=not dry_run)
    for job in jobs:
        importing.take(held, job, wishes, tally)
    tally.show()
    if strict and tally.untaken:
        raise typer.Exit(importing.UNTAKEN)

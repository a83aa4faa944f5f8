"""``responsa duplicates``: questions that were asked more than once, or whether a new one was."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from responsa.cli.related_alone import alone
from responsa.cli.unread import UNREADABLE, told
from responsa.index.extra import required
from responsa.library.library import read

NEW: Final = 1
"""The exit code of ``--ask`` for a question that nobody asked yet."""


def duplicates(
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    ask: Annotated[str, typer.Option(help="A new question: ends with 0 if it was asked already, else with 1.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON a cluster, or one for --ask.")] = False,
) -> None:
    """Show articles that ask one question, and which of them should stay."""
    required()
    alone()
    from responsa.cli import relating  # noqa: PLC0415 - parts of an extra, loaded where they are wanted
    from responsa.relate.duplicates import duplicates as clusters_of  # noqa: PLC0415
    from responsa.relate.heard import heard  # noqa: PLC0415

    with relating.opened(read(folder), shown=sys.stderr.isatty()) as held:
        unread = told(held.catalogue)
        if not ask.strip():
            relating.show_duplicates(clusters_of(held.relations, held.catalogue), as_json=as_json)
            if unread:
                raise typer.Exit(UNREADABLE)
            return
        found = heard(held.relations.table, held.index, held.catalogue, ask.strip())
    relating.show_heard(found, ask.strip(), as_json=as_json)
    if found.article is None:
        raise typer.Exit(NEW)

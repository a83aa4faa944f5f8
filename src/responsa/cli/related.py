"""``responsa related``: the five questions that a reader of an article wants next."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from responsa.cli.related_alone import alone
from responsa.cli.unread import UNREADABLE, told
from responsa.index.extra import required
from responsa.library.library import read


def related(
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    url: Annotated[str, typer.Argument(help="Only the article with this address or path.")] = "",
    subject: Annotated[str, typer.Option(help="Only articles of this subject.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON an article.")] = False,
) -> None:
    """Show which five questions each article should lead to, and why. `responsa fix --rule related` writes them."""
    required()
    alone()
    from responsa.cli import relating  # noqa: PLC0415 - parts of an extra, loaded where they are wanted

    with relating.opened(read(folder), shown=sys.stderr.isatty()) as held:
        unread = told(held.catalogue)
        relating.show_related(held, relating.pages_of(held, url, subject), as_json=as_json)
    if unread:
        raise typer.Exit(UNREADABLE)

"""``responsa export``: a library as other tools want it."""

from pathlib import Path
from typing import Annotated

import typer

from responsa.cli import exporting
from responsa.exchange.exports.formats import FORMATS, format_of
from responsa.library.library import read


def export(  # noqa: PLR0917 - a command's options
    library: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    to: Annotated[Path | None, typer.Option(help="The file or folder to write.")] = None,
    format_: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "",
    subject: Annotated[str, typer.Option(help="Only articles of this subject.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what is held back or kept out of lists.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what an earlier export wrote there.")] = False,
) -> None:
    """Write a library as JSON lines, Parquet, SQLite, BEIR, Anki, llms-full.txt or EPUB: the same bytes each time."""
    target = exporting.target_of(to)
    exporting.carry_out(read(library), format_of(target, format_), target, subject, everything=everything, force=force)

"""What ``responsa export`` writes, and what it says of it."""

import sys
from pathlib import Path

import typer

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import UsageError
from responsa.exchange.exports.formats import export
from responsa.exchange.exports.selection import Selection, subject_slug
from responsa.library.catalogue import refresh
from responsa.library.library import Library


def target_of(to: Path | None) -> Path:
    """Where to write. Raises ``UsageError`` where nothing says it."""
    if to is None:
        raise UsageError("--to is missing: the file or folder to write, such as library.jsonl")
    return to.absolute()


def carry_out(library: Library, name: str, target: Path, subject: str, *, everything: bool, force: bool) -> None:
    """Write the export and say what it holds and what it does not."""
    with Meter("Writing", shown=sys.stderr.isatty()), refresh(library) as catalogue:
        selection = Selection(library, catalogue, subject_slug(catalogue, library, subject), everything)
        count = export(selection, name, target, force=force)
        left_out = selection.left_out()
    typer.echo(plain(f"{target}: {count:,} articles written as {name}"))
    for why, number in sorted(left_out.items()):
        hint = "`responsa check` says why" if why == "unreadable" else "--all takes them"
        typer.echo(f"left out: {number:,}, {why}; {hint}")

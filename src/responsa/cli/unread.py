"""Files that a command could not read, told on standard error."""

from itertools import islice
from typing import Final

import typer

from responsa.cli.plain import plain
from responsa.library.catalogue import Catalogue

UNREADABLE: Final = 3
"""What a command ends with that could not read every file."""
FEW: Final = 3


def told(catalogue: Catalogue) -> bool:
    """Whether any file cannot be read; the first of them with why, and how many they are."""
    bad = list(islice(catalogue.unreadable(), FEW))
    if not bad:
        return False
    for one in bad:
        typer.echo(f"error: {plain(f'{one.path}:{one.line}: {one.problem}')}", err=True)
    count = sum(1 for _ in catalogue.unreadable())
    files = "1 file" if count == 1 else f"{count:,} files"
    typer.echo(f"{files} could not be read and took no part; `responsa check` names every one", err=True)
    return True

"""``responsa mcp``: the library as tools for an agent, over standard input and output."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from responsa.errors import MissingExtraError
from responsa.index.extra import required
from responsa.library.library import read


def mcp(library: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path()) -> None:
    """Serve a library to an agent by the Model Context Protocol, over standard input and output.

    `responsa serve --mcp` serves the same tools over HTTP.
    """
    required()
    if find_spec("mcp") is None:
        raise MissingExtraError("mcp, which tools for agents need,", "mcp")
    from responsa.cli import serving  # noqa: PLC0415 - parts of an extra, loaded where they are wanted

    serving.stdio(read(library).folder)

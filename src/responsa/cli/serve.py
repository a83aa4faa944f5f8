"""``responsa serve``: a library that answers while it is edited."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final

import typer

from responsa.cli.plain import plain
from responsa.errors import MissingExtraError, UsageError
from responsa.index.extra import required
from responsa.library.library import read
from responsa.shards import cores

PARTS: Final = ("starlette", "uvicorn", "httptools", "uvloop")
MOST_WORKERS: Final = 4
"""Unless more are asked for: each takes memory of its own."""
RATE: Final = 20.0
"""Costly requests a second of one client of a public server."""


def serve(  # noqa: PLR0917 - a command's options
    library: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    host: Annotated[str, typer.Option(help="The address to listen on; only this machine where not given.")] = "",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 8000,
    desk: Annotated[bool, typer.Option("--desk", help="Also the desk, on which editors write.")] = False,
    public: Annotated[bool, typer.Option("--public", help="For others than this machine: with limits.")] = False,
    mcp: Annotated[bool, typer.Option("--mcp", help="Also tools for agents (MCP), at /mcp.")] = False,
    name: Annotated[list[str] | None, typer.Option(help="A host name to answer to; may be given again.")] = None,
    rate: Annotated[float | None, typer.Option(help="Searches a second of one client; 0: as many as it likes.")] = None,
    out: Annotated[Path | None, typer.Option(help="The site's folder; among derived files if not given.")] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Encode all answers first (minutes for a large library), and keep that.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes that search, one a processor if not given; 1: none.", min=1)
    ] = None,
    access_log: Annotated[bool, typer.Option("--access-log", help="A line of JSON a request.")] = False,
) -> None:
    """Serve a library: its site, search and ask pages, an API, and with --desk a place to edit it.

    Files that change are taken up while readers read. Only this machine is answered unless --public is given.
    """
    _required(mcp=mcp, desk=desk)
    from responsa.cli import serving  # noqa: PLC0415 - parts of an extra, loaded where they are wanted
    from responsa.serve.settings import Settings  # noqa: PLC0415

    allowed = RATE if public else 0.0
    settings = Settings(
        host=_host(host, public=public), port=port, public=public, desk=desk, names=tuple(name or ()),
        rate=allowed if rate is None else max(0.0, rate), access_log=access_log,
        workers=workers or min(cores(), MOST_WORKERS),
    )  # fmt: skip
    held = read(library)
    with serving.opened(held.folder, out, deep=deep, shown=sys.stderr.isatty()) as live:
        serving.run(live, settings, os.environ, mcp=mcp)


def _required(*, mcp: bool, desk: bool) -> None:
    required()
    for part in PARTS:
        if find_spec(part) is None:
            raise MissingExtraError(f"{part}, which serving needs,", "serve")
    if desk and find_spec("argon2") is None:
        raise MissingExtraError("argon2-cffi, which the desk needs,", "desk")
    if mcp and find_spec("mcp") is None:
        raise MissingExtraError("mcp, which tools for agents need,", "mcp")


def _host(host: str, *, public: bool) -> str:
    from responsa.serve.settings import is_loopback  # noqa: PLC0415

    if not public and host and not is_loopback(host):
        raise UsageError(f"--host {plain(host)}: others than this machine would reach it; that needs --public")
    return host or ("0.0.0.0" if public else "127.0.0.1")  # noqa: S104 - asked for

"""What ``responsa serve`` does once the parts that it needs are there."""

import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final

import typer
from starlette.routing import BaseRoute

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.serve import server
from responsa.serve.api.api import relations_of
from responsa.serve.app import App
from responsa.serve.live import Live
from responsa.serve.log import Log
from responsa.serve.login.access import Access, access_of
from responsa.serve.settings import Settings
from responsa.serve.shelf import Shelf

SWITCH: Final = 0.0005
PATIENCE: Final = 3.0
"""Seconds that a change has to be taken up once the server ended."""


@contextmanager
def opened(folder: Path, out: Path | None, *, deep: bool, shown: bool) -> Iterator[Live]:
    """The library brought up to date, with bars on standard error, and followed from then on."""
    live, ended = Live(folder, out, deep=deep), False
    try:
        with Meter("pages", shown=shown) as pages, Meter("Indexing", shown=shown) as indexed:
            live.open(pages.advance, indexed.advance)
        live.follow()
        yield live
        ended = True
    finally:
        if not live.close(PATIENCE) and ended:
            # A large change is being built: what is half made is thrown away by the next build.
            sys.stdout.flush()
            os._exit(0)


def run(live: Live, settings: Settings, environment: Mapping[str, str], *, mcp: bool) -> None:
    """Serve until a signal."""
    # A thread that searches gives way to the one that sends pages after half a millisecond instead of five.
    sys.setswitchinterval(SWITCH)
    # What goes wrong is told by the server's own log, a line of JSON an event.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    access = access_of(environment, public=settings.public)
    listening = server.opened(settings)
    try:
        with _desk(live, access, settings) as desk:
            app = App(live, settings, access, log=Log(), desk=desk)
            try:
                _served(app, listening, mcp=mcp)
            finally:
                app.close()
    finally:
        listening.close()


def _served(app: App, listening: socket.socket, *, mcp: bool) -> None:
    around: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext
    if mcp:
        from responsa.serve.mcp.server import over_http  # noqa: PLC0415 - parts of an extra
        from responsa.serve.mcp.tools import Tools  # noqa: PLC0415

        tools = over_http(Tools(app.live, app.shelf, app.api.relations), app.settings)
        app.add_tools(tools)
        around = partial(tools.router.lifespan_context, tools)
    where = f"{plain(server.address(listening))} serves the library; Ctrl-C ends"
    server.run(server.of(app), listening, around=around, started=lambda: typer.echo(where))


@contextmanager
def _desk(live: Live, access: Access, settings: Settings) -> Iterator[Sequence[BaseRoute]]:
    if not settings.desk:
        yield ()
        return
    from responsa.serve.desk.addresses import routes  # noqa: PLC0415 - parts of an extra, loaded where they are wanted
    from responsa.serve.desk.desk import Desk  # noqa: PLC0415

    with Desk(live, access) as desk:
        yield routes(desk)


def stdio(folder: Path) -> None:
    """Tools for one agent, until it goes. Standard output is the protocol's alone."""
    from responsa.serve.mcp.server import server as tools_server  # noqa: PLC0415 - parts of an extra
    from responsa.serve.mcp.tools import Tools  # noqa: PLC0415

    log = Log()
    with opened(folder, None, deep=False, shown=False) as live:
        relations = relations_of(live, lambda why: log("trouble", error=why))
        tools_server(Tools(live, Shelf(), relations)).run("stdio")

"""What ``responsa serve`` does once the parts that it needs are there."""

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final

import typer
from starlette.routing import BaseRoute

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.index.refresh import Progress
from responsa.serve import server
from responsa.serve.api.api import relations_of
from responsa.serve.app import App
from responsa.serve.live import Live
from responsa.serve.log import Log
from responsa.serve.login.access import Access, access_of
from responsa.serve.settings import Settings
from responsa.serve.shelf import Shelf

SWITCH: Final = 0.0005
PROMPT: Final = 3.0
"""Seconds that an index may take before pages are served without search."""
OFTEN: Final = 10.0
"""Seconds between two words on how far the index is."""
PATIENCE: Final = 3.0
"""Seconds that a change has to be taken up once the server ended."""


@contextmanager
def opened(folder: Path, out: Path | None, *, deep: bool, shown: bool) -> Iterator[Live]:
    """The library with its site brought up to date, with a bar on standard error, and followed from then on.

    An index that takes long is made while pages are served; the log says how far it is.
    """
    live, ended, log = Live(folder, out, deep=deep), False, Log()
    try:
        with Meter("pages", shown=shown) as pages:
            live.publish(pages.advance)
        indexed = threading.Event()
        live.when_indexed(indexed.set)
        live.follow(told(lambda done, total: log("indexing", done=done, total=total)))
        if not indexed.wait(PROMPT):
            begun = time.monotonic()
            live.when_indexed(lambda: log("indexed", seconds=round(time.monotonic() - begun + PROMPT)))
        yield live
        ended = True
    finally:
        if not live.close(PATIENCE) and ended:
            # A large change is being built: what is half made is thrown away by the next build.
            sys.stdout.flush()
            os._exit(0)


def told(say: Progress, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Progress, told at most every few seconds and not in the first ones."""
    last = clock()

    def advance(done: int, total: int) -> None:
        nonlocal last
        if clock() - last >= OFTEN:
            last = clock()
            say(done, total)

    return advance


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

    desk = Desk(live, access)
    # What its queue is made of compares questions, for which there must be an index.
    end = live.when_indexed(desk.start)
    try:
        yield routes(desk)
    finally:
        end()
        desk.close()


def stdio(folder: Path) -> None:
    """Tools for one agent, until it goes. Standard output is the protocol's alone."""
    from responsa.serve.mcp.server import server as tools_server  # noqa: PLC0415 - parts of an extra
    from responsa.serve.mcp.tools import Tools  # noqa: PLC0415

    log = Log()
    with opened(folder, None, deep=False, shown=False) as live:
        relations = relations_of(live, lambda why: log("trouble", error=why))
        tools_server(Tools(live, Shelf(), relations)).run("stdio")

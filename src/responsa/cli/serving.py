"""What ``responsa serve`` does once the parts that it needs are there."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typer
from starlette.routing import BaseRoute

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.serve import server
from responsa.serve.app import App
from responsa.serve.live import Live
from responsa.serve.log import Log
from responsa.serve.login.access import Access, access_of
from responsa.serve.settings import Settings


@contextmanager
def opened(folder: Path, out: Path | None, *, deep: bool, shown: bool) -> Iterator[Live]:
    """The library brought up to date, with bars on standard error, and followed from then on."""
    with Live(folder, out, deep=deep) as live:
        with Meter("pages", shown=shown) as pages, Meter("Indexing", shown=shown) as indexed:
            live.open(pages.advance, indexed.advance)
        live.follow()
        yield live


def run(live: Live, settings: Settings, environment: Mapping[str, str]) -> None:
    """Serve until a signal."""
    listening = server.opened(settings)
    access = access_of(environment, public=settings.public)
    app = App(live, settings, access, log=Log(), desk=_desk(live, access, settings))
    try:
        where = server.address(listening)
        server.run(app, listening, started=lambda: typer.echo(f"{plain(where)} serves the library; Ctrl-C ends"))
    finally:
        app.close()
        listening.close()


def _desk(live: Live, access: Access, settings: Settings) -> Iterable[BaseRoute]:
    if not settings.desk:
        return ()
    from responsa.serve.desk import routes  # noqa: PLC0415 - parts of an extra, loaded where they are wanted

    return routes(live, access, settings)

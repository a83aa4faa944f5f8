"""The server itself: one process, one loop, ended by a signal within seconds."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Final

import uvicorn

from responsa.errors import UsageError
from responsa.serve.app import App
from responsa.serve.protocol import bounded
from responsa.serve.settings import Settings

GRACE: Final = 5
"""Seconds that answers have to end once the server is told to."""
KEEP_ALIVE: Final = 20
BACKLOG: Final = 512
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Server(uvicorn.Server):
    """Ends when it is told to, without raising the signal again: whoever called goes on to tidy up."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None], ended: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending, self._ended = ending, ended

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Interrupts and ends asked for, the second of which is meant at once."""
        loop = asyncio.get_running_loop()
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        for number in SIGNALS:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Whoever only listens is let go first, and what answers need after the last of them."""
        self._ending()
        try:
            await super().shutdown(sockets)
        finally:
            self._ended()


def opened(settings: Settings) -> socket.socket:
    """The socket that is listened on. Raises ``UsageError`` where that cannot be."""
    kind = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host.strip("[]"), settings.port), family=kind, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"--host {settings.host} --port {settings.port}: {why}") from error


def address(listening: socket.socket) -> str:
    """Where the server is found."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def of(app: App) -> Server:
    """The server of an app; setting ``should_exit`` ends it."""
    config = uvicorn.Config(
        app, loop="uvloop", http=bounded(app.settings, lambda peer: not app.access.trusts(peer)), ws="none",
        lifespan="off", log_config=None, access_log=False, proxy_headers=False, server_header=False,
        limit_concurrency=app.settings.connections, timeout_keep_alive=KEEP_ALIVE, timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    return Server(config, app.reload.close, app.work.stop)


def run(
    server: Server,
    listening: socket.socket,
    *,
    around: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext,
    started: Callable[[], object] = lambda: None,
) -> None:
    """Serve until a signal; ``around`` is open as long as the server is."""

    async def serve() -> None:
        async with around():
            started()
            await server.serve([listening])

    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(serve())

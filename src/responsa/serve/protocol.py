"""HTTP on the wire, with bounds that uvicorn leaves to a proxy: heads that never end, clients that never read."""

import asyncio
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from responsa.serve.rate import household
from responsa.serve.replies import problem
from responsa.serve.settings import Settings

OF_ONE_CLIENT = 100
"""Connections that one client of a public server may hold."""


class BoundsError(Exception):
    """A head beyond its limit; the parser turns it into a 400 and the connection is closed."""


class Bounded(HttpToolsProtocol):
    """A connection whose requests come and whose answers go in time, or that ends.

    ``settings``, ``direct`` and ``held`` are set by ``bounded``: whether clients come without a proxy, and how many
    connections each has.
    """

    settings: Settings
    direct: Callable[[str], bool]
    held: Counter[str]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Nobody holds all connections that there are."""
        super().connection_made(transport)
        self._coming, self._head = True, 0
        self._late: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        peer = str(self.client[0]) if self.client else ""
        self._household = household(peer) if self.settings.public and type(self).direct(peer) else ""
        if self._household:
            self.held[self._household] += 1
            if self.held[self._household] > OF_ONE_CLIENT:
                transport.abort()
                return
        self._late = self.loop.call_later(self.settings.patience, self._end)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        for timer in (self._late, self._stuck):
            if timer is not None:
                timer.cancel()
        if self._household:
            self.held[self._household] -= 1
            if not self.held[self._household]:
                del self.held[self._household]
            self._household = ""
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A head is there as a whole soon, and not without end."""
        super().data_received(data)
        if self._coming:
            self._head += len(data)
            if self._head > self.settings.head:
                self.send_400_response("")
            elif self._late is None:
                self._late = self.loop.call_later(self.settings.patience, self._end)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._coming, self._head = True, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Part of a head."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Part of a head."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._coming = False
        if self._late is not None:
            self._late.cancel()
            self._late = None
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no request, or has too long a head, in the shape of all errors; the connection ends."""
        long = self._head > self.settings.head
        reply = problem(
            431 if long else 400, f"A request's head may have {self.settings.head:,} bytes." if long else msg
        )
        phrase = HTTPStatus(reply.status).phrase.encode("ascii")
        length = (b"content-length", b"%d" % len(reply.body))
        lines = [b"%s: %s\r\n" % pair for pair in (*reply.headers, length, (b"connection", b"close"))]
        self.transport.write(b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (reply.status, phrase, b"".join(lines), reply.body))
        self.transport.close()

    def pause_writing(self) -> None:
        """The client does not take what it asked for."""
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(self.settings.patience, self._abort)

    def resume_writing(self) -> None:
        """It does again."""
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        super().resume_writing()

    def _count(self, more: int) -> None:
        self._head += more
        if self._head > self.settings.head:
            raise BoundsError

    def _end(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _abort(self) -> None:
        self.transport.abort()


def bounded(settings: Settings, direct: Callable[[str], bool]) -> Any:  # noqa: ANN401 - a class, as uvicorn takes it
    """The protocol of one server."""
    return type("Protocol", (Bounded,), {"settings": settings, "direct": staticmethod(direct), "held": Counter()})

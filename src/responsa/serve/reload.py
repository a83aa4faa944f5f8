"""Live reload: browsers hear of every change over one open answer (server-sent events) and look at their page again."""

import asyncio
from pathlib import Path
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from responsa.serve.live import Live, Now
from responsa.serve.replies import SAFE, Headers, Reply, problem

SCRIPT: Final = b'<script src="/_responsa/reload.js" defer></script>\n'
"""What is added to the head of every page."""
MOST: Final = 100
"""Browsers that listen at a time."""
QUIET: Final = 15.0
"""Seconds after which a word is sent that means nothing, so that a lost browser is noticed."""
_CODE: Final = (Path(__file__).parent / "static" / "reload.js").read_bytes()
_JS: Final[Headers] = ((b"content-type", b"text/javascript; charset=utf-8"), (b"cache-control", b"no-cache"))
_EVENTS: Final[Headers] = ((b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"))


class Reload:
    """An ASGI app below ``/_responsa``."""

    def __init__(self, live: Live) -> None:
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._closed = False
        self._end = live.listen(self._changed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The script, or the stream."""
        if scope["method"] not in {"GET", "HEAD"}:
            await problem(405, "Only read.", (b"allow", b"GET, HEAD"))(scope, receive, send)
        elif scope["path"] == "/_responsa/reload.js":
            await Reply(200, (*SAFE, *_JS), _CODE)(scope, receive, send)
        elif scope["path"] == "/_responsa/changes" and scope["method"] == "GET":
            await self._stream(scope, receive, send)
        else:
            await problem(404, "There is nothing at this address.")(scope, receive, send)

    @property
    def listening(self) -> int:
        """How many browsers listen."""
        return len(self._waiting)

    def close(self) -> None:
        """Let all listeners go."""
        self._closed = True
        self._end()
        self._wake()

    def _changed(self, _: Now) -> None:
        self._wake()

    def _wake(self) -> None:
        """From whatever thread."""
        for event, loop in [*self._waiting.items()]:
            loop.call_soon_threadsafe(event.set)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(self._waiting) >= MOST or self._closed:
            await problem(503, "Too many browsers listen.", (b"retry-after", b"30"))(scope, receive, send)
            return
        event = asyncio.Event()
        self._waiting[event] = asyncio.get_running_loop()
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*SAFE, *_EVENTS]})
            await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
            while not self._closed and not gone.done():
                word = b"data: changed\n\n" if await _set(event, gone) else b": quiet\n\n"
                await send({"type": "http.response.body", "body": word, "more_body": True})
            await send({"type": "http.response.body"})
        finally:
            gone.cancel()
            del self._waiting[event]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _set(event: asyncio.Event, gone: "asyncio.Future[None]") -> bool:
    """Whether something changed before it was quiet for long."""
    heard = asyncio.ensure_future(event.wait())
    waiting: set[asyncio.Future[Any]] = {heard, gone}
    done, _ = await asyncio.wait(waiting, timeout=QUIET, return_when=asyncio.FIRST_COMPLETED)
    heard.cancel()
    event.clear()
    return heard in done

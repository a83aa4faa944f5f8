"""One ASGI app of all parts: site, search and ask pages, API, tools for agents, desk, and what watches over them."""

import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import msgspec
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from responsa.serve.api.api import Api
from responsa.serve.gate import Gate, Part
from responsa.serve.live import Live, Now
from responsa.serve.log import Log
from responsa.serve.login.access import Access
from responsa.serve.login.visit import Visit
from responsa.serve.metrics import Metrics
from responsa.serve.rate import Rates
from responsa.serve.reader.reader import Reader
from responsa.serve.reload import SCRIPT, Reload
from responsa.serve.replies import OWN, SAFE, STRICT, Headers, Reply, policy, problem
from responsa.serve.searching.searchers import Searchers
from responsa.serve.settings import Settings
from responsa.serve.shelf import Shelf
from responsa.serve.site.files import Files
from responsa.serve.site.site import Site
from responsa.serve.work import Work

DESK_BODY: Final = 4 * 1024 * 1024
"""Bytes of a form of the desk: an article's whole text, twice."""
ASK_COST: Final = 2.0
_PLAIN: Final[Headers] = (*SAFE, (b"cache-control", b"no-store"))


class App:
    """The app with what it holds. ``desk`` are its routes; ``close`` ends its threads."""

    def __init__(
        self, live: Live, settings: Settings, access: Access, *, log: Log | None = None,
        clock: Callable[[], float] = time.monotonic, desk: Iterable[BaseRoute] = (),
    ) -> None:  # fmt: skip
        self.live, self.settings, self.access = live, settings, access
        self.log, self.metrics = log or Log(), Metrics()
        searchers = Searchers(settings.workers, self.log) if settings.workers > 1 else None
        self.work = Work(searchers=searchers)
        self.shelf = Shelf()
        self.reload, self._begun = Reload(live), clock()
        self._clock = clock
        self._now_moved: Mapping[str, str] = {}
        self._safe: Headers = SAFE
        addition = b"" if settings.public else SCRIPT
        self._site = Part("site", Site(Files(live.out, addition=addition), lambda: self._now_moved, lambda: self._safe))
        self._parts = dict(self._made(desk, addition))
        self._gate = Gate(settings, access, self._part_of, Rates(settings.rate, clock), self.metrics, self.log)
        self._end_listening = live.listen(self._changed)
        with live.reading() as now:
            self._taken_up(now)

    def add_tools(self, tools: ASGIApp) -> None:
        """What agents ask, at ``/mcp``."""
        self._parts["mcp"] = Part("mcp", tools, cost=1.0, body=self.settings.body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Through the gate."""
        await self._gate(scope, receive, send)

    def close(self) -> None:
        """After this nothing is answered any more."""
        self._end_listening()
        self.reload.close()
        self.work.close()

    def _made(self, desk: Iterable[BaseRoute], addition: bytes) -> Iterator[tuple[str, Part]]:
        """By the first segment of their paths."""
        self.api = Api(self.live, self.work, self.settings, self.log, self.shelf)
        reader = Reader(self.live, self.work, self.shelf, addition)
        yield "api", Part("api", self.api, cost=1.0)
        yield "openapi.json", Part("api", self.api)
        yield "search", Part("search", reader, cost=1.0)
        yield "ask", Part("ask", reader, cost=ASK_COST)
        yield "healthz", Part("health", self._health)
        yield "metrics", Part("metrics", self._figures)
        if not self.settings.public:
            yield "_responsa", Part("reload", self.reload)
        if routes := [*desk]:
            yield "desk", Part("desk", Router(routes), body=DESK_BODY)

    def _part_of(self, path: str) -> Part:
        return self._parts.get(path[1:].partition("/")[0], self._site)

    def _changed(self, now: Now) -> None:
        self._taken_up(now)
        built = now.built
        self.log("changed", number=now.number, pages=built.pages, written=built.written, removed=built.removed)

    def _taken_up(self, now: Now) -> None:
        config = now.library.config
        own = config.site.analytics or config.site.promo or config.build.static or config.build.templates
        self._safe = (*SAFE, policy(OWN if own else STRICT))
        self._now_moved = now.moved

    async def _health(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whether the library is served; the reason why its last change is not is for this machine alone."""
        told: dict[str, object] = {"status": "ok", "number": 0}
        with self.live.reading() as now:
            told["number"] = now.number
            if now.indexed is None:
                told["status"] = "indexing"
        if self.live.trouble:
            told["status"] = "behind"
            if not self.settings.public:
                told["trouble"] = self.live.trouble
        reply = Reply(200, (*_PLAIN, (b"content-type", b"application/json")), msgspec.json.encode(told))
        await reply(scope, receive, send)

    async def _figures(self, scope: Scope, receive: Receive, send: Send) -> None:
        """For a collector on this machine; to everybody else there is no such page."""
        peer, headers = (
            (scope.get("client") or ("",))[0],
            {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
        )
        if self.settings.public and not Visit(str(peer), scope["scheme"], headers).is_local():
            await problem(404, "There is no page at this address.")(scope, receive, send)
            return
        text = self.metrics.text(self._gauges()).encode()
        kind = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
        await Reply(200, (*_PLAIN, kind), text)(scope, receive, send)

    def _gauges(self) -> dict[str, tuple[str, float]]:
        with self.live.reading() as now:
            pages, number = now.built.pages, now.number
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return {
            "responsa_pages": ("Question pages of the site.", pages),
            "responsa_state_number": ("States of the library served since the start.", number),
            "responsa_behind": ("Whether the last change could not be taken up.", float(bool(self.live.trouble))),
            "responsa_searchers": ("Processes that search.", self.work.searchers),
            "responsa_listeners": ("Browsers that listen for changes.", self.reload.listening),
            "responsa_up_seconds": ("Seconds since the start.", self._clock() - self._begun),
            "process_resident_memory_max_bytes": ("Most memory that was resident.", most),
        }

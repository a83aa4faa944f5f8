"""What every request passes on its way in: the host it asks for, how often its client asks, how much it sends.

And on its way out: a count, a line in the log, and a plain word where something failed.
"""

import asyncio
import re
import traceback
from collections.abc import Callable
from time import perf_counter
from typing import Final

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from responsa.errors import ResponsaError
from responsa.serve.live import IndexingError
from responsa.serve.log import Log
from responsa.serve.login.access import Access
from responsa.serve.login.visit import Visit
from responsa.serve.metrics import Metrics
from responsa.serve.rate import Rates
from responsa.serve.replies import Reply, header, problem
from responsa.serve.settings import Settings

_HOST: Final = re.compile(rb"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?", re.IGNORECASE)
_CLOSE: Final = (b"connection", b"close")


class Part(Struct, frozen=True):
    """A part of the server. ``cost`` is what a request takes of a client's rate, ``body`` the bytes it may send."""

    name: str
    app: ASGIApp
    cost: float = 0.0
    body: int = 0


class TooLargeError(Exception):
    """A body beyond its limit."""


class TooSlowError(Exception):
    """A body that does not come."""


class BusyError(Exception):
    """More is asked than can be answered: whoever asks again in a second may be lucky."""


class Gate:
    """The outermost ASGI app; ``part_of`` finds the part that a path belongs to."""

    def __init__(  # noqa: PLR0917 - what an app is made of
        self, settings: Settings, access: Access, part_of: Callable[[str], Part], rates: Rates, metrics: Metrics,
        log: Log,
    ) -> None:  # fmt: skip
        self._settings, self._access, self._part_of = settings, access, part_of
        self._rates, self._metrics, self._log = rates, metrics, log
        self._hosts = settings.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever comes."""
        if scope["type"] != "http":
            return
        part, sending, begun = self._part_of(scope["path"]), Sending(send), perf_counter()
        try:
            await (self._refused(part, scope) or part.app)(scope, self._limited(part, receive), sending)
        except Exception as error:  # noqa: BLE001 - the outermost place: whatever got here is answered and logged
            await self._failed(error, scope, receive, sending)
        finally:
            seconds = perf_counter() - begun
            self._metrics.count(part.name, sending.status, seconds, sending.sent)
            if self._settings.access_log:
                self._log(
                    "request", part=part.name, method=scope["method"], path=scope["path"], status=sending.status,
                    ms=round(1000 * seconds, 2), bytes=sending.sent, client=self._client(scope),
                )  # fmt: skip

    def _refused(self, part: Part, scope: Scope) -> Reply | None:
        """Why the request is not even looked at."""
        if self._hosts is not None and not self._is_ours(header(scope, b"host")):
            return problem(421, "This server does not answer under that name (`--name` adds one).", _CLOSE)
        length = header(scope, b"content-length")
        if length and (not length.isdigit() or int(length[:12]) > part.body):
            return _too_large(part.body)
        wait = self._rates.wait(self._client(scope), part.cost) if part.cost else 0.0
        if wait:
            seconds = b"%d" % (int(wait) + 1)
            return problem(429, f"Too many requests; ask again in {int(wait) + 1} s.", (b"retry-after", seconds))
        return None

    def _is_ours(self, host: bytes) -> bool:
        found = _HOST.fullmatch(host)
        return found is not None and found[1].decode("ascii").strip("[]").lower() in (self._hosts or ())

    def _client(self, scope: Scope) -> str:
        """Whose request it is: what a trusted proxy says, else the other end of the connection."""
        peer = str((scope.get("client") or ("",))[0])
        if not self._access.proxies:
            return peer
        forwarded = header(scope, b"x-forwarded-for").decode("latin-1")
        return Visit(peer, scope["scheme"], {"x-forwarded-for": forwarded}).address(self._access)

    def _limited(self, part: Part, receive: Receive) -> Receive:
        """The request's body, as far as it may be long and take its time."""
        left, late = part.body, asyncio.get_running_loop().time() + self._settings.patience
        done = False

        async def limited() -> Message:
            nonlocal left, done
            if done:
                return await receive()
            try:
                async with asyncio.timeout_at(late):
                    message = await receive()
            except TimeoutError:
                raise TooSlowError from None
            left -= len(message.get("body", b""))
            done = not message.get("more_body", False)
            if left < 0:
                raise TooLargeError(part.body)
            return message

        return limited

    async def _failed(self, error: Exception, scope: Scope, receive: Receive, sending: "Sending") -> None:
        reply = _reply(error)
        if reply.status >= 500 and not isinstance(error, IndexingError):  # noqa: PLR2004 - ours to mend
            event = "trouble" if isinstance(error, ResponsaError | BusyError) else "fault"
            where = "" if event == "trouble" else "".join(traceback.format_exception(error))[-4000:]
            self._log(event, path=scope["path"], error=f"{type(error).__name__}: {error}", traceback=where)
        if sending.status:
            # Half an answer went out: only breaking the connection tells the client that it is none.
            raise error
        await reply(scope, receive, sending)


class Sending:
    """Sends, and keeps count."""

    __slots__ = ("_send", "sent", "status")

    def __init__(self, send: Send) -> None:
        self._send, self.status, self.sent = send, 0, 0

    async def __call__(self, message: Message) -> None:
        """One message of an answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.sent += len(message.get("body", b""))
        await self._send(message)


def _too_large(most: int) -> Reply:
    return problem(413, f"A request's body may have {most:,} bytes here.", _CLOSE)


def _reply(error: Exception) -> Reply:
    if isinstance(error, TooLargeError):
        return _too_large(int(error.args[0]))
    if isinstance(error, TooSlowError):
        return problem(408, "The request did not come in time.", _CLOSE)
    if isinstance(error, BusyError):
        return problem(503, "Too much is asked at the moment.", (b"retry-after", b"1"))
    if isinstance(error, IndexingError):
        return problem(503, "The library is being indexed: search again in a minute.", (b"retry-after", b"10"))
    if isinstance(error, ResponsaError):
        # Its words may name files: they are for the log.
        return problem(503, "The library cannot be read at the moment.", (b"retry-after", b"5"))
    return problem(500, "This is a fault of the server; its log says more.")

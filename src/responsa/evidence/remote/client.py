"""Asking a public service: never faster than it allows, again after a failure, and never without end."""

import re
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from msgspec import Struct

from responsa.evidence.readers.found import SourceError

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of one answer."""
TRIES: Final = 4
PATIENCE: Final = 120.0
"""Seconds: a service that asks for a longer pause is given up for now."""
TIMEOUT: Final = 30.0
"""Seconds without a byte; four times as long for a whole answer."""
_RETRIED: Final = frozenset({0, 408, 425, 429, 500, 502, 503, 504})
_OK: Final = 200
_CHUNK: Final = 1 << 16


class Answer(Struct, frozen=True):
    """What came back; status 0 with the reason as ``body`` where nothing whole did."""

    status: int
    body: bytes = b""
    retry_after: float = 0.0


Send = Callable[[str], Answer]


class Client:
    """One service. ``gap`` is the least time between two requests, in seconds; ``now`` and ``wait`` are its clock."""

    def __init__(
        self, name: str, gap: float, send: Send, now: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.name, self.gap, self.send, self.now, self.wait = name, gap, send, now, wait
        self.next = float("-inf")
        self.down = ""

    def get(self, url: str) -> bytes | None:
        """The answer; none where the service knows nothing under ``url`` (404).

        Raises ``SourceError``, which says what to do and holds no address: a key may be in it.
        """
        if self.down:
            raise SourceError(self.down)
        answer = Answer(0)
        for attempt in range(TRIES):
            answer = self._once(url)
            if answer.status == _OK:
                return answer.body
            if answer.status == 404:  # noqa: PLR2004 - not found
                return None
            pause = max(answer.retry_after, 0.5 * 2**attempt)
            if answer.status not in _RETRIED or pause > PATIENCE:
                break
            if attempt < TRIES - 1:
                self.wait(pause)
        why = self._why(answer)
        # Not tried again for every further reference of the run.
        self.down = "" if answer.status else why
        raise SourceError(why)

    def _once(self, url: str) -> Answer:
        early = self.next - self.now()
        if early > 0:
            self.wait(early)
        self.next = self.now() + self.gap
        return self.send(url)

    def _why(self, answer: Answer) -> str:
        if answer.status == 429:  # noqa: PLR2004 - too many requests
            return f"{self.name} asks to wait; run the command again later: what was fetched is kept"
        if answer.status:
            return f"{self.name} answered with status {answer.status}; run the command again later"
        told = answer.body.decode("utf-8", "replace") or "no connection"
        return (
            f"{self.name} cannot be reached ({told}); without a network, export the reference as .nbib or .ris "
            "and add that file"
        )


class NoRedirect(HTTPRedirectHandler):
    """A redirect would carry a key to another host."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """See ``HTTPRedirectHandler``."""


def http(timeout: float = TIMEOUT, agent: str = "responsa") -> Send:
    """Requests over HTTP, without following redirects. Never raises for what the network does."""
    opener = build_opener(NoRedirect)

    def send(url: str) -> Answer:
        headers = {"User-Agent": agent, "Accept": "application/json, application/xml, text/xml"}
        try:
            with opener.open(Request(url, headers=headers), timeout=timeout) as got:  # noqa: S310 - fixed or set by the user
                return _read(got, time.monotonic() + 4 * timeout)
        except HTTPError as error:
            error.close()
            return Answer(error.code, retry_after=seconds(error.headers.get("Retry-After") or ""))
        except TimeoutError:
            return Answer(0, _LATE)
        except (OSError, ValueError) as error:
            return Answer(0, _reason(getattr(error, "reason", error)))
        except HTTPException as error:
            return Answer(0, f"a broken answer, {type(error).__name__}".encode())

    return send


_LATE: Final = b"no answer in time"


def _reason(error: object) -> bytes:
    if isinstance(error, TimeoutError):
        return _LATE
    return str(getattr(error, "strerror", None) or "").encode()


def _read(got: Any, until: float) -> Answer:  # noqa: ANN401 - urllib's answer is untyped
    body = whole(got, until, LARGEST)
    return body if isinstance(body, Answer) else Answer(got.status, body)


def whole(got: Any, until: float, largest: int) -> bytes | Answer:  # noqa: ANN401 - urllib's answer is untyped
    """The body, or why there is none: it may be longer than allowed, cut off, or come a byte at a time for ever."""
    parts: list[bytes] = []
    size = 0
    while part := got.read1(_CHUNK):
        size += len(part)
        parts.append(part)
        if size > largest:
            return Answer(0, b"an answer without end")
        if time.monotonic() > until:
            return Answer(0, b"no whole answer in time")
    length = got.headers.get("Content-Length", "")
    if length.isdigit() and size < int(length):
        return Answer(0, b"an answer that was cut off")
    return b"".join(parts)


def seconds(text: str) -> float:
    """What a header `Retry-After` asks for; a date there is answered with a minute."""
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", text.strip()):
        return float(text)
    return 60.0 if text.strip() else 0.0

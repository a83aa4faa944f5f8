"""Answers that are sent as they are: plain values of headers and bytes, and the one way to send them."""

import json
from http import HTTPStatus
from typing import Final

from msgspec import Struct
from starlette.types import Message, Receive, Scope, Send

Headers = tuple[tuple[bytes, bytes], ...]

STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of ours may load: no script and no style but files of this server."""
OWN: Final = "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
"""The policy where a publisher's own HTML (analytics, promotion, own files) stands on pages: it may hold scripts."""
SAFE: Final[Headers] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
"""On every answer of the server."""


class Reply(Struct, frozen=True):
    """A whole answer."""

    status: int
    headers: Headers
    body: bytes = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - an ASGI app
        """Send it; a HEAD gets the head alone."""
        length = (b"content-length", b"%d" % len(self.body))
        start: Message = {"type": "http.response.start", "status": self.status, "headers": [*self.headers, length]}
        await send(start)
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else self.body})


def policy(text: str) -> tuple[bytes, bytes]:
    """The header of a content security policy."""
    return (b"content-security-policy", text.encode("ascii"))


def problem(status: int, detail: str, *more: tuple[bytes, bytes]) -> Reply:
    """An error as RFC 9457 has it."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body = json.dumps(told, ensure_ascii=False).encode()
    head = (b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"), policy("default-src 'none'")
    return Reply(status, (*SAFE, *head, *more), body)


def header(scope: Scope, name: bytes) -> bytes:
    """The last header of a name (in small letters), or nothing."""
    return next((value for key, value in reversed(scope["headers"]) if key == name), b"")

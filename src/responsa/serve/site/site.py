"""Addresses of the published site: which file an address means, where it has moved, and what is not there."""

import asyncio
import os
import re
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.types import Message, Receive, Scope, Send

from responsa.publish.places import MISSING
from responsa.publish.redirects import UNDEFINED, UNDEFINED_TO, WRITERS
from responsa.serve.replies import SAFE, Headers, Reply, header, problem
from responsa.serve.site.files import File, Files

PIECE: Final = 256 * 1024
SMALL: Final = 128 * 1024
"""Bytes up to which a file is read and compressed sooner than a thread is asked to (2 ms)."""
LONGEST: Final = 2048
"""Characters of a path; files of a site have fewer."""
_HIDDEN: Final = frozenset(name for name, _ in WRITERS.values())
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\\]|//|(?:^|/)\.{1,2}(?:/|$)")
_REST: Final = re.compile(r"[A-Za-z0-9._~/-]*")
_REFUSED: Final = re.compile(rb"gzip\s*;\s*q=0(?:\.0{0,3})?")
_KEEP: Final = "/:@!()+,=&~"


class Site:
    """An ASGI app. ``moved`` gives earlier addresses (decoded) with present ones; ``policy`` is the pages' own."""

    def __init__(self, files: Files, moved: Callable[[], Mapping[str, str]], safety: Callable[[], Headers]) -> None:
        self.files, self._moved, self._safety = files, moved, safety

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The file of the address, with as little ceremony as can be: most requests are for pages."""
        if scope["method"] not in {"GET", "HEAD"}:
            await problem(405, "Pages are only read.", (b"allow", b"GET, HEAD"))(scope, receive, send)
            return
        path, zipped = scope["path"], _takes_gzip(header(scope, b"accept-encoding"))
        found = await self._found(path, zipped=zipped)
        if found is not None:
            await self._send(found, scope, send)
        elif (lead := await self._lead(path)) is not None:
            await Reply(301, (*SAFE, (b"location", lead), (b"cache-control", b"no-cache")))(scope, receive, send)
        else:
            await self._missing(scope, receive, send, zipped=zipped)

    async def _found(self, path: str, *, zipped: bool) -> File | None:
        for name in _names(path):
            found = self.files.kept(name, zipped=zipped) or await self._read(name, zipped=zipped)
            if found is not None:
                return found
        return None

    async def _read(self, name: str, *, zipped: bool) -> File | None:
        try:
            size = os.stat(f"{self.files.root}/{name}").st_size  # noqa: PTH116 - a Path costs as much as the rest
        except (OSError, ValueError):
            return None
        if size <= SMALL:
            return self.files.read(name, zipped=zipped)
        return await asyncio.to_thread(self.files.read, name, zipped=zipped)

    async def _lead(self, path: str) -> bytes | None:
        """Where a reader of ``path`` is sent instead, in ASCII."""
        if len(path) > LONGEST or _UNSAFE.search(path):
            return None
        if (present := self._moved().get(path)) is not None:
            return quote(present, safe=f"{_KEEP}%").encode("ascii")
        if path.startswith(UNDEFINED) and _REST.fullmatch(rest := path.removeprefix(UNDEFINED)):
            return f"{UNDEFINED_TO}{rest}".encode("ascii")
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        there = await self._found(other, zipped=True) if other else None
        return quote(other, safe=_KEEP).encode("ascii") if there else None

    async def _missing(self, scope: Scope, receive: Receive, send: Send, *, zipped: bool) -> None:
        page = self.files.kept(MISSING, zipped=zipped) or await self._read(MISSING, zipped=zipped)
        if page is None or page.body is None:
            await problem(404, "There is no page at this address.")(scope, receive, send)
            return
        dropped = {b"etag", b"last-modified", b"content-length"}
        headers = tuple(pair for pair in page.headers if pair[0] not in dropped)
        await Reply(404, (*self._safety(), *headers), page.body)(scope, receive, send)

    async def _send(self, file: File, scope: Scope, send: Send) -> None:
        headers = [*self._safety(), *file.headers]
        if _unchanged(file, scope):
            dropped = {b"content-length", b"content-type", b"content-encoding"}
            headers = [pair for pair in headers if pair[0] not in dropped]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body"})
            return
        start: Message = {"type": "http.response.start", "status": 200, "headers": headers}
        await send(start)
        if scope["method"] == "HEAD" or file.body is not None:
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else file.body})
            return
        await self._pieces(file, send)

    async def _pieces(self, file: File, send: Send) -> None:
        """A large file, of which exactly as much is sent as was announced."""
        pieces = _pieces(f"{self.files.root}/{file.path}", file.size)
        while piece := await asyncio.to_thread(next, pieces, b""):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})


def _names(path: str) -> tuple[str, ...]:
    """The files that an address can mean, the likelier first; none where it cannot be a page's."""
    if len(path) > LONGEST or not path.startswith("/") or _UNSAFE.search(path):
        return ()
    inner = path[1:]
    if inner in _HIDDEN or ("/." in path and not inner.startswith(".well-known/")):
        return ()
    if not inner or inner.endswith("/"):
        return (f"{inner}index.html",)
    # A page's own address may hold a dot: /learn/maths/what-is-3.14
    return (inner, f"{inner}.html") if "." in inner.rpartition("/")[2] else (f"{inner}.html", inner)


def _takes_gzip(accepted: bytes) -> bool:
    """Whether a client takes gzip (RFC 9110, 12.5.3)."""
    if b"gzip" not in accepted or b"q=0" not in accepted:
        return b"gzip" in accepted
    return not any(_REFUSED.fullmatch(part.strip()) for part in accepted.split(b","))


def _unchanged(file: File, scope: Scope) -> bool:
    """RFC 9110, 13.2.2: the tag decides where one is sent, else the time."""
    if tags := header(scope, b"if-none-match"):
        sent = {tag.strip().removeprefix(b"W/") for tag in tags.split(b",")}
        return b"*" in sent or file.etag.removeprefix(b"W/") in sent
    if since := header(scope, b"if-modified-since"):
        try:
            return parsedate_to_datetime(since.decode("latin-1")).timestamp() >= file.since
        except (ValueError, OverflowError):
            return False
    return False


def _pieces(path: str, size: int) -> Iterator[bytes]:
    with Path(path).open("rb") as file:
        while size > 0 and (piece := file.read(min(PIECE, size))):
            size -= len(piece)
            yield piece

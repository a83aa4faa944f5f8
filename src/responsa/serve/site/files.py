"""Files of the site in memory, compressed, up to a bound; a changed file is seen by its stat at every request.

The folder is exchanged as a whole by a build (``publish.swap``): what a path leads to then has another inode, so
nothing need be told, and a build by another process is seen as well.
"""

import gzip
import hashlib
import os
import re
import stat
from collections import OrderedDict
from email.utils import formatdate
from pathlib import Path
from threading import Lock
from typing import Final

from msgspec import Struct

ROOM: Final = 96 * 1024 * 1024
"""Bytes of all files in memory."""
LARGEST: Final = 4 * 1024 * 1024
"""Bytes; a larger file is sent piece by piece and never kept."""
LEVEL: Final = 6
TYPES: Final = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
    ".woff2": "font/woff2", ".woff": "font/woff", ".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8",
    ".webmanifest": "application/manifest+json", ".wasm": "application/wasm", ".mp3": "audio/mpeg",
    ".mp4": "video/mp4", ".webm": "video/webm", ".zip": "application/zip", ".epub": "application/epub+zip",
}  # fmt: skip
_TEXT: Final = ("text/", "application/json", "application/xml", "image/svg+xml", "application/manifest+json")
_FINGERPRINTED: Final = re.compile(r"assets/[^/]+\.[0-9a-f]{10}\.[a-z0-9]+")


class File(Struct, frozen=True, gc=False):
    """A file as it is sent. ``etag`` is of exactly these bytes; ``body`` is missing where the file is too large."""

    etag: bytes
    modified: bytes
    since: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes | None
    size: int
    path: str


class Files:
    """The folder's files by path. Nothing outside of it, hidden in it or written for a host is ever read."""

    def __init__(self, root: Path, *, addition: bytes = b"", room: int = ROOM) -> None:
        self.root, self._addition, self._room = str(root), addition, room
        self._kept: OrderedDict[tuple[str, bool], tuple[tuple[int, int, int], File]] = OrderedDict()
        self._held = 0
        self._guard = Lock()

    def kept(self, path: str, *, zipped: bool) -> File | None:
        """The file if it is in memory and as it is on disk."""
        found = self._kept.get((path, zipped))
        if found is None:
            return None
        try:
            now = os.stat(f"{self.root}/{path}")  # noqa: PTH116 - a Path costs as much as the rest
        except OSError:
            return None
        return found[1] if found[0] == (now.st_ino, now.st_mtime_ns, now.st_size) else None

    def read(self, path: str, *, zipped: bool) -> File | None:
        """The file from disk, compressed if wanted and worth it; nothing where there is none that may be seen."""
        try:
            # The site holds no links of its own making: one that leads out of it is somebody's else.
            if os.path.realpath(f"{self.root}/{path}") != f"{os.path.realpath(self.root)}/{path}":
                return None
            with open(f"{self.root}/{path}", "rb", opener=_no_link) as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode):
                    return None
                stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
                if found.st_size > LARGEST:
                    return _large(path, stamp)
                made = _made(path, stamp, self._added(path, file.read(LARGEST + 1)), zipped=zipped)
        except (OSError, ValueError):
            return None
        self._keep((path, zipped), stamp, made)
        return made

    def _added(self, path: str, body: bytes) -> bytes:
        if not self._addition or not path.endswith(".html"):
            return body
        return body.replace(b"</head>", self._addition + b"</head>", 1)

    def _keep(self, key: tuple[str, bool], stamp: tuple[int, int, int], made: File) -> None:
        with self._guard:
            before = self._kept.pop(key, None)
            self._held += made.size - (before[1].size if before else 0)
            self._kept[key] = (stamp, made)
            while self._held > self._room:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._held -= oldest.size


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)


def _made(path: str, stamp: tuple[int, int, int], body: bytes, *, zipped: bool) -> File:
    kind = TYPES.get(f".{path.rpartition('.')[2].lower()}", "application/octet-stream")
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    textual = kind.startswith(_TEXT)
    encoding: tuple[tuple[bytes, bytes], ...] = ((b"vary", b"accept-encoding"),) if textual else ()
    if zipped and textual:
        # The time in the header of a gzip file would make two of the same text differ.
        body, tag = gzip.compress(body, LEVEL, mtime=0), f"{tag}-gzip"
        encoding += ((b"content-encoding", b"gzip"),)
    return _file(path, stamp, f'"{tag}"', (*encoding, (b"content-type", kind.encode())), body)


def _large(path: str, stamp: tuple[int, int, int]) -> File:
    kind = TYPES.get(f".{path.rpartition('.')[2].lower()}", "application/octet-stream")
    return _file(path, stamp, f'W/"{stamp[1]:x}-{stamp[2]:x}"', ((b"content-type", kind.encode()),), None)


def _file(
    path: str, stamp: tuple[int, int, int], etag: str, headers: tuple[tuple[bytes, bytes], ...], body: bytes | None
) -> File:
    since = stamp[1] // 10**9
    modified = formatdate(since, usegmt=True).encode()
    caching = b"public, max-age=31536000, immutable" if _FINGERPRINTED.fullmatch(path) else b"no-cache"
    size = stamp[2] if body is None else len(body)
    own = (
        (b"etag", etag.encode()), (b"last-modified", modified), (b"cache-control", caching),
        (b"content-length", b"%d" % size),
    )  # fmt: skip
    return File(etag.encode(), modified, since, (*headers, *own), body, size, path)

"""An encoder behind an OpenAI-compatible address: ``POST BASE/embeddings``."""

import re
import time
from collections.abc import Callable, Sequence
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
import numpy as np
from msgspec import Struct

from responsa.errors import ResponsaError, UsageError
from responsa.index.encoder import Floats, unit

BATCH: Final = 64
TRIES: Final = 5
LARGEST_REPLY: Final = 64 * 1024 * 1024
_AGAIN: Final = frozenset({0, 408, 429, 500, 502, 503, 504})
_LOCAL: Final = re.compile(r"http://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:/|$)")


class _Row(Struct):
    index: int
    embedding: list[float]


class _Reply(Struct):
    data: list[_Row]


class Endpoint:
    """Asks ``model`` at ``base``; waits and asks again where the other side is busy."""

    def __init__(self, base: str, model: str, key: str = "", wait: Callable[[float], None] = time.sleep) -> None:
        if not re.match(r"https?://[^\s/]+", base):
            raise UsageError(f"{base}: expected an address such as http://localhost:11434/v1")
        if not base.startswith("https://") and not _LOCAL.match(base):
            raise UsageError(f"{base}: articles and the key go only to https:// or to this machine")
        if not model:
            raise UsageError("`index.model` is missing in responsa.toml: the model that the address shall ask")
        self._address, self._model, self._key, self._wait = f"{base.rstrip('/')}/embeddings", model, key, wait
        self._opener = build_opener(_NoRedirect)
        self.name = f"endpoint-{re.sub(r'[^A-Za-z0-9.]+', '-', f'{base}-{model}').strip('-')[-80:]}"
        self.dims = int(self._asked(["dimensions"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, a row a text."""
        parts = [self._asked(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return unit(np.concatenate(parts)) if parts else np.zeros((0, self.dims), np.float32)

    def _asked(self, texts: Sequence[str]) -> Floats:
        # An empty text is refused by most servers.
        request = msgspec.json.encode({"model": self._model, "input": [text or " " for text in texts]})
        body = self._sent(request)
        try:
            rows = sorted(msgspec.json.decode(body, type=_Reply).data, key=lambda row: row.index)
            vectors = np.array([row.embedding for row in rows], np.float32)
        except (msgspec.MsgspecError, ValueError) as error:
            raise ResponsaError(f"{self._address}: gave no embeddings: {error}") from error
        if len(vectors) != len(texts) or vectors.ndim != 2 or not np.isfinite(vectors).all():  # noqa: PLR2004 - a table
            raise ResponsaError(f"{self._address}: gave {len(vectors)} embeddings for {len(texts)} texts")
        return vectors

    def _sent(self, request: bytes) -> bytes:
        status, body = 0, b""
        for attempt in range(TRIES):
            status, body = self._once(request)
            if status not in _AGAIN:
                break
            self._wait(2.0**attempt / 4)
        if status == 200:  # noqa: PLR2004 - OK
            return body
        said = f"answered with status {status}" if status else "does not answer"
        raise ResponsaError(f"{self._address}: {said}; is `index.encoder` in responsa.toml right, and the key set?")

    def _once(self, request: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "User-Agent": "responsa"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            with self._opener.open(Request(self._address, request, headers), timeout=60) as got:  # noqa: S310 - checked above
                return got.status, got.read(LARGEST_REPLY)
        except HTTPError as error:
            error.close()
            return error.code, b""
        except (URLError, OSError, ValueError):
            return 0, b""


class _NoRedirect(HTTPRedirectHandler):
    """The key goes to the address that was named and to no other."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Never."""

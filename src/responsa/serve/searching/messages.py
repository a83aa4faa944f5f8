"""What a server and its searchers tell each other over a socket: a length, a kind, and what is told."""

import pickle
import struct
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from responsa.index.state import State
from responsa.library.library import Library

LENGTH: Final = struct.Struct(">I")
OPEN, ASK, HAS, LACKS, FAILED = b"o", b"a", b"h", b"l", b"f"
"""Open a state, ask it; from the searcher: an answer, no such state here, a fault."""


class Opening(Struct, frozen=True):
    """A state of the library, as ``live.Now`` has it."""

    number: int
    library: Library
    state: State


class Query(Struct, frozen=True, array_like=True):
    """A search in the state of this ``number``."""

    number: int
    text: str
    k: int
    offset: int
    subject: str | None


def opening(now: Opening) -> bytes:
    """Pickled: only a server writes to its own searchers' sockets."""
    return framed(OPEN, pickle.dumps(now))


def query(asked: Query) -> bytes:
    """A query on its way."""
    return framed(ASK, _ENCODER.encode(asked))


def opening_of(body: bytes) -> Opening:
    """What the server opened."""
    found: Opening = pickle.loads(body)  # noqa: S301 - of the process that started this one
    return found


def query_of(body: bytes) -> Query:
    """What the server asks."""
    return _QUERIES.decode(body)


def framed(kind: bytes, body: bytes) -> bytes:
    """One message."""
    return LENGTH.pack(len(body) + 1) + kind + body


class Frames:
    """Messages out of what comes in pieces."""

    def __init__(self) -> None:
        self._left = bytearray()

    def put(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Kind and body of every message that is there as a whole now."""
        self._left += data
        while len(self._left) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._left)[0]
            if len(self._left) < end:
                return
            kind, body = bytes(self._left[LENGTH.size : LENGTH.size + 1]), bytes(self._left[LENGTH.size + 1 : end])
            del self._left[:end]
            yield kind, body


_ENCODER: Final = msgspec.msgpack.Encoder()
_QUERIES: Final = msgspec.msgpack.Decoder(Query)

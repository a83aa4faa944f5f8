"""A process that searches for a server: ``python -m responsa.serve.searching.searcher``, its socket as standard input.

It ends when the socket does, however the server ended, so none is ever left over.
"""

import os
import signal
import socket
import sys
import traceback
from typing import Final

import msgspec

from responsa.errors import ResponsaError
from responsa.index.encoder import Encoder  # noqa: TC001 - no TYPE_CHECKING blocks
from responsa.index.encoders import encoder_of
from responsa.index.index import opened_at
from responsa.library.catalogue import attach
from responsa.library.lock import private
from responsa.library.tables import NAME
from responsa.serve import asking
from responsa.serve.searching.messages import (
    FAILED,
    HAS,
    LACKS,
    OPEN,
    Frames,
    Opening,
    Query,
    framed,
    opening_of,
    query_of,
)

PIECE: Final = 1 << 16


class Searcher:
    """Answers queries of the state that was opened last."""

    def __init__(self) -> None:
        self._encoder: tuple[object, Encoder] | None = None
        self._number = 0
        self._held: asking.Held | None = None

    def answer(self, kind: bytes, body: bytes) -> bytes:
        """The message that answers one; every message is answered, in order."""
        try:
            if kind == OPEN:
                self._open(opening_of(body))
                return framed(HAS, b"")
            found = self._search(query_of(body))
        except ResponsaError:
            # What cannot be read here the server tries itself, and tells why.
            return framed(LACKS, b"")
        except Exception:  # noqa: BLE001 - told to the server, whose log says it
            return framed(FAILED, traceback.format_exc()[-4000:].encode())
        return framed(LACKS, b"") if found is None else framed(HAS, found)

    def close(self) -> None:
        """Give back what is open."""
        if self._held is not None:
            self._held.catalogue.close()
            self._held = None

    def _open(self, told: Opening) -> None:
        """Take up a state. Where its files are gone already, queries of it are not answered here."""
        self.close()
        self._number = told.number
        key = (told.library.config.index, told.library.config.site.language)
        if self._encoder is None or self._encoder[0] != key:
            self._encoder = (key, encoder_of(told.library))
        index = opened_at(told.library, told.state, self._encoder[1])
        if index is not None:
            self._held = asking.Held(index, attach(told.library, private(told.library.folder) / NAME))

    def _search(self, asked: Query) -> bytes | None:
        """The answer as JSON; nothing where another state is open."""
        if self._held is None or asked.number != self._number:
            return None
        return _ENCODER.encode(asking.search(self._held, asked.text, asked.k, asked.offset, asked.subject))


def serve(channel: socket.socket) -> None:
    """Answer until the server goes."""
    searcher, frames = Searcher(), Frames()
    while data := channel.recv(PIECE):
        for kind, body in frames.put(data):
            channel.sendall(searcher.answer(kind, body))


def main() -> None:
    """Ctrl-C is the server's matter: it ends this process by closing the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The server's own end is all that is left of what it had open.
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as channel:
        try:
            serve(channel)
        except ConnectionError:
            return


_ENCODER: Final = msgspec.json.Encoder()

if __name__ == "__main__":
    main()

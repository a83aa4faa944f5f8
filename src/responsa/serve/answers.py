"""Answers that were given, kept by their tag up to a bound: a tag names the state of the library that it is of."""

from collections import OrderedDict


class Answers:
    """The one not asked for longest goes first. For one thread: the server's loop."""

    def __init__(self, room: int) -> None:
        self._room, self._held = room, 0
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, tag: bytes) -> bytes | None:
        """The answer with this tag."""
        body = self._kept.get(tag)
        if body is not None:
            self._kept.move_to_end(tag)
        return body

    def put(self, tag: bytes, body: bytes) -> None:
        """Keep one."""
        before = self._kept.pop(tag, b"")
        self._held += len(body) - len(before)
        self._kept[tag] = body
        while self._held > self._room:
            self._held -= len(self._kept.popitem(last=False)[1])

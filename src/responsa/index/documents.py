"""What the index holds, article by article: one frozen table a state of the index, memory-mapped, read where asked."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.article import Url

Arrays = dict[str, NDArray[Any]]


class Document(Struct, frozen=True):
    """An article as the index knows it. ``question`` and ``text`` are the keys of its two vectors.

    ``number`` is never given to another article, also not to the same one with other words. ``title`` is the question.
    """

    number: int
    path: PurePosixPath
    url: Url
    title: str
    subject: str
    slug: str
    listed: bool
    held: str
    question: bytes
    text: bytes


class _Kept(Struct, frozen=True, array_like=True):
    number: int
    path: str
    url: str
    title: str
    subject: str
    slug: str
    listed: bool
    held: str
    question: bytes
    text: bytes


_DECODER = msgspec.msgpack.Decoder(_Kept)
_ENCODER = msgspec.msgpack.Encoder()


class Documents:
    """The table, by ascending number. Raises ``ValueError`` where its parts do not fit together."""

    def __init__(self, arrays: Arrays) -> None:
        try:
            self._numbers, self._starts, self._data = arrays["numbers"], arrays["starts"], arrays["data"]
            self._urls, self._order, self._listed = arrays["urls"], arrays["order"], arrays["listed"]
        except KeyError as error:
            raise ValueError(f"the table of articles lacks {error}") from error
        if not len(self._numbers) == len(self._starts) - 1 == len(self._urls) == len(self._order) == len(self._listed):
            raise ValueError("the parts of the table of articles do not fit together")
        self._count = len(self._numbers)

    def all(self, *, listed: bool = False) -> Iterator[Document]:
        """Every article, or every listed one, by number."""
        rows = np.flatnonzero(self._listed) if listed else range(len(self._numbers))
        return (self._row(int(row)) for row in rows)

    def at(self, numbers: Iterable[int]) -> dict[int, Document]:
        """Articles by number; numbers that none has are missing."""
        sought = [*numbers]
        # One look for all: each alone costs more than reading the article.
        rows = np.searchsorted(self._numbers, np.array(sought, np.int64)).tolist()
        pairs = zip(sought, rows, strict=True)
        return {number: self._row(row) for number, row in pairs if row < self._count and self._numbers[row] == number}

    def of_url(self, url: str) -> Document | None:
        """The article at an address; of several, the first that is published, by path."""
        sought = _hash(url)
        first, last = np.searchsorted(self._urls, sought, "left"), np.searchsorted(self._urls, sought, "right")
        found = [self._row(int(row)) for row in self._order[first:last]]
        alike = [document for document in found if document.url == url]
        return min(alike, key=lambda document: (document.held != "", document.path), default=None)

    def count(self, *, listed: bool = False) -> int:
        """How many there are."""
        return int(self._listed.sum()) if listed else len(self._numbers)

    def keys(self, field: str) -> list[bytes]:
        """The keys of all vectors in use, of ``question`` or ``text``, each once."""
        return list(dict.fromkeys(getattr(document, field) for document in self.all()))

    def _row(self, row: int) -> Document:
        data = self._data[int(self._starts[row]) : int(self._starts[row + 1])]
        try:
            number, path, url, *others = msgspec.structs.astuple(_DECODER.decode(data.tobytes()))
        except msgspec.MsgspecError as error:
            raise ValueError(f"the table of articles is damaged: {error}") from error
        return Document(number, PurePosixPath(path), Url(url), *others)


def table(documents: Iterable[Document]) -> Arrays:
    """What is kept of documents in the order of their numbers."""
    data, starts, numbers, urls, listed = bytearray(), [0], list[int](), list[int](), list[bool]()
    for document in documents:
        number, path, *others = msgspec.structs.astuple(document)
        data += _ENCODER.encode(_Kept(number, str(path), *others))
        starts.append(len(data))
        numbers.append(document.number)
        urls.append(_hash(document.url))
        listed.append(document.listed)
    hashes = np.array(urls, np.uint64)
    order = np.argsort(hashes, kind="stable").astype(np.uint32)
    return {
        "numbers": np.array(numbers, np.int64), "starts": np.array(starts, np.int64),
        "data": np.frombuffer(bytes(data), np.uint8), "urls": hashes[order], "order": order,
        "listed": np.array(listed, np.bool_),
    }  # fmt: skip


def _hash(url: str) -> int:
    return int.from_bytes(hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=8).digest(), "little")

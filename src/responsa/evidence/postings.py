"""Which passage holds which word, and how much it counts there (BM25): arrays in one block of bytes.

The block is built once for a shelf and kept in a file that every process maps: opening it costs next to nothing, and
memory holds what searches touch.
"""

import sys
import zlib
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Final

import msgspec
from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.evidence.passages import Passage
from responsa.evidence.terms import terms
from responsa.evidence.words import Word, words

K1: Final = 1.2
B: Final = 0.6
NEIGHBOUR: Final = 0.2
"""What a word of the paragraph before or after counts."""
MAGIC: Final = b"responsa postings 1 " + sys.byteorder[:3].encode() + b"\n"
_HEAD: Final = len(MAGIC) + 8 + 4
_ALIGNED: Final = 8


class Span(Struct, frozen=True, array_like=True):
    """Where the postings of a key lie; ``top`` is the most that one of them counts."""

    start: int
    end: int
    top: float


class _Header(Struct, frozen=True):
    count: int
    keys: dict[str, Span]
    names: list[str]
    sizes: list[int]


class Postings:
    """The opened block. Passage ``numbers[i]`` holds a key that counts ``weights[i]`` there; ``rank`` orders by id."""

    def __init__(self, block: bytes | memoryview) -> None:
        header, parts = _opened(memoryview(block))
        self.count, self.keys, self.names = header.count, header.keys, frozenset(header.names)
        self.numbers: Sequence[int] = parts[0].cast("I")
        self.weights: Sequence[float] = parts[1].cast("f")
        self.rank: Sequence[int] = parts[2].cast("I")
        self._ends: Sequence[int] = parts[3].cast("Q")
        self._texts = parts[4]

    def passage(self, number: int) -> Passage:
        """Read from the block."""
        start = self._ends[number - 1] if number else 0
        return msgspec.json.decode(self._texts[start : self._ends[number]], type=Passage)

    def of(self, key: str) -> Iterator[tuple[int, float]]:
        """(number, weight) of every passage that holds the key, by number."""
        span = self.keys.get(key)
        if span is None:
            return iter(())
        return zip(self.numbers[span.start : span.end], self.weights[span.start : span.end], strict=True)

    def weight(self, span: Span, number: int) -> float:
        """What the key of ``span`` counts in a passage; 0 where it is missing."""
        at = bisect_left(self.numbers, number, span.start, span.end)
        return self.weights[at] if at < span.end and self.numbers[at] == number else 0.0


def build(passages: Iterable[Passage]) -> bytes:
    """The block of ``passages``: the same for the same passages in the same order."""
    numbers: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    held: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
    lengths = array("d")
    capitals = _Names()
    texts: list[bytes] = []
    ids: list[str] = []
    for number, (passage, counts) in enumerate(_counted(passages, capitals)):
        lengths.append(sum(counts.values()))
        texts.append(msgspec.json.encode(passage))
        ids.append(passage.id)
        for key, count in counts.items():
            numbers[key].append(number)
            held[key].append(count)
    return _packed(numbers, _weighed(numbers, held, lengths), capitals.found(), ids, texts)


class _Names:
    """Words that the passages mostly write with a capital."""

    def __init__(self) -> None:
        self.capitals: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()

    def read(self, text: Sequence[Word]) -> None:
        self.capitals.update(word.key for word in text if word.name and not word.text.islower())
        self.seen.update(word.key for word in text if word.weight >= 1)

    def found(self) -> list[str]:
        return sorted(key for key, count in self.capitals.items() if count * 5 >= self.seen[key] * 3)


def names(passages: Iterable[Passage]) -> frozenset[str]:
    """Words that ``passages`` mostly write with a capital."""
    read = [_read_names(passage.text) for passage in passages]
    capitals: dict[str, int] = {}
    for one in read:
        for key, count in one.capitals.items():
            capitals[key] = capitals.get(key, 0) + count
    return frozenset(
        key for key, count in capitals.items() if count * 5 >= 3 * sum(one.seen.get(key, 0) for one in read)
    )


@lru_cache(maxsize=1 << 13)
def _read_names(text: str) -> _Names:
    found = _Names()
    found.read(words(text))
    return found


class _Read(Struct, frozen=True):
    passage: Passage
    text: Sequence[Word]
    alone: dict[str, float]


def _counted(passages: Iterable[Passage], capitals: _Names) -> Iterator[tuple[Passage, dict[str, float]]]:
    """Neighbours count too: a short paragraph (`Other cancers were not studied.`) is about what stands around it."""
    before: _Read | None = None
    for read, after in _with_next(map(_read, passages)):
        capitals.read(read.text)
        counts = terms(read.text, _words(f"{read.passage.title} {read.passage.section}"))
        for near in (before, after):
            if near is not None and near.passage.source == read.passage.source:
                for key, count in near.alone.items():
                    counts[key] = counts.get(key, 0.0) + NEIGHBOUR * min(count, 1.0)
        before = read
        yield read.passage, counts


_words = words.__wrapped__
"""Without the memory of the last texts: every passage is read once here."""


def _read(passage: Passage) -> _Read:
    text = _words(passage.text)
    return _Read(passage, text, terms(text))


def _with_next(read: Iterable[_Read]) -> Iterator[tuple[_Read, _Read | None]]:
    held: _Read | None = None
    for one in chain(read, (None,)):
        if held is not None:
            yield held, one
        held = one


def _weighed(
    numbers: dict[str, "array[int]"], held: dict[str, "array[float]"], lengths: "array[float]"
) -> dict[str, "array[float]"]:  # fmt: skip
    mean = sum(lengths) / (len(lengths) or 1) or 1.0
    norms = [K1 * (1 - B + B * length / mean) for length in lengths]
    return {
        key: array("f", (count * (K1 + 1) / (count + norms[n]) for n, count in zip(numbers[key], counts, strict=True)))
        for key, counts in held.items()
    }


def _packed(
    numbers: dict[str, "array[int]"], weights: dict[str, "array[float]"], capitals: list[str], ids: list[str],
    texts: list[bytes],
) -> bytes:  # fmt: skip
    keys: dict[str, Span] = {}
    at = 0
    for key in sorted(numbers):
        keys[key] = Span(at, at + len(numbers[key]), max(weights[key]))
        at += len(numbers[key])
    rank = array("I", repeat(0, len(ids)))
    for place, number in enumerate(sorted(range(len(ids)), key=ids.__getitem__)):
        rank[number] = place
    ends, size = array("Q"), 0
    for text in texts:
        size += len(text)
        ends.append(size)
    parts = [
        b"".join(numbers[key].tobytes() for key in keys), b"".join(weights[key].tobytes() for key in keys),
        rank.tobytes(), ends.tobytes(), b"".join(texts),
    ]  # fmt: skip
    header = msgspec.json.encode(_Header(len(ids), keys, capitals, [len(part) for part in parts]))
    body = b"".join(_padded(part) for part in (header, *parts))
    return b"".join((_padded_head(len(header), zlib.crc32(body)), body))


def _padded(part: bytes) -> bytes:
    return part + bytes(-len(part) % _ALIGNED)


def _padded_head(size: int, crc: int) -> bytes:
    return _padded(MAGIC + size.to_bytes(8, "little") + crc.to_bytes(4, "little"))


def _opened(block: memoryview) -> tuple[_Header, list[memoryview]]:
    """Raises ``ResponsaError`` for a block that is damaged or another version's."""
    start = _HEAD + -_HEAD % _ALIGNED
    size = int.from_bytes(block[len(MAGIC) : len(MAGIC) + 8], "little")
    crc = int.from_bytes(block[len(MAGIC) + 8 : _HEAD], "little")
    if bytes(block[: len(MAGIC)]) != MAGIC or zlib.crc32(block[start:]) != crc:
        raise ResponsaError("damaged, or made by another version")
    header = msgspec.json.decode(block[start : start + size], type=_Header)
    at = start + size + -size % _ALIGNED
    parts: list[memoryview] = []
    for length in header.sizes:
        parts.append(block[at : at + length])
        at += length + -length % _ALIGNED
    return header, parts

"""The reduce: articles' stems to one list a stem, in order of the stems, in memory bounded by a batch of articles."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, Final

from responsa.publish.search.bits import LOW, WIDTH, read_varint, varint

BATCH: Final = 1 << 16
"""Articles whose lists are in memory at once: about 60 MB."""

List = tuple[str, "array[int]"]


def gathered(articles: Iterable[tuple[int, bytes]], batch: int = BATCH) -> Iterator[List]:
    """Every stem with its postings. ``articles`` are (number, terms) with rising numbers.

    Each batch but a lone one goes to a temporary file; as numbers rise, merging is putting lists end to end.
    """
    stream = iter(articles)
    first = _lists(islice(stream, batch))
    second = _lists(islice(stream, batch))
    if not second:
        yield from first
        return
    runs = [_spilled(first), _spilled(second)]
    while more := _lists(islice(stream, batch)):
        runs.append(_spilled(more))
    for term, parts in groupby(merge(*map(_read, runs), key=itemgetter(0)), itemgetter(0)):
        whole = array("I")
        for _, part in parts:
            whole.extend(part)
        yield term, whole


def _lists(articles: Iterable[tuple[int, bytes]]) -> list[List]:
    lists: defaultdict[str, array[int]] = defaultdict(_empty)
    for number, terms in articles:
        for level, line in enumerate(terms.decode().split("\n")):
            posting = number << WIDTH | level
            for term in line.split():
                lists[term].append(posting)
    return sorted(lists.items())


def _empty() -> "array[int]":
    return array("I")


def _spilled(lists: list[List]) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115 - it lives as long as the merge
    for term, postings in lists:
        name = term.encode()
        file.write(varint(len(name)) + name + varint(len(postings)) + postings.tobytes())
    file.seek(0)
    return file


def _read(file: IO[bytes]) -> Iterator[List]:
    with file:
        while (length := _length(file.read)) is not None:
            term = file.read(length).decode()
            postings = array("I")
            postings.frombytes(file.read(postings.itemsize * (_length(file.read) or 0)))
            yield term, postings


def _length(read: Callable[[int], bytes]) -> int | None:
    head = read(1)
    if not head:
        return None
    while head[-1] > LOW:
        head += read(1)
    return read_varint(head, 0)[0]

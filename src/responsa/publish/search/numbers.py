"""Numbers of articles that depend on which articles there are and on nothing else, not on the order they came in.

Each article has a seat by the hash of its address, among twice to four times as many seats as articles. Where two
want the same one, the greater hash moves on to the next that is free. Adding an article moves one other on average.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

_BITS: Final = 63
"""SQLite's integers have a sign."""


def hash_of(url: str) -> int:
    """A number of 63 bits."""
    return int.from_bytes(blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def span_of(articles: int) -> int:
    """The bits of a number. It changes where the number of articles passes a power of two: then all is made again."""
    return max(8, articles.bit_length() + 1)


def numbered(hashes: Iterable[int], span: int) -> Iterator[int]:
    """The numbers of articles in the order of their hashes, which must rise. The last may lie beyond the span."""
    last = -1
    for value in hashes:
        last = max(value >> (_BITS - span), last + 1)
        yield last

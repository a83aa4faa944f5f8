"""Sorted numbers with levels as bits: Rice codes of the gaps, near what entropy allows and fast without a library.

A posting is ``id << 3 | level``. Bits are text of 0 and 1 while they are worked on, since joining strings and
``int(text, 2)`` are the quickest ways there are in Python.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from operator import sub
from typing import Final

WIDTH: Final = 3
"""Bits of a level."""
MASK: Final = (1 << WIDTH) - 1
LOW, MORE = 0x7F, 0x80
"""Of a byte of a ``varint``: its part of the number, and that more bytes follow."""


def rice(count: int, span: int) -> int:
    """How many low bits of a gap are written as they are, where ``count`` ids lie below ``1 << span``."""
    return max(0, ((69 << span) // (100 * max(count, 1))).bit_length() - 1)


def encode(postings: Sequence[int], span: int, width: int = WIDTH) -> str:
    """The bits of sorted postings; of each level the lowest ``width`` bits."""
    codes = _codes(rice(len(postings), span), width)
    before = [-1 << WIDTH, *[posting & ~MASK for posting in postings]]
    return "".join(map(codes.__getitem__, map(sub, postings, before)))


def decode(bits: str, at: int, count: int, span: int, *, width: int = WIDTH) -> tuple[list[int], int]:
    """The postings that begin at a place of ``bits``, and the place after them."""
    low = rice(count, span)
    found: list[int] = []
    number = -1
    for match in islice(_symbol(low, width).finditer(bits, at), count):
        number += ((match.end(1) - match.start(1)) << low) + int(match[2] or "0", 2) + 1
        found.append(number << WIDTH | int(match[3] or "0", 2))
        at = match.end()
    if len(found) != count:
        raise ValueError("the list is cut off")
    return found, at


def packed(bits: str) -> bytes:
    """Whole bytes, the rest filled with zeros."""
    return int(bits + "0" * (-len(bits) % 8), 2).to_bytes(-(-len(bits) // 8), "big") if bits else b""


def unpacked(content: bytes) -> str:
    """The bits of bytes."""
    return f"{int.from_bytes(content, 'big'):0{8 * len(content)}b}" if content else ""


def varint(number: int) -> bytes:
    """Seven bits a byte, lowest first; the highest bit says that more follow."""
    found = bytearray()
    while number > LOW:
        found.append(number & LOW | MORE)
        number >>= 7
    found.append(number)
    return bytes(found)


def read_varint(content: bytes, at: int) -> tuple[int, int]:
    """The number that begins at a place, and the place after it. Raises ``IndexError`` where it is cut off."""
    number = shift = 0
    while (byte := content[at]) > LOW:
        number |= (byte & LOW) << shift
        shift, at = shift + 7, at + 1
    return number | byte << shift, at + 1


class _Codes(dict[int, str]):
    """Bits of a gap with its level, each worked out once."""

    def __init__(self, low: int, width: int) -> None:
        super().__init__()
        self.low, self.width = low, width

    def __missing__(self, key: int) -> str:
        gap = (key >> WIDTH) - 1
        plain = f"{gap & ((1 << self.low) - 1):0{self.low}b}" if self.low else ""
        level = f"{key & ((1 << self.width) - 1):0{self.width}b}" if self.width else ""
        code = f"{'1' * (gap >> self.low)}0{plain}{level}"
        if len(self) < 1 << 12:
            self[key] = code
        return code


@lru_cache(maxsize=64)
def _codes(low: int, width: int) -> _Codes:
    return _Codes(low, width)


@lru_cache(maxsize=64)
def _symbol(low: int, width: int) -> re.Pattern[str]:
    return re.compile(f"(1*)0([01]{{{low}}})([01]{{{width}}})")

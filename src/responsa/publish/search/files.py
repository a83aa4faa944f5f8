"""The files of the index: what they are called and how lists and shards of words lie in them.

A frequent word has a file of its own. One that is in very many articles has two: its best postings, and the rest,
which a reader's browser asks for only where a query leaves room. Rare words share files.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from responsa.publish.search.bits import MASK, WIDTH, decode, encode, packed, read_varint, unpacked, varint
from responsa.publish.search.entry import SUBJECT

FOLDER: Final = "search"
MANIFEST: Final = f"{FOLDER}/index.json"
FREQUENT: Final = 800
"""Articles above which a word has its own file."""
SPLIT: Final = 3
"""The size, as ``size`` has it, from which a word has two files: 2,263 articles."""
BEST: Final = 2
"""The level from which a posting is among the best of its word: 38% of them in the real library."""
ROOM: Final = 1800
"""Postings and words' letters in a shard, on average: about 3 kB."""
WORD: Final = 5
"""What a word itself takes, in postings."""
OFFERED: Final = 4
"""Articles from which a rare word is offered to one who mistypes it."""

Postings = Sequence[int]


class File(Struct, frozen=True, array_like=True):
    """A file of the site; without content it is to go."""

    path: str
    content: bytes | None


def own(term: str, count: int) -> bool:
    """Whether a word has files of its own."""
    return count > FREQUENT or term.startswith(SUBJECT)


def size(count: int) -> int:
    """Twice the logarithm of a count's share of ``FREQUENT``, rounded down."""
    return max(0, (count * count // (FREQUENT * FREQUENT)).bit_length() - 1)


def has_rest(term: str, count: int) -> bool:
    """Whether a frequent word has a second file."""
    return not term.startswith(SUBJECT) and size(count) >= SPLIT


def name(text: str) -> str:
    """``text`` where it is short and plain, else its UTF-8 in hex: no word can leave the folder or name a device."""
    plain = text.isascii() and text.replace("-", "").isalnum() and text == text.lower()
    return f"-{text}" if plain or not text else f"_{text.encode().hex()}"


def list_path(term: str) -> str:
    """Of a word, or of a subject."""
    kind, text = ("f", term[len(SUBJECT) :]) if term.startswith(SUBJECT) else ("w", term)
    return f"{FOLDER}/{kind}/{name(text)}.bin"


def rest_path(term: str) -> str:
    """Of the postings of a word that are not among its best."""
    return f"{FOLDER}/r/{name(term)}.bin"


def shard_path(start: str) -> str:
    """Of rare words from those letters on."""
    return f"{FOLDER}/s/{name(start)}.bin"


def letter_path(letter: str) -> str:
    """Of rare words that begin with a letter."""
    return f"{FOLDER}/v/{name(letter)}.txt"


def letter_file(letter: str, words: Iterable[str]) -> File:
    """Rare words that a typo can have meant, in order."""
    text = " ".join(sorted(words))
    return File(letter_path(letter), text.encode() if text else None)


def offered(term: str, count: int) -> bool:
    """Whether a word stands in the file of its letter. Words that are not of Latin letters stand in none."""
    return OFFERED <= count <= FREQUENT and "a" <= term[0] <= "z"


def list_files(term: str, postings: Postings, span: int) -> Iterator[File]:
    """The file or the two files of a word or a subject."""
    head = varint(len(postings))
    if not has_rest(term, len(postings)):
        width = 0 if term.startswith(SUBJECT) else WIDTH
        yield File(list_path(term), head + head + packed(encode(postings, span, width)))
        return
    best = [posting for posting in postings if posting & MASK >= BEST]
    rest = [posting for posting in postings if posting & MASK < BEST]
    yield File(list_path(term), head + varint(len(best)) + packed(encode(best, span)))
    yield File(rest_path(term), varint(len(rest)) + packed(encode(rest, span, 1)))


def read_list(term: str, content: bytes, span: int) -> tuple[int, list[int]]:
    """How many postings a word has, and those that its first file holds."""
    count, at = read_varint(content, 0)
    held, at = read_varint(content, at)
    width = 0 if term.startswith(SUBJECT) else WIDTH
    return count, decode(unpacked(content[at:]), 0, held, span, width=width)[0]


def read_rest(content: bytes, span: int) -> list[int]:
    """What the second file of a word holds."""
    count, at = read_varint(content, 0)
    return decode(unpacked(content[at:]), 0, count, span, width=1)[0]


def shard_file(start: str, terms: Mapping[str, Postings], span: int) -> File:
    """Words in order, each without the letters it shares with the one before; then all their lists without a gap."""
    words, lists, before = [varint(len(terms))], [], ""
    for term in sorted(terms):
        shared = _shared(before, term)
        ending = term[shared:].encode()
        words.append(bytes((shared, len(ending))) + ending + varint(len(terms[term])))
        lists.append(encode(terms[term], span))
        before = term
    return File(shard_path(start), b"".join(words) + packed("".join(lists)))


def read_shard(content: bytes, span: int) -> dict[str, list[int]]:
    """Every word of a shard."""
    total, at = read_varint(content, 0)
    counts: dict[str, int] = {}
    before = ""
    for _ in range(total):
        shared, length = content[at], content[at + 1]
        before = before[:shared] + content[at + 2 : at + 2 + length].decode()
        counts[before], at = read_varint(content, at + 2 + length)
    bits, place = unpacked(content[at:]), 0
    found: dict[str, list[int]] = {}
    for term, count in counts.items():
        found[term], place = decode(bits, place, count, span)
    return found


def cuts(term: str, count: int) -> bool:
    """Whether a rare word begins a shard: the likelier the more room it takes, so that shards are of like sizes.

    Only the word and its count decide, so that other words never move a cut.
    """
    return int.from_bytes(blake2b(term.encode(), digest_size=4).digest(), "big") % ROOM < count + WORD


def shards(terms: Iterable[tuple[str, Postings]], first: str) -> Iterator[tuple[str, dict[str, Postings]]]:
    """Rare words in order, by the word that begins their shard; those before the first cut begin with ``first``."""
    start = first
    held: dict[str, Postings] = {}
    for term, postings in terms:
        if cuts(term, len(postings)) and held:
            yield start, held
            held = {}
        if not held and cuts(term, len(postings)):
            start = term
        held[term] = postings
    if held:
        yield start, held


def _shared(before: str, term: str) -> int:
    length = 0
    for a, b in zip(before, term, strict=False):
        if a != b:
            break
        length += 1
    return length

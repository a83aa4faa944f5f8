"""The one file that a page's script reads first: what there is, how text becomes stems, and what lies where."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from responsa.publish.search.entry import LOWEST, STEP
from responsa.publish.search.files import BEST, FREQUENT, MANIFEST, SPLIT, File
from responsa.publish.search.words import LONGEST, SHORTEST, STEPS, STOPWORDS, UNSPACED

VERSION: Final = 1
FACES: Final = 7
"""Numbers whose low seven bits differ share a file of faces: 32 to 64 articles."""
_SCALE: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Shelf(Struct, frozen=True, array_like=True):
    """A subject that has articles."""

    slug: str
    title: str
    count: int


class Manifest(Struct, frozen=True):
    """``words`` are those with files of their own and ``sizes`` a sign each; ``starts`` where shards begin, which is
    nowhere for the words before the first cut; ``letters`` are those whose rare words are in a file.


    A sign stands for at least ``frequent`` times two to the power of half its place in 0 to 9, A to Z, a to z.
    """

    articles: int
    span: int
    words: str
    sizes: str
    starts: str
    letters: str
    subjects: tuple[Shelf, ...]
    version: int = VERSION
    faces: int = FACES
    frequent: int = FREQUENT
    split: int = SPLIT
    best: int = BEST
    lowest: float = LOWEST
    step: float = STEP
    longest: int = LONGEST
    shortest: int = SHORTEST
    stop: str = STOPWORDS
    steps: tuple[tuple[int, str], ...] = STEPS
    unspaced: str = UNSPACED

    def file(self) -> File:
        """As it is published."""
        return File(MANIFEST, msgspec.json.encode(self))


def manifest(
    articles: int,
    span: int,
    *,
    sizes: dict[str, int],
    starts: Iterable[str],
    letters: Iterable[str],
    subjects: Iterable[Shelf],
) -> Manifest:
    """``sizes`` are those of the words that have files of their own."""
    words = sorted(sizes)
    return Manifest(
        articles=articles,
        span=span,
        words=" ".join(words),
        sizes="".join(_SCALE[min(sizes[word], len(_SCALE) - 1)] for word in words),
        starts=" ".join(sorted(starts)),
        letters="".join(sorted(letters)),
        subjects=tuple(sorted(subjects, key=lambda shelf: (shelf.title.casefold(), shelf.slug))),
    )


def read_manifest(content: bytes) -> Manifest:
    """What a build wrote. Raises ``msgspec.MsgspecError`` where it is none."""
    return msgspec.json.decode(content, type=Manifest)


def size_of(sign: str) -> int:
    """What a sign stands for."""
    return _SCALE.index(sign)


def faces_path(number: int) -> str:
    """Where the face of an article lies."""
    return f"search/d/{number >> FACES}.json"


def faces_file(number: int, faces: Sequence[tuple[int, bytes]]) -> File:
    """The faces that lie where ``number``'s does: the numbers in one list, then a list for each article."""
    if not faces:
        return File(faces_path(number), None)
    places = ",".join(str(each & ((1 << FACES) - 1)) for each, _ in faces)
    lists = b",".join(face for _, face in faces)
    return File(faces_path(number), b"[[" + places.encode() + b"]," + lists + b"]")

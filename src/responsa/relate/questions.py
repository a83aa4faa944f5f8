"""All questions side by side: a row a question, however many articles ask it word for word, by the question's key.

Columns, so that an edit of one article changes a few rows of them. Each row is stood for by its listed, oldest article.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.relate.bags import Words, renamed, words_of
from responsa.relate.nearest import LENGTH
from responsa.relate.pages import Page
from responsa.relate.roll import NOWHERE, Hashes, Places, Roll, hashed, joined, taken
from responsa.relate.whole import Floats, Ints, whole
from responsa.relate.words import number

Embed = Callable[[Sequence[str]], Floats]
"""Unit vectors of questions, a row a text: what an index keeps, or an encoder makes."""

TOLD: Final = 1.0
SAID: Final = 0.55
"""What words of description and answer weigh beside one of the question."""


class Questions(Struct, frozen=True):
    """Columns by row. ``faces`` are places of articles; texts are stood for by their hashes; ``telling`` is ``meant``.

    ``vectors`` are whole numbers of length ``LENGTH``, in 16 bits.
    """

    faces: Places
    keys: Hashes
    titles: Hashes
    shelves: Hashes
    answers: Hashes
    telling: Hashes
    shown: NDArray[np.bool_]
    numbers: NDArray[np.float64]
    vectors: NDArray[np.int16]
    start: Places
    ids: Ints
    counts: Floats
    names: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.faces)

    @property
    def words(self) -> Words:
        """The words of each row."""
        return Words(self.start, self.ids, self.counts, self.names)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Renewal(Struct, frozen=True):
    """Questions after a change. ``moved``: the row that each old one is now, where it is stood for by the same page."""

    questions: Questions
    moved: Places


_NO_TEXTS: Final = np.zeros(0, np.uint64)
NONE: Final = Questions(
    faces=np.zeros(0, np.int64),
    keys=_NO_TEXTS,
    titles=_NO_TEXTS,
    shelves=_NO_TEXTS,
    answers=_NO_TEXTS,
    telling=_NO_TEXTS,
    shown=np.zeros(0, np.bool_),
    numbers=np.zeros(0, np.float64),
    vectors=np.zeros((0, 0), np.int16),
    start=np.zeros(1, np.int64),
    ids=np.zeros(0, np.int32),
    counts=np.zeros(0, np.float32),
    names=np.zeros(0, np.uint32),
)


def renewed(before: Questions, old: Roll, roll: Roll, moved: Places, embed: Embed) -> Renewal:
    """The questions of ``roll``, of which ``moved`` tells where the articles of ``old`` are; as if made anew."""
    touched = _touched(old, roll, moved)
    stays = np.flatnonzero(~np.isin(before.keys, touched))
    new = _rows(roll, touched)
    keys = [page.key for _, page in new]
    points = _insertions(before, old, stays, keys)
    order = np.insert(stays, points, np.arange(len(before), len(before) + len(new)))
    fresh = _columns(new, _vectors(before, [page for _, page in new], embed))
    here = np.full(len(before) + len(new), NOWHERE, np.int64)
    here[order] = np.arange(len(order))
    placed = {"faces": moved[before.faces] if len(before) else before.faces}
    words = words_of([bag(page) for _, page in new])
    return Renewal(_merged({**before.arrays(), **placed}, fresh, words, order), here[: len(before)])


def _touched(old: Roll, roll: Roll, moved: Places) -> Hashes:
    """Keys of questions that are asked by other articles than before."""
    there = np.flatnonzero(moved >= 0)
    was, now = old.published.copy(), roll.published.copy()
    same = there[old.published[there] & roll.published[moved[there]]]
    was[same], now[moved[same]] = False, False
    return np.union1d(old.keys[was], roll.keys[now])


def _rows(roll: Roll, touched: Hashes) -> list[tuple[int, Page]]:
    """Who stands for each of these questions, with its place, by the question's key."""
    places = np.flatnonzero(roll.published & np.isin(roll.keys, touched))
    groups: dict[str, list[int]] = {}
    for place in places.tolist():
        groups.setdefault(roll[place].key, []).append(place)
    return [_face(roll, groups[key]) for key in sorted(groups)]


def _face(roll: Roll, places: Sequence[int]) -> tuple[int, Page]:
    pages = ((place, roll[place]) for place in places)
    return min(pages, key=lambda one: (not one[1].listed, one[1].date or "9999", one[1].url))


def _insertions(before: Questions, old: Roll, stays: Places, keys: Iterable[str]) -> list[int]:
    """Before which of the rows that stay each key belongs; keys ascend."""

    def of_row(row: int) -> str:
        return old[int(before.faces[row])].key

    found, low = list[int](), 0
    for key in keys:
        low = bisect_left(stays, key, low, key=of_row)
        found.append(low)
    return found


def _vectors(before: Questions, pages: Sequence[Page], embed: Embed) -> NDArray[np.int16]:
    """Vectors of the pages' questions; those that are known are not encoded again."""
    titles = np.array([hashed(page.title) for page in pages], np.uint64)
    order = np.argsort(before.titles)
    at = np.searchsorted(before.titles[order], titles)
    known = np.zeros(len(titles), np.bool_)
    inside = at < len(before)
    known[inside] = before.titles[order[at[inside]]] == titles[inside]
    lacking = np.flatnonzero(~known)
    if not len(lacking):
        return before.vectors[order[at]]
    made = whole(embed([pages[place].title for place in lacking.tolist()]), LENGTH)
    found = np.zeros((len(pages), made.shape[1]), np.int16)
    found[lacking] = made
    if known.any():
        found[known] = before.vectors[order[at[known]]]
    return found


def _columns(new: Sequence[tuple[int, Page]], vectors: NDArray[np.int16]) -> Mapping[str, NDArray[Any]]:
    pages = [page for _, page in new]
    numbers = [float(page.id) if isinstance(page.id, int) else np.nan for page in pages]
    texts: dict[str, Iterator[str]] = {
        "keys": (page.key for page in pages), "titles": (page.title for page in pages),
        "shelves": (page.slug for page in pages), "answers": (page.digest for page in pages),
        "telling": (page.meant for page in pages),
    }  # fmt: skip
    return {
        "faces": np.array([place for place, _ in new], np.int64),
        **{name: np.fromiter(map(hashed, column), np.uint64, len(new)) for name, column in texts.items()},
        "shown": np.array([page.listed for page in pages], np.bool_),
        "numbers": np.array(numbers, np.float64),
        "vectors": vectors,
    }  # fmt: skip


def bag(page: Page) -> dict[int, float]:
    """A page's words with what each counts beside how rare it is: least, what only the answer says."""
    said = dict.fromkeys(np.frombuffer(page.said, np.uint32).tolist(), SAID)
    return said | dict.fromkeys(map(number, page.told), TOLD) | dict.fromkeys(map(number, page.asked), 1.0)


def _merged(old: Mapping[str, NDArray[Any]], new: Mapping[str, NDArray[Any]], words: Words, order: Places) -> Questions:
    words = renamed(words, old["names"])
    if not len(old["faces"]):
        return Questions(**new, start=words.start, ids=words.ids, counts=words.counts, names=words.names)
    plain = {name: np.concatenate([old[name], new[name]])[order] for name in new}
    starts = joined(old["start"], words.start)
    ids, start = taken(np.concatenate([old["ids"], words.ids]), starts, order)
    counts, _ = taken(np.concatenate([old["counts"], words.counts]), starts, order)
    return Questions(**plain, start=start, ids=ids, counts=counts, names=words.names)

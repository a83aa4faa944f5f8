"""All articles as relating knows them, packed by path: one is unpacked where somebody looks at it."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, ValuesView
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from responsa.article import Url
from responsa.relate.lazy import Lazy
from responsa.relate.pages import Page

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Page)
NOWHERE: Final = -1


def hashed(text: str) -> int:
    """Eight bytes that stand for a text; no two of a million share theirs."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


class Roll(Lazy[Page]):
    """Articles in the order of their paths. ``urls`` and ``keys`` stand for addresses and questions."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._data, self._starts = arrays["data"], arrays["starts"]
        self.urls: Hashes = arrays["urls"]
        self.keys: Hashes = arrays["keys"]
        self.held: NDArray[np.bool_] = arrays["held"]
        if not len(self._starts) - 1 == len(self.urls) == len(self.keys) == len(self.held):
            raise ValueError("the parts of the articles do not fit together")
        self._seen: dict[int, Page] = {}
        self._published: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, pages: Iterable[Page]) -> "Roll":
        """Those pages."""
        ordered = sorted(pages, key=lambda page: page.path)
        found = cls(_packed(ordered))
        found._seen = dict(enumerate(ordered))
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept."""
        own = {"data": self._data, "starts": self._starts, "urls": self.urls, "keys": self.keys}
        return {**own, "held": self.held}

    def __len__(self) -> int:
        return len(self.urls)

    def _at(self, at: int) -> Page:
        if at not in self._seen:
            data = self._data[int(self._starts[at]) : int(self._starts[at + 1])]
            try:
                self._seen[at] = _DECODER.decode(data.tobytes())
            except msgspec.MsgspecError as error:
                raise ValueError(f"what relating knows of an article is damaged: {error}") from error
        return self._seen[at]

    @property
    def published(self) -> NDArray[np.bool_]:
        """Which get a page: those not held; of several with one address the first, as the site has it."""
        if self._published is None:
            self._published = np.zeros(len(self), np.bool_)
            open_ = np.flatnonzero(~self.held)
            self._published[open_[np.unique(self.urls[open_], return_index=True)[1]]] = True
        return self._published

    def place(self, path: str) -> int:
        """Where the article of a file is; ``NOWHERE`` if it is not there."""
        at = self.insertion(path)
        return at if at < len(self) and self[at].path == path else NOWHERE

    def insertion(self, path: str) -> int:
        """Where the article of a file would be."""
        return bisect_left(self, path, key=lambda page: page.path)

    def replaced(self, gone: Iterable[str], new: Sequence[Page]) -> "tuple[Roll, Places]":
        """Without the articles of files that are ``gone`` and with new ones, and where each article is now."""
        new = sorted(new, key=lambda page: page.path)
        lost = {self.place(path) for path in {*gone, *(page.path for page in new)}} - {NOWHERE}
        kept = np.setdiff1d(np.arange(len(self)), np.array(sorted(lost), np.int64))
        points = np.searchsorted(kept, [self.insertion(page.path) for page in new])
        order = np.insert(kept, points, np.arange(len(self), len(self) + len(new)))
        found = Roll(_taken(self.arrays(), _packed(new), order))
        moved = np.full(len(self) + len(new), NOWHERE, np.int64)
        moved[order] = np.arange(len(order))
        found._seen = {int(moved[at]): page for at, page in self._seen.items() if moved[at] >= 0}
        found._seen |= {int(moved[len(self) + at]): page for at, page in enumerate(new)}
        return found, moved[: len(self)]


class ByUrl(Mapping[Url, Page]):
    """The published articles by address, in the order of their paths."""

    def __init__(self, roll: Roll) -> None:
        self._roll = roll
        places = np.flatnonzero(roll.published)
        order = np.argsort(roll.urls[places])
        self._places, self._sorted, self._hashes = places, places[order], roll.urls[places][order]

    def __getitem__(self, url: Url) -> Page:
        at = int(np.searchsorted(self._hashes, np.uint64(hashed(url))))
        if at < len(self._sorted):
            page = self._roll[int(self._sorted[at])]
            if page.url == url:
                return page
        raise KeyError(url)

    def __iter__(self) -> Iterator[Url]:
        return (self._roll[place].url for place in self._places.tolist())

    def __len__(self) -> int:
        return len(self._places)

    def values(self) -> "_Pages":
        """The articles, without looking each up."""
        return _Pages(self, self._roll, self._places)


class _Pages(ValuesView[Page]):
    def __init__(self, mapping: ByUrl, roll: Roll, places: Places) -> None:
        super().__init__(mapping)
        self._roll, self._places = roll, places

    def __iter__(self) -> Iterator[Page]:
        return (self._roll[place] for place in self._places.tolist())


def taken(values: NDArray[Any], starts: Places, order: Places) -> tuple[NDArray[Any], Places]:
    """Runs of values in another order, with where each begins. What stays side by side is copied together."""
    ends = np.zeros(len(order) + 1, np.int64)
    np.cumsum(np.diff(starts)[order], out=ends[1:])
    breaks = np.flatnonzero(np.diff(order) != 1) + 1
    firsts, lasts = np.append(order[:1], order[breaks]), np.append(order[breaks - 1], order[-1:])
    parts = [values[start:end] for start, end in zip(starts[firsts].tolist(), starts[lasts + 1].tolist(), strict=True)]
    return np.concatenate(parts) if parts else values[:0], ends


def joined(one: Places, other: Places) -> Places:
    """The beginnings of two rows of runs, laid end to end."""
    return np.concatenate([one, other[1:] + one[-1]])


def _taken(old: Mapping[str, NDArray[Any]], new: Mapping[str, NDArray[Any]], order: Places) -> dict[str, NDArray[Any]]:
    both = {name: np.concatenate([old[name], new[name]]) for name in old}
    data, starts = taken(both["data"], joined(old["starts"], new["starts"]), order)
    return {"data": data, "starts": starts} | {name: both[name][order] for name in ("urls", "keys", "held")}


def _packed(pages: Sequence[Page]) -> dict[str, NDArray[Any]]:
    packed = [_ENCODER.encode(page) for page in pages]
    starts = np.zeros(len(packed) + 1, np.int64)
    np.cumsum([len(one) for one in packed], out=starts[1:])
    return {
        "data": np.frombuffer(b"".join(packed), np.uint8), "starts": starts,
        "urls": np.array([hashed(page.url) for page in pages], np.uint64),
        "keys": np.array([hashed(page.key) for page in pages], np.uint64),
        "held": np.array([page.held for page in pages], np.bool_),
    }  # fmt: skip

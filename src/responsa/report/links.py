"""The graph of related links: who is led to, who leads nowhere, and into how many pieces the library falls.

Held in arrays of numbers, eight bytes an article and four a link, so that a million articles fit.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from responsa.report.articles import Node

STEPS: Final = (0, 1, 2, 3, 5, 10, 20, 50, 100)
"""Where a column of the chart of links begins."""


class Column(Struct, frozen=True):
    """Articles that so many others lead to."""

    label: str
    articles: int


class Graph(Struct, frozen=True):
    """Links among published articles. An ``orphan`` is led to by none, a ``dead end`` leads to none.

    ``lost`` links lead to nothing that is published. ``pages``, ``orphans`` and ``dead_ends`` are counts by subject;
    ``between`` counts links from one subject to another. ``islands`` are pieces without any link between them, by size.
    """

    articles: int
    links: int
    lost: int
    pages: dict[str, int]
    columns: tuple[Column, ...]
    orphans: dict[str, int]
    dead_ends: dict[str, int]
    between: dict[str, dict[str, int]]
    islands: tuple[tuple[int, int], ...]
    alone: tuple[int, ...]

    @property
    def largest(self) -> int:
        """Articles in the largest piece."""
        return max((size for size, _ in self.islands), default=0)

    @property
    def pieces(self) -> int:
        """How many pieces there are."""
        return sum(count for _, count in self.islands)


class Links:
    """Collects articles one by one; ``graph`` says what they make together."""

    def __init__(self, moved: Mapping[int, int]) -> None:
        self._moved = moved
        self._numbers, self._shelves = array("Q"), array("I")
        self._slugs: dict[str, int] = {}
        self._ends, self._targets = array("Q"), array("Q")

    def add(self, node: Node) -> None:
        """In the order of paths: of two with one address the first is the one that is published."""
        self._numbers.append(node.number)
        self._shelves.append(self._slugs.setdefault(node.slug, len(self._slugs)))
        self._targets.extend(self._moved.get(target, target) for target in node.targets)
        self._ends.append(len(self._targets))

    def graph(self) -> Graph:
        """``alone`` are places, from 0 in the order of paths, of the first articles that no other leads to."""
        order = self._order()
        alive = bytearray(len(self._numbers))
        for place in order.values:
            alive[place] = 1
        into, out = array("I", bytes(4 * len(alive))), array("I", bytes(4 * len(alive)))
        pieces = _Pieces(len(alive))
        lost = links = 0
        between: Counter[tuple[int, int]] = Counter()
        for place in range(len(alive)):
            for target in self._leads(place) if alive[place] else ():
                found = order.find(target)
                if found is None:
                    lost += 1
                elif found != place:
                    links += 1
                    into[found] += 1
                    out[place] += 1
                    pieces.join(place, found)
                    between[self._shelves[place], self._shelves[found]] += 1
        living = [place for place in range(len(alive)) if alive[place]]
        orphans = [place for place in living if not into[place]]
        return Graph(
            articles=len(living),
            links=links,
            lost=lost,
            pages=self._by_subject(living),
            columns=tuple(_columns(into[place] for place in living)),
            orphans=self._by_subject(orphans),
            dead_ends=self._by_subject(place for place in living if not out[place]),
            between=self._named(between),
            islands=tuple(sorted(Counter(pieces.sizes(living)).items(), reverse=True)),
            alone=tuple(orphans[:10]),
        )

    def _order(self) -> "_Order":
        places = sorted(range(len(self._numbers)), key=lambda place: (self._numbers[place], place))
        kept = [
            place for at, place in enumerate(places)
            if at == 0 or self._numbers[places[at - 1]] != self._numbers[place]
        ]  # fmt: skip
        return _Order(array("Q", (self._numbers[place] for place in kept)), array("I", kept))

    def _leads(self, place: int) -> Iterator[int]:
        start = self._ends[place - 1] if place else 0
        return iter(self._targets[start : self._ends[place]])

    def _by_subject(self, places: Iterable[int]) -> dict[str, int]:
        slugs = list(self._slugs)
        counts = Counter(slugs[self._shelves[place]] for place in places)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _named(self, between: Counter[tuple[int, int]]) -> dict[str, dict[str, int]]:
        slugs = list(self._slugs)
        found: dict[str, dict[str, int]] = {}
        for (source, target), count in sorted(between.items(), key=lambda item: (slugs[item[0][0]], slugs[item[0][1]])):
            found.setdefault(slugs[source], {})[slugs[target]] = count
        return found


class _Order(Struct, frozen=True):
    """Numbers in order, each with the place of its article."""

    numbers: "array[int]"
    values: "array[int]"

    def find(self, number: int) -> int | None:
        at = bisect_left(self.numbers, number)
        return self.values[at] if at < len(self.numbers) and self.numbers[at] == number else None


class _Pieces:
    """Which articles hang together, by union-find with path halving; a root is the least place of its piece."""

    def __init__(self, count: int) -> None:
        self._above = array("I", range(count))

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self._above[high] = low

    def sizes(self, living: Iterable[int]) -> Iterator[int]:
        return iter(Counter(map(self._root, living)).values())

    def _root(self, place: int) -> int:
        above = self._above
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place


def _columns(counts: Iterable[int]) -> Iterator[Column]:
    found = Counter(max(step for step in STEPS if step <= count) for count in counts)
    for start, end in zip(STEPS, (*STEPS[1:], 0), strict=True):
        label = str(start) if end == start + 1 else f"{start}+" if not end else f"{start}\N{EN DASH}{end - 1}"
        yield Column(label, found[start])

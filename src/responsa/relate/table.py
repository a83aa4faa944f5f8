"""The questions of a library as others look at them: articles by address, rows by question, how near two rows are."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from responsa.relate.bags import Bags, weigh
from responsa.relate.lazy import Lazy
from responsa.relate.nearest import LENGTH, SPREAD, UNIT, Compared
from responsa.relate.pages import Page
from responsa.relate.questions import Questions
from responsa.relate.rank import Traits
from responsa.relate.roll import ByUrl, Roll, hashed
from responsa.relate.whole import Floats


class Table:
    """Rows in the order of the questions' keys. ``faces[row]`` stands for a row: its listed, oldest article."""

    def __init__(self, roll: Roll, questions: Questions) -> None:
        self.roll, self.questions = roll, questions
        self.by_url = ByUrl(roll)
        self.row_of: Mapping[str, int] = _ByKey(self)
        self.faces: Sequence[Page] = _Faces(self)

    def __len__(self) -> int:
        return len(self.questions)

    @cached_property
    def vectors(self) -> Floats:
        """The faces' vectors, of length 1."""
        return self.questions.vectors * np.float32(1 / LENGTH)

    @cached_property
    def bags(self) -> Bags:
        """The faces' words."""
        return weigh(self.questions.words, SPREAD)

    @cached_property
    def compared(self) -> Compared:
        """What neighbours are found by."""
        return Compared(self.questions.vectors.astype(np.float32), self.bags, self.questions.numbers)

    @cached_property
    def traits(self) -> Traits:
        """What ranking looks at beside words."""
        rows = self.questions
        return Traits(rows.vectors, rows.shelves, rows.shown, rows.answers, rows.telling, _Telling(self.faces))

    def apart(self, one: int, other: int, repeat: float) -> bool:
        """Whether two rows are two questions."""
        if one == other or self.questions.telling[one] == self.questions.telling[other]:
            return False
        return self.cosine(one, other) < repeat

    def cosine(self, one: int, other: int) -> float:
        """How near two questions are in meaning."""
        vectors = self.questions.vectors
        return float(vectors[one].astype(np.float32) @ vectors[other].astype(np.float32)) / UNIT


class _Faces(Lazy[Page]):
    def __init__(self, table: Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    def _at(self, row: int) -> Page:
        return self._table.roll[int(self._table.questions.faces[row])]


class _ByKey(Mapping[str, int]):
    """Rows by the question's key."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._order = np.argsort(table.questions.keys)
        self._sorted = table.questions.keys[self._order]

    def __getitem__(self, key: str) -> int:
        at = int(np.searchsorted(self._sorted, np.uint64(hashed(key))))
        if at < len(self._sorted):
            row = int(self._order[at])
            if self._table.faces[row].key == key:
                return row
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (face.key for face in self._table.faces)

    def __len__(self) -> int:
        return len(self._table)


class _Telling(Lazy[frozenset[str]]):
    """The words that say what a row asks."""

    def __init__(self, faces: Sequence[Page]) -> None:
        self._faces = faces
        self._seen: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._faces)

    def _at(self, row: int) -> frozenset[str]:
        if row not in self._seen:
            self._seen[row] = frozenset(self._faces[row].meant.split())
        return self._seen[row]

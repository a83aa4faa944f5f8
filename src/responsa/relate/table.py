"""All questions side by side: one row a question, however many articles ask it word for word."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np

from responsa.article import Url  # noqa: TC001 - no TYPE_CHECKING blocks
from responsa.relate.bags import Bags, Floats, Ints, weigh
from responsa.relate.nearest import Compared
from responsa.relate.pages import Page
from responsa.relate.rank import Traits
from responsa.relate.words import number

Embed = Callable[[Sequence[str]], Floats]
"""Unit vectors of questions, a row a text: what an index keeps, or an encoder makes."""

TOLD: Final = 1.0
SAID: Final = 0.55
"""What words of description and answer weigh beside one of the question."""
FEW: Final = 50
"""Single vectors asked for, from which on all are read at once."""


class Table:
    """Rows in the order of the questions' keys. Each is stood for by its listed, oldest article: ``faces[row]``."""

    def __init__(self, pages: Sequence[Page], embed: Embed) -> None:
        self.by_url: dict[Url, Page] = {page.url: page for page in pages}
        groups: dict[str, list[Page]] = {}
        for page in pages:
            groups.setdefault(page.key, []).append(page)
        self.groups = [groups[key] for key in sorted(groups)]
        self.row_of: dict[str, int] = {key: row for row, key in enumerate(sorted(groups))}
        self.faces = [min(group, key=_face) for group in self.groups]
        self._embed = embed
        self._few: dict[int, Floats] = {}

    def __len__(self) -> int:
        return len(self.faces)

    @cached_property
    def vectors(self) -> Floats:
        """The faces' vectors."""
        return self._embed([face.title for face in self.faces])

    @cached_property
    def bags(self) -> Bags:
        """The faces' words."""
        return weigh([_bag(face) for face in self.faces])

    @cached_property
    def compared(self) -> Compared:
        """What neighbours are found by."""
        numbers = [float(face.id) if isinstance(face.id, int) else np.nan for face in self.faces]
        return Compared(self.vectors, self.bags, np.array(numbers, np.float64))

    @cached_property
    def askings(self) -> Ints:
        """Rows that ask the same by their telling words have the same number."""
        return _numbered([face.meant for face in self.faces])

    @cached_property
    def traits(self) -> Traits:
        """What ranking looks at beside words."""
        shelves, answers = _numbered([face.slug for face in self.faces]), _numbered([f.digest for f in self.faces])
        shown = np.array([face.listed for face in self.faces], np.bool_)
        telling = [frozenset(face.meant.split()) for face in self.faces]
        return Traits(self.vectors, shelves, shown, answers, self.askings, telling)

    @cached_property
    def marks(self) -> list[bytes]:
        """What a row's place among its neighbours depends on, in short."""
        marks = []
        for row, face in enumerate(self.faces):
            here = slice(self.bags.start[row], self.bags.start[row + 1])
            # Words by their names: numbers are dealt anew at every run.
            told = chain(
                (face.title, face.slug, str(face.listed), face.digest, str(face.id)),
                sorted(face.asked),
                sorted(face.told),
                (face.said.hex(),),
            )
            weights = np.sort(self.bags.weights[here]).tobytes()
            marks.append(hashlib.blake2b("\0".join(told).encode() + weights, digest_size=16).digest())
        return marks

    def apart(self, one: int, other: int, repeat: float) -> bool:
        """Whether two rows are two questions."""
        if one == other or self.askings[one] == self.askings[other]:
            return False
        return self.cosine(one, other) < repeat

    def cosine(self, one: int, other: int) -> float:
        """How near two questions are in meaning."""
        return float(self._vector(one) @ self._vector(other))

    def _vector(self, row: int) -> Floats:
        """One row's vector; all are read only once they are compared, not for the links of one article."""
        if "vectors" in self.__dict__ or len(self._few) > FEW:
            return np.asarray(self.vectors[row], np.float32)
        if row not in self._few:
            self._few[row] = self._embed([self.faces[row].title])[0]
        return self._few[row]


def _bag(page: Page) -> dict[int, float]:
    """A page's words with what each weighs beside how rare it is: least, what only the answer says."""
    said = dict.fromkeys(np.frombuffer(page.said, np.uint32).tolist(), SAID)
    return said | dict.fromkeys(map(number, page.told), TOLD) | dict.fromkeys(map(number, page.asked), 1.0)


def _face(page: Page) -> tuple[bool, str, str]:
    return (not page.listed, page.date or "9999", page.url)


def _numbered(names: Sequence[str]) -> Ints:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int32)

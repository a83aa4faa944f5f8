"""How often a question's neighbours name its subject, on the real library with its own subjects as labels.

    .venv/bin/python bench/quality/subjects.py [--folder LIBRARY] [--tune]

Questions that ask the same, or whose answer is the same, are one cluster; a fifth of the clusters (by the digest of the
cluster's first address) is held out, and only articles of the others have a vote. Beside it: the largest subject, and
the nearest neighbours by BM25 over question and answer. The library's own labels are about 9% wrong (200 audited), so
that no classifier can reach 1.
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from realdata import real_library

from responsa.describe.subjects import NEAREST, SHARPNESS, Guess, Near, voted
from responsa.index.encoders import encoder_of
from responsa.index.index import Index, open_index
from responsa.library.catalogue import refresh
from responsa.library.library import Library, read
from responsa.relate.now import vectors
from responsa.relate.pages import Page
from responsa.relate.related import Relations, relations

PARTS = 5
ASKED = 1100
Classify = Callable[[int], list[Guess]]


def main() -> None:
    wish = argparse.ArgumentParser()
    wish.add_argument("--folder", type=Path, default=None)
    wish.add_argument("--tune", action="store_true")
    told = wish.parse_args()
    library = read(told.folder or real_library())
    with refresh(library) as catalogue:
        encoder = encoder_of(library)
        with open_index(library, catalogue, encoder) as index:
            found = relations(library, catalogue, encoder.name, lambda texts: vectors(index, texts))
            Bench(library, index, found).run(tune=told.tune)


class Bench:
    def __init__(self, library: Library, index: Index, found: Relations) -> None:
        self.library, self.index, self.found = library, index, found
        self.faces = found.table.faces
        self.cluster = clusters(self.faces)
        parts = [hashlib.blake2b(self.cluster[row].encode()).digest()[0] % PARTS for row in range(len(self.faces))]
        self.held = [row for row, part in enumerate(parts) if part == 0]
        self.train = np.array([part != 0 for part in parts])
        self.matrix = np.asarray(found.table.vectors, np.float32)
        self.meant: dict[int, list[Near]] = {}
        self.both: dict[int, list[Guess]] = {}
        self.rows_of = {face.url: row for row, face in enumerate(self.faces)}

    def run(self, *, tune: bool) -> None:
        largest = Counter(face.slug for row, face in enumerate(self.faces) if self.train[row]).most_common(2)
        print(f"{len(self.faces):,} questions, {len(set(self.cluster)):,} clusters, {len(self.held):,} held out")
        always = [Guess(slug, slug, 0.0, ()) for slug, _ in largest]
        some = self.held[:: max(1, len(self.held) // ASKED)]
        print(f"{len(some):,} of them asked\n\n| by | accuracy | in the first two |\n|---|---|---|")
        self.show("the largest subject", lambda _row: always, some)
        self.show("BM25 neighbours", self.by_words, some)
        if tune:
            for nearest in (10, 20, 40):
                for sharpness in (4.0, 8.0, 12.0):
                    self.show(f"meaning, {nearest}, {sharpness}", self.by_meaning(nearest, sharpness), some)
        self.show("neighbours by meaning", self.by_meaning(NEAREST, SHARPNESS), some)
        self.show("neighbours by both", self.by_both, some)
        self.sure(self.by_both, some)

    def show(self, name: str, classify: Classify, rows: list[int]) -> None:
        ranks = [[guess.slug for guess in classify(row)[:2]] for row in rows]
        first = sum(rank[:1] == [self.faces[row].slug] for row, rank in zip(rows, ranks, strict=True))
        two = sum(self.faces[row].slug in rank for row, rank in zip(rows, ranks, strict=True))
        print(f"| {name} | {first / len(rows):.3f} | {two / len(rows):.3f} |")

    def sure(self, classify: Classify, rows: list[int]) -> None:
        """How often the first guess is the label, where it is at least so sure; and how many disagree."""
        guesses = [(row, found[0]) for row in rows if (found := classify(row))]
        print("\n| confidence at least | questions | first is the label | would be moved |\n|---|---|---|---|")
        for least in (0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99):
            here = [(row, guess) for row, guess in guesses if guess.confidence >= least]
            right = sum(self.faces[row].slug == guess.slug for row, guess in here)
            share = right / max(1, len(here))
            print(f"| {least} | {len(here) / len(guesses):.3f} | {share:.3f} | {len(here) - right:,} |")

    def by_meaning(self, nearest: int, sharpness: float) -> Classify:
        return lambda row: voted(self.library, self.near(row), nearest, sharpness)

    def near(self, row: int) -> list[Near]:
        """The articles of the others that ask the nearest."""
        if row not in self.meant:
            cosines = self.matrix @ self.matrix[row]
            cosines[~self.train] = -1.0
            best = np.argpartition(-cosines, 60)[:60]
            found = [Near(self.faces[at].subject, float(cosines[at]), self.faces[at].url) for at in best.tolist()]
            self.meant[row] = sorted(found, key=lambda one: (-one.nearness, one.url))
        return self.meant[row]

    def by_words(self, row: int) -> list[Guess]:
        return voted(self.library, list(self._words(row))[:NEAREST], NEAREST, 1.0)

    def by_both(self, row: int) -> list[Guess]:
        """Neighbours by words and by meaning, each with its nearest at 1: what `subjects` does with an index's hits."""
        if row not in self.both:
            words = list(self._words(row))[:NEAREST]
            top = max((one.nearness for one in words), default=1.0) or 1.0
            near = [Near(one.subject, one.nearness / top, one.url) for one in words]
            meant = self.near(row)[:NEAREST]
            best = max((one.nearness for one in meant), default=1.0) or 1.0
            near += [Near(one.subject, one.nearness / best, one.url) for one in meant]
            self.both[row] = voted(self.library, near, 2 * NEAREST, SHARPNESS)
        return self.both[row]

    def _words(self, row: int) -> Iterator[Near]:
        """Articles of the others by BM25 alone."""
        scores = self.index.words.search(self.faces[row].title).scores
        order = np.argsort(-scores, kind="stable")[:400]
        numbers = self.index.view.numbers[order].tolist()
        held = self.index.documents.at(numbers)
        for number, score in zip(numbers, scores[order].tolist(), strict=True):
            at = self.rows_of.get(held[number].url)
            if at is not None and self.train[at]:
                yield Near(held[number].subject, score, held[number].url)


def clusters(faces: list[Page]) -> list[str]:
    """Of each row the first address of its cluster: questions that mean the same, or have one answer."""
    first: dict[str, str] = {}
    names: list[str] = []
    for face in faces:
        name = first.get(f"a:{face.digest}") or first.get(f"q:{face.meant}") or face.url
        first.setdefault(f"a:{face.digest}", name)
        first.setdefault(f"q:{face.meant}", name)
        names.append(name)
    return names


if __name__ == "__main__":
    main()

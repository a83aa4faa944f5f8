"""The index of a library: brought up to date with its files, then asked."""

from pathlib import Path, PurePosixPath
from typing import Final, Self

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from responsa.article import Url
from responsa.errors import ResponsaError
from responsa.index.documents import Document
from responsa.index.encoder import Encoder, Floats
from responsa.index.fuse import MIX, Mix, Weights, fused
from responsa.index.refresh import Parts, Progress, Refresh, heal, made_by, parts_of, silent
from responsa.index.rows import Rows
from responsa.index.state import State
from responsa.index.stems import Stems, unquoted
from responsa.index.texts import Shard, encoded, key, read_texts
from responsa.index.view import cosines, lengths_of, quantised
from responsa.index.words import Lexical
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.library.lock import lock, private

NAME: Final = "index"
LOCK: Final = "index.lock"
TIES: Final = 200
"""Articles beyond the wanted ones among which equal scores are put in order."""
DIGITS: Final = 5
"""Of a score that count: beyond them processors differ."""
PLACED: Final = 30
"""First articles that are ranked anew by how the query's words stand together (docs/search.md)."""
_BLOCK: Final = 64
"""Scores of which only the highest is looked at first."""


class Hit(Struct, frozen=True):
    """An article that answers a query.

    ``score`` compares hits of one query only; ``words``: whether a word of the query is in the article;
    ``similarity`` is about the cosine of the two.
    """

    url: Url
    title: str
    subject: str
    score: float
    words: bool
    similarity: float
    document: Document


class Answered(Struct, frozen=True):
    """Hits, and what became of the query: ``respelled`` words, and whether the phrases in quotes were ``found``."""

    hits: list[Hit]
    respelled: dict[str, tuple[str, ...]] = {}
    found: bool = True


def open_index(
    library: Library,
    catalogue: Catalogue,
    encoder: Encoder,
    *,
    deep: bool = False,
    progress: Progress = silent,
) -> "Index":
    """The index as the catalogue is now. ``deep`` also encodes every answer that has no vector yet.

    What is damaged or made by another version or encoder is made again. A kill leaves the last whole state.
    """
    folder = private(library.folder) / NAME
    with lock(library.folder, LOCK, wait=True):
        _made(folder)
        parts = Refresh(library, catalogue, encoder, folder, progress).run(deep=deep)
    return Index(library, folder, parts, encoder)


def opened_at(library: Library, state: State, encoder: Encoder) -> "Index | None":
    """The index in a state that another process has open; nothing is written for it.

    ``None`` where that cannot be: its files went with a later state, or it was made by another encoder.
    """
    stems, folder = Stems(library.config.site.language), private(library.folder) / NAME
    if state.made_by != made_by(encoder, stems):
        return None
    try:
        return Index(library, folder, parts_of(folder, state, stems), encoder)
    except ValueError:
        return None


def _made(folder: Path) -> None:
    if folder.is_symlink():
        raise ResponsaError(f"{folder}: is a link; remove it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResponsaError(f"{folder}: cannot be made: {error.strerror}; remove what is there") from error


class Index:
    """Answers queries. Stays as it was opened, whatever other commands do to the library."""

    def __init__(self, library: Library, folder: Path, parts: Parts, encoder: Encoder) -> None:
        self.documents, self.view, self.words, self.encoder = parts.documents, parts.view, parts.words, encoder
        self.state, self.shelves, self.deep = parts.state, parts.state.shelves, parts.state.deep
        self._library, self._folder = library, folder
        self._vectors: dict[str, Rows] = {}
        self._everything = np.arange(len(self.view))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open but mapped files, which the interpreter gives back."""

    @property
    def questions(self) -> Rows:
        """The vectors of all questions, by ``Document.question``."""
        return self._rows("questions")

    @property
    def answers(self) -> Rows:
        """The vectors of questions with their answers, as far as they were encoded, by ``Document.text``."""
        return self._rows("answers")

    def search(self, query: str, k: int = 10, subject: str | None = None, mix: Mix = MIX, read: int = 0) -> list[Hit]:
        """The best ``k`` listed articles, best first, of one subject's slug if given; ties by address.

        ``read``: so many of the first articles have their answers encoded and are ranked anew, where not all
        answers have vectors. Those vectors are kept.
        """
        return self.answer(query, k, subject, mix, read).hits

    def answer(self, query: str, k: int = 10, subject: str | None = None, mix: Mix = MIX, read: int = 0) -> Answered:
        """As ``search``, with what became of the query. Where no article has its phrases, they count as words."""
        text = query.strip()
        if not text or k < 1 or not len(self.view) or (subject is not None and subject not in self.shelves):
            return Answered([], found=False)
        vector = self.encoder.encode([unquoted(text)])[0]
        lexical, near = self.words.search(text), self.view.similarity(vector)
        weights = mix.deep() if self.deep else mix.shallow(read=read > 0)
        rows, found = self._allowed(subject, lexical)
        placed = (self.deep or read > 0) and mix.text > 0
        wanted = max(k, read, PLACED if placed else 0)
        rows = _best(fused(lexical.scores, lexical.reach, near, weights), rows, wanted)
        hits = self._hits(rows, near[rows], lexical, weights)
        if read and not self.deep:
            first = self._read(hits[:read], vector, lexical, mix.deep())
            hits = first + [_below(hit, first[-1]) for hit in hits[read:]]
        if placed:
            hits = self._placed(hits, lexical, mix.place)
        return Answered(_distinct(hits)[:k], lexical.respelled, found)

    def _placed(self, hits: list[Hit], lexical: Lexical, weight: float) -> list[Hit]:
        """The first hits ranked anew by how much of the query stands in one place of each; the others below them."""
        first = hits[:PLACED]
        rows = np.searchsorted(self.view.numbers, [hit.document.number for hit in first])
        shares = (weight * self.words.together(lexical.sought, rows)).tolist()
        moved = [
            structs.replace(hit, score=round(hit.score + share, DIGITS))
            for hit, share in zip(first, shares, strict=True)
        ]
        moved.sort(key=_order)
        return moved + [_below(hit, moved[-1]) for hit in hits[PLACED:]]

    def _allowed(self, subject: str | None, lexical: Lexical) -> tuple[NDArray[np.intp], bool]:
        """Rows of the subject that hold the phrases, or all of the subject where none does; whether one does."""
        rows = self._everything if subject is None else np.flatnonzero(self.view.shelves == self.shelves.index(subject))
        if lexical.phrases is None:
            return rows, bool(len(rows))
        quoted = rows[lexical.phrases[rows]]
        return (quoted, True) if len(quoted) else (rows, False)

    def _hits(self, rows: NDArray[np.intp], near: Floats, lexical: Lexical, weights: Weights) -> list[Hit]:
        """Articles of rows whose similarity is ``near``, best first; ties by address."""
        scores = fused(lexical.scores[rows], lexical.reach, near, weights)
        numbers = self.view.numbers[rows].tolist()
        held = self.documents.at(numbers)
        hits = [
            Hit(
                held[number].url, held[number].title, held[number].subject, round(float(score), DIGITS),
                bool(lexical.scores[row] > 0), round(float(similarity), DIGITS), held[number],
            )
            for row, number, score, similarity in zip(rows, numbers, scores, near, strict=True)
        ]  # fmt: skip
        return sorted(hits, key=_order)

    def _read(self, hits: list[Hit], vector: Floats, lexical: Lexical, weights: Weights) -> list[Hit]:
        """Hits ranked anew by question and answer, as if all answers were encoded."""
        documents = [hit.document for hit in hits]
        if any(document.text not in self.answers for document in documents):
            self._encode([document for document in documents if document.text not in self.answers])
        # An article whose file was changed since has no vector of its answer: its question's stands for it.
        vectors = [
            self.answers.of([document.text])
            if document.text in self.answers
            else self.questions.of([document.question])
            for document in documents
        ]
        rows = np.searchsorted(self.view.numbers, [document.number for document in documents])
        dense = quantised(np.concatenate(vectors))
        return self._hits(rows, cosines(dense, lengths_of(dense), vector), lexical, weights)

    def _encode(self, documents: list[Document]) -> None:
        """Keep vectors of answers that have none yet."""
        texts = read_texts(Shard(self._library, [str(document.path) for document in documents]))
        wanted = {document.text for document in documents}
        keys = {key(self.encoder.name, encoded(text)): encoded(text) for text in texts}
        new = {name: text for name, text in keys.items() if name in wanted}
        vectors = self.encoder.encode([*new.values()])
        with lock(self._library.folder, LOCK, wait=True):
            self._vectors["answers"] = rows = self._opened("answers")
            fresh = rows.missing([*new])
            rows.add([[*new][at] for at in fresh], vectors[fresh])

    def _rows(self, kind: str) -> Rows:
        if kind not in self._vectors:
            with lock(self._library.folder, LOCK, wait=True):
                self._vectors[kind] = self._opened(kind)
                if kind == "questions":
                    heal(self._vectors[kind], self.documents.all(), self.encoder)
        return self._vectors[kind]

    def _opened(self, kind: str) -> Rows:
        return Rows(self._folder, f"{kind}-{self.encoder.name}", self.encoder.dims)


def _order(hit: Hit) -> tuple[float, Url, PurePosixPath]:
    return -hit.score, hit.url, hit.document.path


def _below(hit: Hit, last: Hit) -> Hit:
    """The hit with a score that is not above the last one of those that were ranked anew."""
    return structs.replace(hit, score=min(hit.score, last.score))


def _distinct(hits: list[Hit]) -> list[Hit]:
    """One hit an address, the first."""
    first: dict[Url, Hit] = {}
    for hit in hits:
        first.setdefault(hit.url, hit)
    return [*first.values()]


def _best(scores: Floats, rows: NDArray[np.intp], wanted: int) -> NDArray[np.intp]:
    """The best rows and those that tie with the last of them, of these at most ``TIES``."""
    if len(rows) <= wanted:
        return rows
    rows = _likely(scores, rows, wanted)
    rounded = np.round(scores[rows], DIGITS)
    least = np.partition(rounded, -wanted)[-wanted]
    above, level = rows[rounded > least], rows[rounded == least]
    return np.concatenate([above, level[:TIES]])


def _likely(scores: Floats, rows: NDArray[np.intp], wanted: int) -> NDArray[np.intp]:
    """Rows among which the best ``wanted`` are, with all that tie with them: far fewer to put in order."""
    there = scores if len(rows) == len(scores) else scores[rows]
    count = len(there) // _BLOCK
    if count < wanted:
        return rows
    # As many blocks have a row that is at least this good, so the last of the best is not below it.
    highest = there[: count * _BLOCK].reshape(count, _BLOCK).max(axis=1)
    least = np.partition(highest, -wanted)[-wanted]
    return np.asarray(rows[there >= least - np.float32(2 * 10.0**-DIGITS)], np.intp)

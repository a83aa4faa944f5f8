"""The index of a library: brought up to date with its files, then asked."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Final, Self, TypeVar

from msgspec import Struct

from responsa.article import Url
from responsa.errors import ResponsaError
from responsa.index.documents import Document, Documents
from responsa.index.encoder import Encoder, Floats
from responsa.index.fuse import MIX, Mix, fused
from responsa.index.rows import Rows
from responsa.index.texts import Shard, Text, encoded, key, read_texts
from responsa.index.view import View, save
from responsa.index.words import Words, Writer, remove
from responsa.library.card import Card
from responsa.library.catalogue import MANY, SHARD, Catalogue
from responsa.library.library import Library
from responsa.library.lock import lock, private
from responsa.shards import Executor, Here, Processes

NAME: Final = "index"
LOCK: Final = "index.lock"
FEW: Final = 200
"""Changed articles whose answers are encoded at once (10 ms each) where the others' are."""
CANDIDATES: Final = 100

Progress = Callable[[int, int], None]
T = TypeVar("T")


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


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


def open_index(
    library: Library,
    catalogue: Catalogue,
    encoder: Encoder,
    *,
    deep: bool = False,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> "Index":
    """The index as the catalogue is now. ``deep`` also encodes every answer that has no vector yet.

    What is damaged or made by another version or encoder is made again. A kill leaves the last whole state.
    """
    folder = private(library.folder) / NAME
    if folder.is_symlink():
        raise ResponsaError(f"{folder}: is a link; remove it")
    with lock(library.folder, LOCK, wait=True):
        refresh = _Refresh(library, catalogue, encoder, executor, progress)
        try:
            return refresh.run(folder, deep=deep)
        except (sqlite3.DatabaseError, ValueError):
            _discard(folder)
        try:
            return refresh.run(folder, deep=deep)
        except (sqlite3.DatabaseError, ValueError) as error:
            raise ResponsaError(f"{folder}: the index cannot be made: {error}") from error


def _discard(folder: Path) -> None:
    """Forget everything but the vectors, which are found by content and checked one by one."""
    remove(folder / "words")
    for path in [*folder.glob("documents.sqlite*"), *folder.glob("view-*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class Index:
    """Answers queries. ``questions`` and ``answers`` are the vectors by key (``Document.question``, ``.text``)."""

    def __init__(self, folder: Path, documents: Documents, words: Words, encoder: Encoder) -> None:
        self.documents, self.words, self.encoder = documents, words, encoder
        self.view = View(folder / documents.get("view"))
        self.shelves: list[str] = json.loads(documents.get("shelves"))
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.documents.close()

    @property
    def questions(self) -> Rows:
        """The vectors of all questions."""
        return Rows(self._folder, f"questions-{self.encoder.name}", self.encoder.dims)

    @property
    def deep(self) -> float:
        """The share of listed articles whose answers are encoded, 0 to 1."""
        return float(self.documents.get("deep") or 0)

    def search(self, query: str, k: int = 10, subject: str | None = None, mix: Mix = MIX) -> list[Hit]:
        """The best ``k`` listed articles, best first, of one subject's slug if given; ties by address."""
        text = query.strip()
        if not text or k < 1 or not len(self.view.numbers):
            return []
        if subject is not None and subject not in self.shelves:
            return []
        limit = max(CANDIDATES, 2 * k)
        vector = self.encoder.encode([text])[0]
        lexical = {found.number: found.score for found in self.words.search(text, limit, subject)}
        shelf = None if subject is None else self.shelves.index(subject)
        meaning = dict(self.view.nearest(vector, limit, shelf))
        reach = self.words.reach(text)
        lexical |= self.words.score(text, [number for number in meaning if number not in lexical])
        meaning |= self.view.similarity(vector, [number for number in lexical if number not in meaning])
        scores = {number: fused(lexical.get(number, 0.0), reach, near, mix) for number, near in meaning.items()}
        first = sorted(scores, key=lambda number: -scores[number])[: k + FEW]
        held = self.documents.at(first)
        hits = [
            Hit(held[n].url, held[n].title, held[n].subject, scores[n], n in lexical, meaning[n], held[n])
            for n in first
            if n in held
        ]
        return sorted(hits, key=lambda hit: (-round(hit.score, 6), hit.url))[:k]


class _Refresh:
    """One bringing up to date: what changed is read in shards, encoded, and stored in one transaction."""

    def __init__(
        self, library: Library, catalogue: Catalogue, encoder: Encoder, executor: Executor | None, progress: Progress
    ) -> None:
        self.library, self.catalogue, self.encoder = library, catalogue, encoder
        self.executor, self.progress = executor, progress

    def run(self, folder: Path, *, deep: bool) -> Index:
        folder.mkdir(parents=True, exist_ok=True)
        documents = Documents(folder / "documents.sqlite")
        try:
            words = Words(folder / "words")
            self._update(folder, documents, words, deep=deep)
            return Index(folder, documents, words.reload(), self.encoder)
        except BaseException:
            documents.close()
            raise

    def _update(self, folder: Path, documents: Documents, words: Words, *, deep: bool) -> None:
        known = documents.get("stamp") if self._as_left(folder, documents, words) else ""
        fresh = known == self.catalogue.stamp
        if fresh and not (deep and documents.get("deep") != "1.0"):
            return
        self.questions = Rows(folder, f"questions-{self.encoder.name}", self.encoder.dims)
        self.answers = Rows(folder, f"answers-{self.encoder.name}", self.encoder.dims)
        # Set before words change and cleared with the transaction: a kill between the two is seen.
        documents.set("busy", "1")
        documents.begin()
        try:
            if not fresh:
                self._changes(documents, words, known)
            if deep:
                self._deepen(self._unread(documents))
            self._look(folder, documents)
            documents.set("stamp", self.catalogue.stamp)
            documents.set("encoder", self.encoder.name)
            documents.set("busy", "")
            documents.commit()
        except BaseException:
            documents.rollback()
            raise
        self._tidy(folder, documents)

    def _as_left(self, folder: Path, documents: Documents, words: Words) -> bool:
        """Whether what is there is whole and made by this encoder."""
        return (
            not documents.get("busy")
            and documents.get("encoder") == self.encoder.name
            and len(words) == documents.count(listed=True)
            and bool(documents.get("view"))
            and _whole(folder / documents.get("view"))
        )

    def _changes(self, documents: Documents, words: Words, known: str) -> None:
        writer = words.writer()
        if self.catalogue.knows(known):
            for former in self.catalogue.former(known):
                if (number := documents.drop(former.path)) is not None:
                    writer.drop(number)
            cards: Iterable[Card] = self.catalogue.changed(known)
        else:
            documents.clear()
            writer.clear()
            cards = self.catalogue.cards(by="path")
        total = self.catalogue.count()
        stream = iter(cards)
        first = list(islice(stream, MANY + 1))
        followed = bool(len(first) <= FEW and documents.get("deep") == "1.0")
        done = 0
        for batch, texts in self._read(chain(first, stream), many=len(first) > MANY):
            self._store(documents, writer, batch, texts, followed=followed)
            done += len(batch)
            self.progress(done, total if len(first) > MANY else len(first))
        writer.commit()

    def _read(self, cards: Iterator[Card], *, many: bool) -> Iterator[tuple[list[Card], list[Text]]]:
        """Cards in batches with what their files say; at most a few batches are in memory."""
        executor = self.executor or (Processes() if many else Here())
        pending: list[list[Card]] = []

        def shards() -> Iterator[Shard]:
            for batch in _batches(cards, SHARD):
                pending.append(batch)
                yield Shard(self.library, [str(card.path) for card in batch])

        for texts in executor.map(read_texts, shards()):
            yield pending.pop(0), texts

    def _store(
        self, documents: Documents, writer: Writer, batch: list[Card], texts: list[Text], *, followed: bool
    ) -> None:
        by_path = {text.path: text for text in texts}
        pairs = [(card, by_path[str(card.path)]) for card in batch if str(card.path) in by_path]
        self._encode(self.questions, [text.question for _, text in pairs])
        if followed:
            self._encode(self.answers, [encoded(text) for _, text in pairs])
        for card, text in pairs:
            if (number := documents.drop(card.path)) is not None:
                writer.drop(number)
            number = documents.put(self._values(card, text))
            if card.listed:
                writer.put(number, text.asked, text.answer, card.subject_slug)

    def _values(self, card: Card, text: Text) -> tuple[object, ...]:
        name = self.encoder.name
        keys = (key(name, text.question), key(name, encoded(text)))
        title = text.question.encode("utf-8", "replace").decode()
        return (str(card.path), card.url, title, card.subject, card.subject_slug, card.listed, card.held, *keys)

    def _encode(self, rows: Rows, texts: Sequence[str]) -> None:
        keys = [key(self.encoder.name, text) for text in texts]
        new = rows.missing(keys)
        rows.add([keys[at] for at in new], self.encoder.encode([texts[at] for at in new]))

    def _unread(self, documents: Documents) -> list[Document]:
        return [document for document in documents.all() if document.text not in self.answers]

    def _deepen(self, unread: list[Document]) -> None:
        """Encode answers; each batch is kept at once, so an interrupted run goes on where it was."""
        done = 0
        for batch in _batches(iter(unread), 64):
            texts = read_texts(Shard(self.library, [str(document.path) for document in batch]))
            self._encode(self.answers, [encoded(text) for text in texts])
            done += len(batch)
            self.progress(done, len(unread))

    def _look(self, folder: Path, documents: Documents) -> None:
        """Write the view of what the transaction holds."""
        listed = list(documents.all(listed=True))
        shelves = sorted({document.slug for document in listed})
        place = {slug: at for at, slug in enumerate(shelves)}
        name = f"view-{int(documents.get('view').rpartition('-')[2] or 0) + 1}"
        dense, read = self._dense(listed)
        save(folder / name, dense, [d.number for d in listed], [place[d.slug] for d in listed])
        documents.set("view", name)
        documents.set("shelves", json.dumps(shelves))
        documents.set("deep", str(read / len(listed) if listed else 1.0))

    def _dense(self, listed: list[Document]) -> tuple[Floats, int]:
        """Each article's vector: its question's, leaning towards its answer's where that is known."""
        dense = self.questions.of([document.question for document in listed])
        read = [at for at, document in enumerate(listed) if document.text in self.answers]
        if read:
            answers = self.answers.of([listed[at].text for at in read])
            dense[read] = (1 - MIX.answer) * dense[read] + MIX.answer * answers
        return dense, len(read)

    def _tidy(self, folder: Path, documents: Documents) -> None:
        for path in folder.glob("view-*"):
            if path.name != documents.get("view"):
                shutil.rmtree(path, ignore_errors=True)
        self.questions.keep(documents.keys("question"))
        self.answers.keep(documents.keys("text"))


def _whole(folder: Path) -> bool:
    with suppress(OSError, ValueError):
        View(folder)
        return True
    return False


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch

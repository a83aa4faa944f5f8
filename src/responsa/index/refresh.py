"""Bringing the index up to date: what changed is read in shards, encoded, written beside what is there, and named."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.index import seal
from responsa.index.documents import Arrays, Document, Documents, table
from responsa.index.encoder import Encoder
from responsa.index.rows import Rows
from responsa.index.segment import Gatherer, Segment, merged, whole
from responsa.index.state import State, keep, kept, tidy, unused
from responsa.index.stems import Stems
from responsa.index.texts import Shard, Text, encoded, key, read_texts, text_of
from responsa.index.view import Bytes, View, blocks, lengths_of, quantised
from responsa.index.words import Words
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.library.renewal import SHARD
from responsa.shards import batches

VERSION: Final = 4
"""Of all files but the vectors, which are found by their text and encoder."""
FEW: Final = 500
"""Changed articles whose answers are encoded at once (15 ms each) where all others' are."""
MANY: Final = 500
"""Changed articles from which all are counted for the progress."""
TOGETHER: Final = 2048
"""Texts encoded together: enough of every length to fill batches."""
LARGE: Final = 1 << 15
"""Articles in a new segment, and half of what a merged one may hold at most: what bounds memory."""

Progress = Callable[[int, int], None]
T = TypeVar("T")


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


class Parts(Struct, frozen=True):
    """An index as it is in memory."""

    state: State
    documents: Documents
    view: View
    words: Words


def parts_of(folder: Path, state: State, stems: Stems) -> Parts:
    """The parts that ``state`` names. Raises ``ValueError`` where one is missing or damaged."""
    [documents], [view] = (_loaded(folder, kind) for kind in (state.documents, state.view))
    seen = View(view)
    segments = [whole(arrays) for arrays in _loaded(folder, state.words)]
    return Parts(state, Documents(documents), seen, Words(segments, seen.numbers, stems))


def made_by(encoder: Encoder, stems: Stems) -> str:
    """Who made an index: what another version, encoder or language made is made again."""
    return f"{VERSION} {encoder.name} {stems.algorithm}"


def _loaded(folder: Path, kind: dict[str, seal.Seals]) -> list[Arrays]:
    return [seal.load(folder / name, seals) for name, seals in kind.items()]


class Refresh:
    """One bringing up to date, under the index' lock."""

    def __init__(
        self,
        library: Library,
        catalogue: Catalogue,
        encoder: Encoder,
        folder: Path,
        progress: Progress,
    ) -> None:
        self.library, self.catalogue, self.encoder, self.folder = library, catalogue, encoder, folder
        self.progress = progress
        self.stems = Stems(library.config.site.language)
        self.made_by = made_by(encoder, self.stems)

    def run(self, *, deep: bool) -> Parts:
        """The index as the catalogue is. What is there is used as far as it is whole and made by the same encoder."""
        state, parts = self._as_left()
        if parts and state.stamp == self.catalogue.stamp and (state.deep or not deep):
            return parts
        self.questions = Rows(self.folder, f"questions-{self.encoder.name}", self.encoder.dims)
        self.answers = Rows(self.folder, f"answers-{self.encoder.name}", self.encoder.dims)
        segments, held = self._changed(state)
        heal(self.questions, held, self.encoder)
        listed = [document for document in held if document.listed]
        deep = deep or (state.deep and len([d for d in listed if d.text not in self.answers]) <= FEW)
        if deep:
            self._deepen([document for document in listed if document.text not in self.answers])
        state = self._written(state, segments, held, listed, deep=deep)
        keep(self.folder, state)
        tidy(self.folder, state)
        self.questions.keep([document.question for document in held])
        self.answers.keep([document.text for document in held])
        return self._parts(state)

    def _as_left(self) -> tuple[State, Parts | None]:
        state = kept(self.folder)
        if state.made_by != self.made_by:
            return State(next=state.next), None
        try:
            return state, self._parts(state)
        except ValueError:
            return State(next=state.next), None

    def _parts(self, state: State) -> Parts:
        return parts_of(self.folder, state, self.stems)

    def _changed(self, state: State) -> tuple[list[tuple[str, Segment]], list[Document]]:
        """All segments, named where they are on disk, and all articles, by number."""
        known = state.stamp if self.catalogue.knows(state.stamp) else ""
        held = {document.path: document for document in self._held(state)} if known else {}
        segments = [(name, whole(seal.load(self.folder / name, seals))) for name, seals in state.words.items() if known]
        for former in self.catalogue.former(known):
            held.pop(former.path, None)
        cards = self.catalogue.changed(known) if known else self.catalogue.cards(by="path")
        number, gatherer = state.next, Gatherer(self.stems)
        for card, text in self._texts(cards):
            document = self._document(number, card, text)
            held[document.path] = document
            if card.listed:
                gatherer.put(number, text.asked, text.answer)
            if len(gatherer) >= LARGE:
                segments.append(("", gatherer.segment()))
                gatherer = Gatherer(self.stems)
            number += 1
        if len(gatherer):
            segments.append(("", gatherer.segment()))
        return segments, sorted(held.values(), key=lambda document: document.number)

    def _held(self, state: State) -> Iterator[Document]:
        for arrays in _loaded(self.folder, state.documents):
            yield from Documents(arrays).all()

    def _texts(self, cards: Iterable[Card]) -> Iterator[tuple[Card, Text]]:
        """Changed articles with what their files say, once their questions have vectors."""
        stream = iter(cards)
        first = list(islice(stream, MANY + 1))
        many = len(first) > MANY
        total, done = self.catalogue.count() if many else len(first), 0
        self.progress(0, total)
        for pairs in batches(self._read(chain(first, stream)), TOGETHER):
            self._encode(self.questions, [text.question for _, text in pairs])
            yield from pairs
            done += len(pairs)
            self.progress(done, total)

    def _read(self, cards: Iterable[Card]) -> Iterator[tuple[Card, Text]]:
        """As the catalogue keeps them: no file is read, and what is indexed is of the state that the stamp names."""
        return ((card, text_of(card.file, article)) for card, article in self.catalogue.articles(cards))

    def _document(self, number: int, card: Card, text: Text) -> Document:
        name = self.encoder.name
        keys = (key(name, text.question), key(name, encoded(text)))
        shown = (text.question, card.subject, card.subject_slug, card.listed, card.held)
        return Document(number, card.path, card.url, *shown, *keys)

    def _encode(self, rows: Rows, texts: Sequence[str]) -> None:
        keys = [key(self.encoder.name, text) for text in texts]
        new = rows.missing(keys)
        rows.add([keys[at] for at in new], self.encoder.encode([texts[at] for at in new]))

    def _deepen(self, unread: list[Document]) -> None:
        """Encode answers; each batch is kept at once, so an interrupted run goes on where it was."""
        for number, batch in enumerate(batches(unread, SHARD)):
            self.progress(number * SHARD, len(unread))
            texts = read_texts(Shard(self.library, [str(document.path) for document in batch]))
            self._encode(self.answers, [encoded(text) for text in texts])

    def _written(
        self,
        before: State,
        segments: list[tuple[str, Segment]],
        held: list[Document],
        listed: list[Document],
        *,
        deep: bool,
    ) -> State:
        """New files for all that is new; ``State`` names them beside those that stay."""
        numbers = np.array([document.number for document in listed], np.int64)
        shelves = sorted({document.slug for document in listed})
        place = {slug: at for at, slug in enumerate(shelves)}
        deep = deep and all(document.text in self.answers for document in listed)
        dense = self._dense(listed, deep=deep)
        view: Arrays = {
            "numbers": numbers,
            "shelves": np.array([place[document.slug] for document in listed], np.int32),
            "dense": dense,
            "lengths": lengths_of(dense),
        }
        words = {
            name: before.words[name] if name in before.words else seal.save(self.folder / name, segment.arrays())
            for name, segment in self._named(_settled(segments, numbers))
        }
        return State(
            self.made_by, self.catalogue.stamp, words, self._saved("view", view),
            self._saved("documents", table(held)), shelves,
            max([before.next, *(document.number + 1 for document in held[-1:])]), deep,
        )  # fmt: skip

    def _named(self, segments: list[tuple[str, Segment]]) -> Iterator[tuple[str, Segment]]:
        for name, segment in segments:
            yield name or unused(self.folder, "words").name, segment

    def _saved(self, kind: str, arrays: Arrays) -> dict[str, seal.Seals]:
        path = unused(self.folder, kind)
        return {path.name: seal.save(path, arrays)}

    def _dense(self, listed: list[Document], *, deep: bool) -> Bytes:
        """Each article's vector: its question's, or where all answers are read that of question and answer."""
        dense = np.zeros((len(listed), self.encoder.dims), np.int8)
        for part in blocks(len(listed)):
            questions = [document.question for document in listed[part]]
            texts = [document.text for document in listed[part]]
            dense[part] = quantised(self.answers.of(texts) if deep else self.questions.of(questions))
        return dense


def heal(questions: Rows, documents: Iterable[Document], encoder: Encoder) -> None:
    """Encode questions again whose vectors were lost with a damaged file."""
    lost = {document.question: document.title for document in documents if document.question not in questions}
    if lost:
        questions.add([*lost], encoder.encode([*lost.values()]))


def _settled(segments: list[tuple[str, Segment]], living: NDArray[np.int64]) -> list[tuple[str, Segment]]:
    """Few segments of falling size: the last ones merged as long as they are of like size.

    Each article is rewritten as often as the logarithm of their number, whatever the edits.
    """
    alive = [(name, segment, np.isin(segment.numbers, living)) for name, segment in segments]
    alive = [entry for entry in alive if entry[2].any()]
    while len(alive) > 1 and _alike(alive[-2][2], alive[-1][2]):
        segment = merged([(segment, here) for _, segment, here in alive[-2:]])
        alive[-2:] = [("", segment, np.ones(len(segment.numbers), np.bool_))]
    return [_compact(*entry) for entry in alive]


def _alike(before: NDArray[np.bool_], last: NDArray[np.bool_]) -> bool:
    return bool(before.sum() <= 2 * last.sum() and before.sum() + last.sum() <= 2 * LARGE)


def _compact(name: str, segment: Segment, alive: NDArray[np.bool_]) -> tuple[str, Segment]:
    """Without its dead where they are most of it."""
    return (name, segment) if alive.mean() > 1 / 2 else ("", merged([(segment, alive)]))

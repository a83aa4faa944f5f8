"""The relations of a library as its files are now, with the vectors that its index keeps."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from responsa.index.encoder import Encoder, Floats
from responsa.index.encoders import encoder_of
from responsa.index.index import Index, open_index
from responsa.index.texts import key
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.library.lock import lock
from responsa.relate.known import load
from responsa.relate.questions import Embed
from responsa.relate.related import LOCK, Progress, Relations, relations
from responsa.relate.renewal import questions_now
from responsa.relate.table import Table

FEW: Final = 3
"""Questions that are encoded sooner than the index is read for them."""
SOME: Final = 300
"""Questions that are encoded (1.5 ms each) sooner than the index is brought up to date for them."""

Reached = Callable[[], Index]


def relations_now(library: Library, catalogue: Catalogue, progress: Progress = lambda _done, _all: None) -> Relations:
    """Every question's neighbours; the index is brought up to date for it where many questions are new to it.

    ``progress`` tells of texts encoded.
    """
    encoder = encoder_of(library)

    def reached() -> Index:
        return open_index(library, catalogue, encoder, progress=progress)

    return relations(library, catalogue, encoder.name, embed_of(encoder, reached))


def table_now(library: Library, catalogue: Catalogue, index: Index) -> Table:
    """The questions alone, with what is remembered of them; nothing is compared or kept for it."""
    encoder = index.encoder
    with lock(library.folder, LOCK, wait=True):
        known = load(library.folder, encoder.name)
    return questions_now(known, catalogue, embed_of(encoder, lambda: index)).table


def embed_of(encoder: Encoder, reached: Reached) -> Embed:
    """Vectors of questions: some are encoded, of many the index keeps them."""

    def embed(texts: Sequence[str]) -> Floats:
        return halved(encoder.encode(texts)) if len(texts) <= SOME else vectors(reached(), texts)

    return embed


def vectors(index: Index, texts: Sequence[str]) -> Floats:
    """The vectors of questions as the index holds them; what it lacks is encoded."""
    if len(texts) <= FEW:
        return halved(index.encoder.encode(texts))
    rows, keys = index.questions, [key(index.encoder.name, text) for text in texts]
    there = [at for at, one in enumerate(keys) if one in rows]
    found = np.zeros((len(texts), index.encoder.dims), np.float32)
    if there:
        found[there] = rows.of([keys[at] for at in there])
    lacking = sorted(set(range(len(texts))) - set(there))
    if lacking:
        found[lacking] = halved(index.encoder.encode([texts[at] for at in lacking]))
    return found


def halved(vectors: Floats) -> Floats:
    """In half precision, as the index keeps them: a question compares the same however its vector was come by."""
    return np.asarray(vectors.astype(np.float16), np.float32)

"""The relations of a library as its files are now, with the vectors that its index keeps."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from responsa.index.encoder import Floats
from responsa.index.encoders import encoder_of
from responsa.index.index import Index, open_index
from responsa.index.texts import key
from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.relate.related import Progress, Relations, relations

FEW: Final = 3
"""Questions that are encoded sooner than the index is read for them."""


def relations_now(library: Library, catalogue: Catalogue, progress: Progress = lambda _done, _all: None) -> Relations:
    """Every question's neighbours; the index is brought up to date for it. ``progress`` tells of texts encoded."""
    with open_index(library, catalogue, encoder_of(library), progress=progress) as index:
        found = relations(library, catalogue, index.encoder.name, lambda texts: vectors(index, texts))
        # What links are chosen by is read on demand, which is over once the index is closed.
        _ = found.table.vectors
        return found


def vectors(index: Index, texts: Sequence[str]) -> Floats:
    """The vectors of questions as the index holds them; what it lacks is encoded."""
    if len(texts) <= FEW:
        # Half precision, as the index keeps them: a question compares the same however its vector was come by.
        return np.asarray(index.encoder.encode(texts).astype(np.float16), np.float32)
    rows, keys = index.questions, [key(index.encoder.name, text) for text in texts]
    there = [at for at, one in enumerate(keys) if one in rows]
    found = np.zeros((len(texts), index.encoder.dims), np.float32)
    if there:
        found[there] = rows.of([keys[at] for at in there])
    lacking = sorted(set(range(len(texts))) - set(there))
    if lacking:
        found[lacking] = index.encoder.encode([texts[at] for at in lacking])
    return found

"""The passages nearest to a claim by words and by meaning: what a judge model is shown.

Words alone find a near-copy, which is all that the embedded checker compares, and find it the same on every machine;
a paraphrase shares few words with its source (bench/evidence/nearest.py).
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from responsa.evidence.postings import Postings
from responsa.evidence.retrieval import Hit, Nearest
from responsa.evidence.terms import terms
from responsa.evidence.words import words
from responsa.index.encoder import Encoder, Floats
from responsa.index.encoders import encoder_of
from responsa.index.rows import KEY, Rows
from responsa.library.library import Library
from responsa.library.lock import lock, private

MEANING: Final = 2.0
"""What the cosine weighs beside the words' score as a share of the best one."""
DEEP: Final = 50
"""Candidates of each half."""
FEW: Final = 6
"""Words: a shorter claim means little without what it hangs on."""
BATCH: Final = 256
DIGITS: Final = 4
"""Of a score that count: beyond them processors differ."""


class Hybrid(Nearest):
    """``vectors`` has a row for each passage of ``postings``, in order."""

    def __init__(self, postings: Postings, encoder: Encoder, vectors: Floats) -> None:
        super().__init__(postings)
        self.encoder, self.vectors = encoder, vectors
        self.name = f"words+{encoder.name}"

    def search(self, text: str, lead: str = "", k: int = 5) -> list[Hit]:
        """The best ``k`` of the best of either half."""
        wanted = {key: min(count, 1.0) for key, count in terms(words(text), words(lead)).items()}
        by_words = self.scored(wanted, DEEP)
        meant = f"{lead} {text}" if len(text.split()) < FEW else text
        cosines = self.vectors @ self.encoder.encode([meant])[0]
        top = max(by_words.values(), default=1.0)
        candidates = {*by_words, *np.argsort(-cosines, kind="stable")[:DEEP].tolist()}
        scores = {at: round(by_words.get(at, 0.0) / top + MEANING * float(cosines[at]), DIGITS) for at in candidates}
        rank = self.postings.rank
        best = sorted(scores, key=lambda at: (-scores[at], rank[at]))[:k]
        return [self.hit(at, scores[at], text) for at in best]


def hybrid(library: Library, words_only: Nearest, progress: Callable[[int, int], None]) -> Hybrid:
    """With the encoder of the library's index. Raises ``MissingExtraError`` where its parts are not installed."""
    encoder = encoder_of(library)
    texts = [passage.text for passage in words_only.passages]
    return Hybrid(words_only.postings, encoder, vectors_of(texts, encoder, library.folder, progress))


def vectors_of(
    texts: Sequence[str], encoder: Encoder, folder: Path, progress: Callable[[int, int], None]
) -> Floats:  # fmt: skip
    """A row a text; only texts that have none in the folder's `.responsa/` are encoded, and kept as they come."""
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:KEY] for text in texts]
    with lock(folder, "meaning.lock", wait=True):
        rows = Rows(_place(folder), encoder.name, encoder.dims)
        missing = rows.missing(keys)
        for start in range(0, len(missing), BATCH):
            some = missing[start : start + BATCH]
            rows.add([keys[at] for at in some], encoder.encode([texts[at] for at in some]))
            progress(start + len(some), len(missing))
        return rows.of(keys)


def _place(folder: Path) -> Path:
    place = private(folder) / "meaning"
    place.mkdir(parents=True, exist_ok=True)
    return place

"""One score from two: words and meaning."""

from typing import Final

import numpy as np
from msgspec import Struct

from responsa.index.encoder import Floats


class Weights(Struct, frozen=True):
    """What a cosine counts, and what the share of the query's words does."""

    cosine: float
    words: float = 1.0


class Mix(Struct, frozen=True):
    """What counts beside what, chosen by bench/quality/tune.py.

    ``question`` and ``text``: a cosine of the query with an article's question, or with question and answer, which
    tells more and so weighs more. Beside the latter, ``words`` is what BM25 weighs and ``place`` what the share of the
    query that stands together does (``places.together``). ``first`` is ``question`` where answers are read next.
    Where both cosines weigh nothing, words alone count.
    """

    question: float = 1.0
    first: float = 1.5
    text: float = 2.0
    words: float = 0.5
    place: float = 0.375

    def shallow(self, *, read: bool) -> Weights:
        """Of an index that knows questions."""
        return Weights(self.first if read and self.question else self.question)

    def deep(self) -> Weights:
        """Of an index that knows answers."""
        return Weights(self.text, self.words) if self.text else Weights(0.0)


MIX: Final = Mix()


def fused(lexical: Floats, reach: float, similarity: Floats, weights: Weights) -> Floats:
    """The words' weight times ``lexical`` as a share of what the query's can reach, and the cosine times its own.

    Both lie between 0 and 1 whatever the query, so the weight holds for keywords and for whole sentences: of a
    paraphrase few words are met, and the vectors decide. Dividing by the best score found instead loses hits, and
    fusing ranks loses more (docs/search.md).
    """
    share = lexical * np.float32(weights.words / max(reach, 1.0))
    return np.asarray(share + np.float32(weights.cosine) * similarity, np.float32)

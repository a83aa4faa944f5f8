"""One score from two: words and meaning."""

from typing import Final

import numpy as np
from msgspec import Struct

from responsa.index.encoder import Floats


class Mix(Struct, frozen=True):
    """What a cosine weighs beside words, chosen by bench/quality/tune.py.

    ``question``: of the query and an article's question; ``text``: of the query and question with answer, which tells
    more and so weighs more.
    """

    question: float = 1.0
    text: float = 2.0


MIX: Final = Mix()


def fused(lexical: Floats, reach: float, similarity: Floats, weight: float) -> Floats:
    """``lexical`` as a share of what the query's words can reach, plus ``weight`` times the cosine.

    Both lie between 0 and 1 whatever the query, so the weight holds for keywords and for whole sentences: of a
    paraphrase few words are met, and the vectors decide. Dividing by the best score found instead loses hits, and
    fusing ranks loses more (docs/search.md).
    """
    return np.asarray(lexical / np.float32(max(reach, 1.0)) + np.float32(weight) * similarity, np.float32)

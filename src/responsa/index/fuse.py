"""One score from two: words and meaning."""

from typing import Final

from msgspec import Struct


class Mix(Struct, frozen=True):
    """How the halves weigh, chosen by bench/quality/tune.py.

    ``answer`` is the answer's share in an article's vector, ``meaning`` the weight of the vectors beside words,
    ``floor`` a BM25 score from which on words count fully.
    """

    answer: float = 0.6
    meaning: float = 2.0
    floor: float = 12.0


MIX: Final = Mix()


def fused(lexical: float, best: float, similarity: float, mix: Mix = MIX) -> float:
    """``lexical`` over the best score of the query, plus ``meaning`` times the cosine.

    Scores, not ranks: fusing ranks lost wherever one half was weak.
    """
    return lexical / max(best, mix.floor) + mix.meaning * similarity

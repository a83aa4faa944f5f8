"""What a text is looked for by: its words, their beginnings, and what they mean together, each with a weight."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from responsa.evidence.words import Word, stem, words

BESIDE: Final = 0.4
"""What a word of a passage's title or section counts beside one of its text; the same for a claim's lead."""
ROOT: Final = 5
"""Letters: longer words also meet by their beginning (metastatic, metastases), at a lower weight."""
ROOT_WEIGHT: Final = 0.35
MEANT_WEIGHT: Final = 0.7
_FUNCTION_WORD: Final = 0.6
_TOGETHER: Final = """
surgery surgical operation operative operable resection resect resectable unresectable excision ectomy
cancer tumor tumour carcinoma neoplasm malignancy
drug medicine medication medicament pharmaceutical
treatment therapy treat therapeutic
cure curative curable
death mortality die survival
child children pediatric infant
method technique procedure
law legal legislation statute
money monetary financial
"""
MEANT: Final = {stem(word): f"~{line.split()[0]}" for line in _TOGETHER.strip().splitlines() for word in line.split()}
"""Words that are looked for together."""


def terms(text: Iterable[Word], beside: Iterable[Word] = ()) -> dict[str, float]:
    """How often each key stands in ``text``; what stands ``beside`` it counts less."""
    counts: defaultdict[str, float] = defaultdict(float)
    for part, weight in ((text, 1.0), (beside, BESIDE)):
        for word in part:
            if word.weight < _FUNCTION_WORD:
                continue
            counts[word.key] += weight
            if word.value is None and len(word.key) > ROOT:
                counts[f"{word.key[:ROOT]}*"] += weight * ROOT_WEIGHT
            if word.key in MEANT:
                counts[MEANT[word.key]] += weight * MEANT_WEIGHT
    return counts


@lru_cache(maxsize=1 << 14)
def keys_of(text: str) -> frozenset[str]:
    """The keys of a passage's own words."""
    return frozenset(terms(words(text)))

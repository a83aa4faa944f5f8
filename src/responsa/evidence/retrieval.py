"""The passages nearest to a claim, by words (BM25); plain Python, built in memory for one shelf."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final

from msgspec import Struct

from responsa.evidence.passages import Passage
from responsa.evidence.plain import whole_spans
from responsa.evidence.sentences import sentences
from responsa.evidence.words import Word, stem, words

K1: Final = 1.2
B: Final = 0.6
TITLE: Final = 0.4
"""What a word of a passage's title or section counts beside one of its text; the same for a claim's lead."""
ROOT: Final = 5
"""Letters: longer words also meet by their beginning (metastatic, metastases), at a lower weight."""
ROOT_WEIGHT: Final = 0.35
MEANT_WEIGHT: Final = 0.7
NEIGHBOUR: Final = 0.2
"""What a word of the paragraph before or after counts."""
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


class Hit(Struct, frozen=True):
    """A passage and how near it is; ``cover`` is the share of the claim's weight of words that it holds."""

    passage: Passage
    score: float
    cover: float


class Nearest:
    """Finds passages. Ties go by the passage's id, so that the answer is the same everywhere."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = tuple(passages)
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        lengths = []
        capitals: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        for number, passage in enumerate(self.passages):
            text = words(passage.text)
            counts = _counts(text, words(f"{passage.title} {passage.section}"))
            self._add_neighbours(counts, number)
            lengths.append(sum(counts.values()))
            for key, count in counts.items():
                self.postings[key].append((number, count))
            capitals.update(word.key for word in text if word.name and not word.text.islower())
            seen.update(word.key for word in text if word.weight >= 1)
        self.mean = sum(lengths) / (len(lengths) or 1) or 1.0
        self.norms = [K1 * (1 - B + B * length / self.mean) for length in lengths]
        self.names = frozenset(key for key, count in capitals.items() if count * 5 >= seen[key] * 3)

    def _add_neighbours(self, counts: defaultdict[str, float], number: int) -> None:
        """A short paragraph (`Other cancers were not studied.`) is about what stands around it."""
        source = self.passages[number].source
        for beside in self.passages[max(0, number - 1) : number + 2 : 2] if number else self.passages[1:2]:
            if beside.source == source:
                for key, count in _counts(words(beside.text), ()).items():
                    counts[key] += NEIGHBOUR * min(count, 1.0)

    def search(self, text: str, lead: str = "", k: int = 5) -> list[Hit]:
        """The best ``k``; none where no word meets."""
        wanted = _counts(words(text), words(lead))
        scores: dict[int, float] = defaultdict(float)
        cover: dict[int, float] = defaultdict(float)
        weight = 0.0
        for key, count in wanted.items():
            idf = self.idf(key)
            share = min(count, 1.0) * idf
            weight += share
            for number, held in self.postings.get(key, ()):
                scores[number] += share * held * (K1 + 1) / (held + self.norms[number])
                cover[number] += share
        best = sorted(scores, key=lambda number: (-round(scores[number], 9), self.passages[number].id))[:k]
        return [Hit(self.passages[n], round(scores[n], 6), min(1.0, cover[n] / (weight or 1.0))) for n in best]

    def idf(self, key: str) -> float:
        """The weight of a word by how many passages hold it."""
        held = len(self.postings.get(key, ()))
        return math.log(1 + (len(self.passages) - held + 0.5) / (held + 0.5))


def _counts(text: Iterable[Word], beside: Iterable[Word]) -> defaultdict[str, float]:
    counts: defaultdict[str, float] = defaultdict(float)
    for part, weight in ((text, 1.0), (beside, TITLE)):
        for word in part:
            if word.weight < 0.6:  # noqa: PLR2004 - function words
                continue
            counts[word.key] += weight
            if word.value is None and len(word.key) > ROOT:
                counts[f"{word.key[:ROOT]}*"] += weight * ROOT_WEIGHT
            if word.key in MEANT:
                counts[MEANT[word.key]] += weight * MEANT_WEIGHT
    return counts


class Window(Struct, frozen=True):
    """A sentence of a passage, or two that follow each other, with its words."""

    text: str
    words: tuple[Word, ...]
    keys: frozenset[str]


@lru_cache(maxsize=1 << 14)
def windows(passage: str) -> tuple[Window, ...]:
    """Every sentence of a passage, and every two that follow each other."""
    single = [_window(text, words(text)) for text in _sentences(passage)]
    pairs = [_window(f"{one.text} {two.text}", one.words + two.words) for one, two in pairwise(single)]
    return (*single, *pairs)


def _window(text: str, held: tuple[Word, ...]) -> Window:
    return Window(text, held, frozenset(word.key for word in held))


def _sentences(passage: str) -> list[str]:
    return [passage[start:end] for start, end in sentences(passage, whole_spans(passage))]

"""What each choice of the index is worth: the development queries with one thing changed at a time.

uv run bench/quality/tune.py [--library FOLDER]
"""

import numpy as np
from judged import HEAD, Query, library, opened, queries, ranks, row, texts_of
from search import shallow

from responsa.index import places
from responsa.index import segment as segments
from responsa.index import words as lexical
from responsa.index.fuse import Mix
from responsa.index.index import Index
from responsa.index.segment import Gatherer
from responsa.index.stems import Stems
from responsa.index.texts import Text
from responsa.index.words import Words


class Unstemmed(Stems):
    """Words as they are written."""

    def stemmer(self):  # noqa: ANN201
        return lambda word: word


class Wordy(Stems):
    """With the words that are in every question."""

    def __init__(self) -> None:
        super().__init__("en")
        self._stopwords = frozenset()


def rebuilt(index: Index, texts: dict[str, Text], stems: Stems) -> Words:
    gatherer = Gatherer(stems)
    for number, text in zip(index.view.numbers.tolist(), texts.values(), strict=True):
        gatherer.put(number, text.asked, text.answer)
    return Words([gatherer.segment()], np.asarray(index.view.numbers), stems)


def told(name: str, asked: list[Query], index: Index, mix: Mix | None = None, read: int = 0) -> None:
    def search(query: str) -> list[str]:
        return [hit.url for hit in index.search(query, 10, mix=mix or Mix(), read=read)]

    print(row(name, ranks(asked, search)), flush=True)


def main() -> None:
    found = library()
    index = opened(found, deep=True)
    texts = texts_of(found, index)
    asked, words = queries(texts), index.words
    print(f"{len(asked)} queries, {len(texts)} articles, all answers read\n\n{HEAD}")
    told("as it is", asked, index)
    for weight in (1.0, 1.5, 2.5, 3.0):
        told(f"meaning weighs {weight:g}", asked, index, Mix(text=weight))
    for weight in (0.25, 0.75, 1.0):
        told(f"words weigh {weight:g}", asked, index, Mix(words=weight))
    for weight in (0.0, 0.2, 0.5, 0.75):
        told(f"words that stand together weigh {weight:g}", asked, index, Mix(place=weight))
    told("as before: words 1, together 0", asked, index, Mix(words=1.0, place=0.0))
    for span in (15, 80):
        places.SPAN = span
        told(f"a place is {span} words", asked, index)
    places.SPAN = 40
    for weight in (1, 2, 5):
        segments.ASKED = weight
        index.words = rebuilt(index, texts, Stems("en"))
        told(f"question words weigh {weight}", asked, index)
    segments.ASKED = 3
    for k1, b in ((0.9, 0.4), (1.2, 0.75), (2.0, 0.75)):
        lexical.K1, lexical.B = k1, b
        index.words = rebuilt(index, texts, Stems("en"))
        told(f"k1 = {k1}, b = {b}", asked, index)
    lexical.K1, lexical.B = 0.9, 0.6
    for name, stems in (("without stemming", Unstemmed("en")), ("without stop words", Wordy())):
        index.words = rebuilt(index, texts, stems)
        told(name, asked, index)
    index.words = words
    first = shallow(index)
    for weight in (0.5, 1.0, 1.5, 2.0):
        told(f"no answers read, meaning weighs {weight:g}", asked, first, Mix(question=weight))
    for read in (20, 40, 60, 80):
        told(f"{read} answers read a query", asked, first, read=read)


if __name__ == "__main__":
    main()

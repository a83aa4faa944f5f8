"""The lexical half: BM25 over questions and answers in tantivy, with typos forgiven and phrases kept together."""

import math
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Self

import tantivy
from msgspec import Struct

TEXT, SUBJECT, NUMBER = "text", "subject", "number"
_ANALYSER: Final = "words"
_HEAP: Final = 128 * 1024 * 1024
_PHRASE: Final = re.compile(r'"([^"]+)"')
_WORD: Final = re.compile(r"[^\W_]+")
_SHORT, _LONG = 4, 8
LONGEST_WORD: Final = 40
STOPWORDS: Final = frozenset(
    """a about above after again against all am an and any are as at be because been before being below between both but
    by can could describe did discuss do does doing down during each explain few for from further had has have having he
    her here hers herself him himself his how i if in into is it its itself just like may me mean means might more most
    much must my myself no nor not of off on once only or other ought our ours ourselves out over own same shall she
    should so some such tell than that the their theirs them themselves then there these they this those through to too
    under until up upon us very was we were what when where which while who whom whose why will with without would you
    your yours yourself""".split()
)


TYPO: Final = 5.0
"""What a near spelling counts beside BM25 scores, which reach about 10: it is found by a constant score of 1."""
SATURATED: Final = 2.2
"""k1 + 1 of BM25: times its idf, the most that a word can add to a score."""


class Found(Struct, frozen=True):
    """An article that words lead to. ``score`` is BM25, by the one field of question and answer."""

    number: int
    score: float


def analyser() -> Any:  # noqa: ANN401 - the library is untyped
    """Words in lower case without accents, by their English stems."""
    steps = (
        tantivy.Filter.remove_long(LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("English"),
    )
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in steps:
        builder = builder.filter(step)
    return builder.build()


class Words:
    """The index in ``folder``, made there where none is. Raises ``ValueError`` where what is there is damaged."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._analyser = analyser()
        try:
            self._index: Any = tantivy.Index(self._schema, path=str(folder))
        except (ValueError, OSError) as error:
            raise ValueError(str(error)) from error
        self._index.register_tokenizer(_ANALYSER, self._analyser)
        self._searcher: Any = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def writer(self) -> "Writer":
        """Changes, seen once committed."""
        return Writer(self._index.writer(_HEAP, 1))

    def reload(self) -> Self:
        """See what was committed since."""
        self._index.reload()
        self._searcher = self._index.searcher()
        return self

    def stems(self, text: str) -> list[str]:
        """The words of a query as the index knows them, each once."""
        return list(dict.fromkeys(self._analyser.analyze(text)))

    def known(self, stem: str) -> int:
        """How many articles hold the word."""
        return int(self._searcher.doc_freq(TEXT, stem))

    def reach(self, query: str) -> float:
        """The score of an article that holds every word of the query many times: what scores are measured against.

        The sum of idf * (k1 + 1), Robertson and Zaragoza 2009. A word that no article has counts as the rarest.
        """
        count = len(self)
        return SATURATED * sum(_idf(count, self.known(stem)) for stem in self.stems(meaningful(query)))

    def search(self, query: str, limit: int, subject: str | None = None) -> list[Found]:
        """The best articles, at most ``limit``, best first; ties by number. Empty where no word is known."""
        return self._run(self._query(query), limit, subject)

    def score(self, query: str, numbers: Sequence[int]) -> dict[int, float]:
        """The score of given articles; those without any of the words are left out."""
        if not numbers:
            return {}
        must = tantivy.Occur.Must
        chosen = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, NUMBER, list(numbers)), 0.0)
        both = tantivy.Query.boolean_query([(must, chosen), (must, self._query(query))])
        return {found.number: found.score for found in self._run(both, len(numbers), None)}

    def _run(self, query: Any, limit: int, subject: str | None) -> list[Found]:  # noqa: ANN401 - untyped
        if subject is not None:
            shelf = tantivy.Query.term_query(self._schema, SUBJECT, subject)
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query([(must, query), (must, tantivy.Query.const_score_query(shelf, 0.0))])
        hits = self._searcher.search(query, limit, count=False).hits
        numbers = self._searcher.fast_field_values(NUMBER, [address for _, address in hits])
        found = [Found(int(number), float(score)) for (score, _), number in zip(hits, numbers, strict=True)]
        return sorted(found, key=lambda hit: (-hit.score, hit.number))

    def _query(self, text: str) -> Any:  # noqa: ANN401 - untyped
        parts = [(tantivy.Occur.Should, query) for stem in self.stems(meaningful(text)) for query in self._term(stem)]
        phrases = [self._analyser.analyze(part) for part in _PHRASE.findall(text)]
        musts = [
            (tantivy.Occur.Must, tantivy.Query.phrase_query(self._schema, TEXT, list(stems)))
            for stems in phrases
            if len(stems) > 1
        ]
        return tantivy.Query.boolean_query([*musts, *parts])

    def _term(self, stem: str) -> Iterator[Any]:
        if self.known(stem):
            yield tantivy.Query.term_query(self._schema, TEXT, stem)
        elif len(stem) >= _SHORT:
            near = tantivy.Query.fuzzy_term_query(self._schema, TEXT, stem, 2 if len(stem) >= _LONG else 1)
            yield tantivy.Query.boost_query(near, TYPO)


def meaningful(query: str) -> str:
    """The query without words that are in every question; the query itself where nothing else is in it."""
    words = [word for word in _WORD.findall(query) if word.casefold() not in STOPWORDS]
    return " ".join(words) or query


def _idf(count: int, known: int) -> float:
    return math.log(1 + (count - known + 0.5) / (known + 0.5))


class Writer:
    """One process writes at a time. Nothing is seen before ``commit``."""

    def __init__(self, writer: Any) -> None:  # noqa: ANN401 - untyped
        self._writer = writer

    def clear(self) -> None:
        """Forget every article."""
        self._writer.delete_all_documents()

    def put(self, number: int, question: str, answer: str, subject: str) -> None:
        """Add an article. One field: BM25 over both together found more than two fields weighed (bench/quality)."""
        document = tantivy.Document()
        document.add_integer(NUMBER, number)
        document.add_text(TEXT, f"{question}\n{question}\n{answer}")
        document.add_text(SUBJECT, subject)
        self._writer.add_document(document)

    def drop(self, number: int) -> None:
        """Forget an article, if it was there."""
        self._writer.delete_documents_by_term(NUMBER, number)

    def commit(self) -> None:
        """Make the changes durable, and wait for the merging of segments."""
        self._writer.commit()
        self._writer.wait_merging_threads()


def _schema() -> Any:  # noqa: ANN401 - untyped
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(NUMBER, stored=False, indexed=True, fast=True)
    builder.add_text_field(TEXT, stored=False, tokenizer_name=_ANALYSER, index_option="position")
    builder.add_text_field(SUBJECT, stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()


def remove(folder: Path) -> None:
    """Forget an index that is damaged or outdated."""
    shutil.rmtree(folder, ignore_errors=True)

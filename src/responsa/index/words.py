"""The lexical half: BM25 over questions and answers in tantivy, with typos forgiven and phrases kept together."""

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Self

import tantivy
from msgspec import Struct

QUESTION, ANSWER, SUBJECT, NUMBER = "question", "answer", "subject", "number"
_ANALYSER: Final = "words"
_HEAP: Final = 128 * 1024 * 1024
_PHRASE: Final = re.compile(r'"([^"]+)"')
_SHORT, _LONG = 4, 8
LONGEST_WORD: Final = 40


class Weights(Struct, frozen=True):
    """How much a word counts where; chosen by bench/quality/tune.py."""

    question: float = 1.0
    answer: float = 0.45
    typo: float = 0.6


WEIGHTS: Final = Weights()


class Found(Struct, frozen=True):
    """An article that words lead to. ``score`` is BM25, summed over fields by weight."""

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
        """How many articles hold the word, at most counting both fields."""
        return int(self._searcher.doc_freq(QUESTION, stem) + self._searcher.doc_freq(ANSWER, stem))

    def search(self, query: str, limit: int, subject: str | None = None, weights: Weights = WEIGHTS) -> list[Found]:
        """The best articles, at most ``limit``, best first; ties by number. Empty where no word is known."""
        return self._run(self._query(query, weights), limit, subject)

    def score(self, query: str, numbers: Sequence[int], weights: Weights = WEIGHTS) -> dict[int, float]:
        """The score of given articles; those without any of the words are left out."""
        if not numbers:
            return {}
        query_, must = self._query(query, weights), tantivy.Occur.Must
        chosen = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, NUMBER, list(numbers)), 0.0)
        both = tantivy.Query.boolean_query([(must, chosen), (must, query_)])
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

    def _query(self, text: str, weights: Weights) -> Any:  # noqa: ANN401 - untyped
        should, must = tantivy.Occur.Should, tantivy.Occur.Must
        phrases = [self._phrase(stems) for part in _PHRASE.findall(text) if len(stems := self.stems_in_order(part)) > 1]
        parts = [(should, query) for stem in self.stems(text) for query in self._term(stem, weights)]
        if not phrases:
            return tantivy.Query.boolean_query(parts)
        return tantivy.Query.boolean_query([*((must, phrase) for phrase in phrases), *parts])

    def stems_in_order(self, text: str) -> list[str]:
        """The words of a phrase, repeated ones too."""
        return list(self._analyser.analyze(text))

    def _phrase(self, stems: list[str]) -> Any:  # noqa: ANN401 - untyped
        fields = [tantivy.Query.phrase_query(self._schema, field, list(stems)) for field in (QUESTION, ANSWER)]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, field) for field in fields])

    def _term(self, stem: str, weights: Weights) -> Iterable[Any]:
        fields = ((QUESTION, weights.question), (ANSWER, weights.answer))
        known = [(field, weight) for field, weight in fields if self._searcher.doc_freq(field, stem)]
        for field, weight in known:
            yield tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, stem), weight)
        if not known and len(stem) >= _SHORT:
            distance = 2 if len(stem) >= _LONG else 1
            for field, weight in fields:
                near = tantivy.Query.fuzzy_term_query(self._schema, field, stem, distance)
                yield tantivy.Query.boost_query(near, weight * weights.typo)


class Writer:
    """One process writes at a time. Nothing is seen before ``commit``."""

    def __init__(self, writer: Any) -> None:  # noqa: ANN401 - untyped
        self._writer = writer

    def clear(self) -> None:
        """Forget every article."""
        self._writer.delete_all_documents()

    def put(self, number: int, question: str, answer: str, subject: str) -> None:
        """Add an article."""
        document = tantivy.Document()
        document.add_integer(NUMBER, number)
        document.add_text(QUESTION, question)
        document.add_text(ANSWER, answer)
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
    builder.add_text_field(QUESTION, stored=False, tokenizer_name=_ANALYSER, index_option="position")
    builder.add_text_field(ANSWER, stored=False, tokenizer_name=_ANALYSER, index_option="position")
    builder.add_text_field(SUBJECT, stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()


def remove(folder: Path) -> None:
    """Forget an index that is damaged or outdated."""
    shutil.rmtree(folder, ignore_errors=True)

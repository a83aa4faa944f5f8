"""How well searching finds what was meant, beside named baselines in the same run, on queries.jsonl.

uv run bench/quality/search.py [--library FOLDER] [--strict]

A hit is the article that was meant, or one with the same question or answer word for word (the real library repeats
2,706 questions); with ``--strict`` only the article that was meant. Each system is searched once and told of for all
queries, for those by which weights were chosen, and for those that were held out. The first run encodes all answers.
"""

import sys

import bm25s
import numpy as np
import Stemmer
from judged import HEAD, Search, library, opened, queries, ranks, row, texts_of

from responsa.index.found import READ
from responsa.index.index import Index
from responsa.index.texts import Text
from responsa.index.view import View, lengths_of, quantised

DEPTH = 100
RANK_CONSTANT = 60
STRICT = "--strict" in sys.argv


def of_bm25s(texts: dict[str, Text]) -> Search:
    urls, stemmer = [*texts], Stemmer.Stemmer("english")
    corpus = [f"{text.asked} {text.asked} {text.asked} {text.answer}" for text in texts.values()]
    found = bm25s.BM25()
    found.index(bm25s.tokenize(corpus, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def search(query: str) -> list[str]:
        tokens = bm25s.tokenize([query], stopwords="en", stemmer=stemmer, show_progress=False)
        rows, _ = found.retrieve(tokens, k=DEPTH, show_progress=False)
        return [urls[at] for at in rows[0]]

    return search


def best(scores: np.ndarray, urls: list[str]) -> list[str]:
    return [urls[at] for at in np.argsort(-scores, kind="stable")[:DEPTH]]


def shallow(index: Index) -> Index:
    """The index as it was before all answers were read."""
    documents = index.documents.at(index.view.numbers.tolist())
    questions = index.questions.of([documents[number].question for number in index.view.numbers.tolist()])
    dense = quantised(questions)
    view = index.view
    arrays = {"dense": dense, "numbers": view.numbers, "shelves": view.shelves, "lengths": lengths_of(dense)}
    index.view, index.deep = View(arrays), False
    return index


def main() -> None:
    found = library()
    deep = opened(found, deep=True)
    texts = texts_of(found, deep)
    asked, urls = queries(texts), [*texts]
    documents = deep.documents.at(deep.view.numbers.tolist())
    answers = deep.answers.of([document.text for document in documents.values()])
    questions = deep.questions.of([document.question for document in documents.values()])
    bm25, encode = of_bm25s(texts), deep.encoder.encode

    def words(query: str) -> list[str]:
        return best(deep.words.search(query).scores, urls)

    def by_question(query: str) -> list[str]:
        return best(questions @ encode([query])[0], urls)

    def by_text(query: str) -> list[str]:
        return best(answers @ encode([query])[0], urls)

    def by_rank(query: str) -> list[str]:
        score: dict[str, float] = {}
        for half in (words(query), by_text(query)):
            for rank, url in enumerate(half, 1):
                score[url] = score.get(url, 0) + 1 / (RANK_CONSTANT + rank)
        return sorted(score, key=lambda url: -score[url])

    def as_shared(query: str) -> list[str]:
        lexical = deep.words.search(query).scores
        return best(lexical / max(float(lexical.max()), 1e-9) + 2 * (answers @ encode([query])[0]), urls)

    systems = {
        "bm25s, question three times + answer": bm25,
        "words alone": words,
        "MiniLM, questions alone": by_question,
        "MiniLM, question + answer alone": by_text,
        "both, by rank (RRF)": by_rank,
        "both, words divided by the best score": as_shared,
        "**`search --deep`**": lambda query: [hit.url for hit in deep.search(query, DEPTH)],
    }
    first = shallow(opened(found, deep=True))
    systems |= {
        "words + questions": lambda query: [hit.url for hit in first.search(query, DEPTH)],
        f"**`search`** (reads {READ} answers a query)": lambda q: [
            hit.url for hit in first.search(q, DEPTH, read=READ)
        ],
    }
    ranked = {name: ranks(asked, search, strict=STRICT) for name, search in systems.items()}
    for title, wanted in (("all", (True, False)), ("by which weights were chosen", (False,)), ("held out", (True,))):
        chosen = [at for at, query in enumerate(asked) if query.held in wanted]
        print(f"\n{len(chosen)} queries {title}, {len(texts)} articles{', strict' if STRICT else ''}\n\n{HEAD}")
        for name, places in ranked.items():
            print(row(name, [places[at] for at in chosen]), flush=True)


if __name__ == "__main__":
    main()

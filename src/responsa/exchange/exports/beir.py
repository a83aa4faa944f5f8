"""The layout of BEIR: a corpus, queries, and which answer which; whatever evaluates retrieval reads it.

``qrels/test.tsv``: other wordings of a question (``also_asked``), which no document of the corpus contains.
``qrels/questions.tsv``: the question itself, which is its document's title: a check that what is there is found.
``qrels/related.tsv``: a question, and the questions that its article leads to.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

from responsa.article import Article
from responsa.exchange.exports.columns import storable
from responsa.exchange.exports.selection import Selection
from responsa.exchange.whole import encoded
from responsa.publish.views import clean

NAMES: Final = frozenset({"corpus.jsonl", "queries.jsonl", "qrels"})
JUDGED: Final = ("test", "questions", "related")


def write(selection: Selection, target: Path) -> int:
    """How many documents the corpus has."""
    (target / "qrels").mkdir()
    names = ["corpus.jsonl", "queries.jsonl", *(f"qrels/{name}.tsv" for name in JUDGED)]
    count = 0
    with ExitStack() as stack:
        files = [stack.enter_context((target / name).open("w", encoding="utf-8", newline="\n")) for name in names]
        corpus, queries, *judged = files
        for file in judged:
            file.write("query-id\tcorpus-id\tscore\n")
        for count, article in enumerate(selection.listed(), 1):  # noqa: B007 - counted for the report
            _document(corpus, article)
            _queries(queries, dict(zip(JUDGED, judged, strict=True)), article, _alive(selection, article))
    return count


def _document(corpus: IO[str], article: Article) -> None:
    facts = {"subject": storable(article.subject), "url": article.url}
    line = {"_id": article.url, "title": _line(article.question), "text": storable(article.answer), "metadata": facts}
    corpus.write(encoded(line) + "\n")


def _alive(selection: Selection, article: Article) -> list[str]:
    """Addresses of related questions that are documents of the corpus."""
    urls = dict.fromkeys(link.url for link in article.related if link.url and link.url != article.url)
    found = selection.catalogue.lookup(urls)
    return [url for url in urls if url in found and selection.holds(found[url])]


def _queries(queries: IO[str], judged: dict[str, IO[str]], article: Article, targets: list[str]) -> None:
    asked = [(f"{article.url}#question", article.question)]
    asked += [(f"{article.url}#asked-{place}", text) for place, text in enumerate(article.also_asked, 1)]
    for place, (name, text) in enumerate(asked):
        queries.write(encoded({"_id": name, "text": _line(text), "metadata": {}}) + "\n")
        judged["test" if place else "questions"].write(f"{name}\t{article.url}\t1\n")
    judged["related"].writelines(f"{asked[0][0]}\t{target}\t1\n" for target in targets)


def _line(text: str) -> str:
    return clean(storable(text))

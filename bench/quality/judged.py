"""The development queries with the articles that answer them, and how well a system finds these."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

sys.path.insert(0, str(Path(__file__).parents[1]))
from realdata import real_library

from responsa.index.encoders import encoder_of
from responsa.index.index import Index, open_index
from responsa.index.texts import Shard, Text, read_texts
from responsa.library.catalogue import refresh
from responsa.library.library import Library, read

QUERIES = Path(__file__).with_name("queries.jsonl")
SECOND = Path(__file__).with_name("queries_second.jsonl")
"""Written later over other articles. Its odd numbers were held out while weights were chosen."""
KINDS = ("keyword", "paraphrase", "detail")
Search = Callable[[str], Sequence[str]]
"""Addresses for a query, best first."""


class Query(Struct, frozen=True):
    """``url`` was meant when the query was written; ``alike`` have the same question or answer, word for word.

    ``held``: no weight was chosen by it.
    """

    text: str
    kind: str
    url: str
    alike: frozenset[str]
    held: bool


def library() -> Library:
    """The library of ``--library``, else the real one."""
    options = argparse.ArgumentParser()
    options.add_argument("--library", type=Path, default=None)
    return read(options.parse_known_args()[0].library or real_library())


def opened(found: Library, *, deep: bool) -> Index:
    with refresh(found) as catalogue:
        return open_index(found, catalogue, encoder_of(found), deep=deep)


def texts_of(found: Library, index: Index) -> dict[str, Text]:
    """What every listed article says, by address, in the order of the index."""
    documents = list(index.documents.all(listed=True))
    texts = read_texts(Shard(found, [str(document.path) for document in documents]))
    return {document.url: text for document, text in zip(documents, texts, strict=True)}


def queries(texts: dict[str, Text]) -> list[Query]:
    same: dict[str, set[str]] = {}
    for url, text in texts.items():
        for words in (f"q {text.question.strip()}", f"a {text.answer}"):
            same.setdefault(words, set()).add(url)
    found = []
    for file in (QUERIES, SECOND):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            text = texts[entry["url"]]
            alike = same[f"q {text.question.strip()}"] | same[f"a {text.answer}"]
            held = file == SECOND and int(entry["qid"][1:]) % 2 == 1
            found.append(Query(entry["query"], entry["kind"], entry["url"], frozenset(alike), held))
    return found


def ranks(asked: Iterable[Query], search: Search, *, strict: bool = False) -> list[tuple[str, int]]:
    """(kind, rank from 1 of the first right article; 0 where none is found)."""
    found = []
    for query in asked:
        right = {query.url} if strict else query.alike
        hits = search(query.text)
        found.append((query.kind, next((at for at, url in enumerate(hits, 1) if url in right), 0)))
    return found


def row(name: str, found: Sequence[tuple[str, int]]) -> str:
    """A line of the table: hit@1, hit@10 and MRR by kind and in all."""
    cells = []
    for kind in (*KINDS, ""):
        of_kind = [rank for one, rank in found if not kind or one == kind]
        first = 100 * sum(rank == 1 for rank in of_kind) / len(of_kind)
        ten = 100 * sum(0 < rank <= 10 for rank in of_kind) / len(of_kind)
        mean = sum(1 / rank for rank in of_kind if rank) / len(of_kind)
        cells.append(f"{first:.1f} / {ten:.1f} / {mean:.3f}")
    return f"| {name} | {' | '.join(cells)} |"


HEAD = "| hit@1 % / hit@10 % / MRR | keyword | paraphrase | detail | all |\n|---|---|---|---|---|"

"""What ``responsa search`` does once the parts that it needs are there."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import typer
from msgspec import Struct

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import UnreadableError, UsageError
from responsa.index.encoders import encoder_of
from responsa.index.found import NEAREST, READ, sure
from responsa.index.index import Hit, Index, open_index
from responsa.index.passages import best_passages
from responsa.library.catalogue import refresh
from responsa.library.library import Library

SNIPPETS: Final = 10
"""Hits that are shown with a passage."""
TAG: Final = "responsa"


class Query(Struct, frozen=True):
    """One line of the file of queries."""

    qid: str | int
    query: str


@contextmanager
def opened(library: Library, *, deep: bool, shown: bool) -> Iterator[Index]:
    """The index of the library as it is now, made or brought up to date with a bar on standard error."""
    encoder = encoder_of(library)
    with refresh(library) as catalogue, Meter("Indexing", shown=shown) as meter:
        index = open_index(library, catalogue, encoder, deep=deep, progress=meter.advance)
    with index:
        yield index


def read_queries(file: Path) -> list[Query]:
    """The queries of a file. Raises one ``UsageError`` that lists all bad lines."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    found: dict[str, Query] = {}
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                query = msgspec.json.decode(line, type=Query)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                problems.append(f'{file}:{number}: expected {{"qid": ..., "query": ...}}: {error}')
                continue
            problems += [f"{file}:{number}: {problem}" for problem in _wrong(query, found)]
            found[str(query.qid)] = query
    if problems:
        raise UsageError("\n".join(problems))
    return [*found.values()]


def _wrong(query: Query, found: dict[str, Query]) -> Iterator[str]:
    if not str(query.qid) or any(sign.isspace() for sign in str(query.qid)):
        yield "a qid is one word: a run's columns are parted by spaces"
    if str(query.qid) in found:
        yield f"the qid {query.qid} is there twice"


def write_run(index: Index, queries: Sequence[Query], file: Path, k: int, subject: str | None) -> None:
    """Write a TREC run; scores fall strictly, so that every tool keeps the order."""
    try:
        with file.open("w", encoding="utf-8") as out, Meter("Searching", shown=len(queries) > 1) as meter:
            for done, query in enumerate(queries, 1):
                out.writelines(_lines(str(query.qid), index.search(query.query, k, subject, read=READ)))
                meter.advance(done, len(queries))
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error
    typer.echo(f"{file}: {len(queries)} queries")


def _lines(qid: str, hits: Sequence[Hit]) -> Iterator[str]:
    last = float("inf")
    for rank, hit in enumerate(hits, 1):
        last = min(hit.score, last - 1e-6)
        yield f"{qid} Q0 {hit.url} {rank} {last:.6f} {TAG}\n"


def as_json(library: Library, index: Index, question: str, k: int, subject: str | None) -> str:
    """One object: the question, what became of it, and the hits with their passages."""
    answered = index.answer(question, k, subject, read=READ)
    hits = [
        {"url": hit.url, "title": hit.title, "subject": hit.subject, "score": hit.score, "similarity": hit.similarity,
         "words": hit.words, "passage": passage}
        for hit, passage in zip(answered.hits, _passages(library, index, question, answered.hits), strict=True)
    ]  # fmt: skip
    told = {
        "query": question, "found": bool(sure(answered)), "phrases": answered.found,
        "respelled": answered.respelled, "deep": index.deep, "hits": hits,
    }  # fmt: skip
    return json.dumps(told, indent=2, ensure_ascii=False)


def show(library: Library, index: Index, question: str, k: int, subject: str | None) -> None:
    """Print hits with the best passage of each; where there is none, the nearest and a word on that."""
    answered = index.answer(question, k, subject, read=READ)
    for word in answered.respelled:
        typer.echo(plain(f"No article has “{word}”; near spellings were taken."))
    if not answered.found and answered.hits:
        typer.echo("No article holds the words in quotes in that order; without the quotes:")
    hits = sure(answered)
    if not hits:
        typer.echo(plain(f"Nothing found for “{question}”." + (" The nearest:" if answered.hits else "")))
        hits = answered.hits[:NEAREST]
    passages = _passages(library, index, question, hits)
    for number, (hit, passage) in enumerate(zip(hits, passages, strict=True), 1):
        typer.echo(plain(f"{number:2}. {hit.title}"))
        typer.echo(plain(f"    {hit.url} · {hit.subject}"))
        if passage:
            typer.echo(plain(f"    {passage}"))


def _passages(library: Library, index: Index, question: str, hits: Sequence[Hit]) -> list[str]:
    shown = [_answer(library, hit) for hit in hits[:SNIPPETS]]
    return best_passages(index, question, shown) + [""] * (len(hits) - len(shown))


def _answer(library: Library, hit: Hit) -> str:
    try:
        return library.article(hit.document.path).answer
    except UnreadableError:
        return ""

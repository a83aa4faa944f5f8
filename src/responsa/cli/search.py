"""``responsa search``: articles that answer a question, by words and by meaning."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from responsa.errors import UsageError
from responsa.index.extra import required
from responsa.library.library import read


def search(  # noqa: PLR0917 - every parameter is an option by name
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")],
    question: Annotated[str, typer.Argument(help='What is sought; "words in quotes" must follow one another.')] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="At most so many articles.")] = 10,
    subject: Annotated[str, typer.Option(help="Only articles of this subject.")] = "",
    deep: Annotated[
        bool, typer.Option("--deep", help="Encode all answers once (minutes for a large library), and keep that.")
    ] = False,
    queries: Annotated[Path | None, typer.Option(help='JSONL of many questions: {"qid": ..., "query": ...}.')] = None,
    run: Annotated[Path | None, typer.Option(help="TREC run of --queries: qid Q0 docid rank score tag.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find the articles that answer a question: words, whole sentences or details; typos are forgiven.

    The index is built at need and kept in .responsa.
    """
    if (queries is None) != (run is None):
        raise UsageError("--queries and --run belong together: a file of questions and the run to write")
    if queries is None and not question.strip():
        raise UsageError('nothing to search for: responsa search LIBRARY "question"')
    if queries is not None and question:
        raise UsageError("a question and --queries exclude each other")
    required()
    from responsa.cli import searching  # noqa: PLC0415 - parts of an extra, loaded where they are wanted
    from responsa.index.found import shelf_of  # noqa: PLC0415
    from responsa.index.texts import sound  # noqa: PLC0415

    library, question = read(folder), sound(question)
    asked = searching.read_queries(queries) if queries else []
    with searching.opened(library, deep=deep, shown=sys.stderr.isatty()) as index:
        shelf = shelf_of(library, index, subject)
        if run:
            searching.write_run(index, asked, run, k, shelf)
        elif as_json:
            typer.echo(searching.as_json(library, index, question, k, shelf))
        else:
            searching.show(library, index, question, k, shelf)

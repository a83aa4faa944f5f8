"""What can be imported: how each kind is told by its looks, and which reader knows it."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.errors import UsageError
from responsa.exchange.imports import folder, medquad, site, stackexchange, tables
from responsa.exchange.imports.entry import Found
from responsa.exchange.imports.files import name_of, walk
from responsa.exchange.imports.heads import check
from responsa.exchange.imports.rows import Columns, Row, entries

TABLES: Final[dict[str, tuple[tuple[str, ...], Callable[[Path, str], Iterator[Row]]]]] = {
    "csv": ((".csv", ".tsv"), tables.csv_rows),
    "jsonl": ((".jsonl", ".ndjson"), tables.json_rows),
    "parquet": ((".parquet", ".pq"), tables.parquet_rows),
    "sqlite": ((".sqlite", ".sqlite3", ".db"), tables.sqlite_rows),
}
"""Kinds whose files are tables, by the endings of their names."""
KINDS: Final = (*TABLES, "folder", "stackexchange", "medquad", "site")
ALIASES: Final = {"hugo": "folder", "jekyll": "folder", "eleventy": "folder", "markdown": "folder", "html": "site"}


class Request(Struct, frozen=True):
    """What is imported: ``start`` is where it lies, ``called`` what the person named (an archive, say)."""

    kind: str
    start: Path
    called: Path
    columns: Columns = Columns()
    site: str = ""
    progress: Callable[[int], None] = lambda _done: None


def kind_of(start: Path, given: str) -> str:
    """The kind, as given or by the looks of it. Raises ``UsageError``."""
    if given:
        kind = ALIASES.get(given, given)
        if kind not in KINDS:
            raise UsageError(f"--kind {given}: no such kind; known are {', '.join((*KINDS, *ALIASES))}")
        return kind
    for kind, (endings, _) in TABLES.items():
        if start.is_file() and start.name.lower().endswith(endings):
            return kind
    if found := next((kind for kind, fits in _LOOKS.items() if fits(start)), ""):
        return found
    raise UsageError(f"{start}: cannot be told what it is; say it with --kind: {', '.join(KINDS)}")


def _has_medquad(start: Path) -> bool:
    return any(medquad.is_medquad(_head(path)) for path in islice(walk(start, (".xml",)), 3))


def _has_tables(kind: str) -> Callable[[Path], bool]:
    endings = TABLES[kind][0]
    return lambda start: start.is_dir() and next(walk(start, endings), None) is not None


_LOOKS: Final[dict[str, Callable[[Path], bool]]] = {
    "stackexchange": stackexchange.is_dump,
    "medquad": _has_medquad,
    "folder": lambda start: folder.is_folder(start) or start.suffix.lower() in {".md", ".markdown"},
    "site": site.is_site,
    **{kind: _has_tables(kind) for kind in TABLES},
}


def found_in(request: Request, spool: Path) -> Iterator[Found]:
    """What the reader of the kind finds; ``spool`` is a file that it may make and that is removed afterwards.

    Raises ``UsageError`` before anything is found where an option cannot be meant.
    """
    start = request.start
    examine(request)
    if request.kind in TABLES:
        return _of_tables(request)
    if request.kind == "stackexchange":
        host = stackexchange.site_of(request.site, request.called)
        return stackexchange.entries(start, host, spool, request.progress)
    readers = {"folder": folder.entries, "medquad": medquad.entries, "site": site.entries}
    return readers[request.kind](start)


def examine(request: Request) -> None:
    """Raises ``UsageError`` where a named column is in none of the tables, or an option is for another kind."""
    if request.kind in TABLES:
        check(_heads(request), request.columns)
    elif request.columns != Columns():
        raise UsageError(f"{request.called}: {request.kind} has no columns; --map and --text are for tables")
    if request.site and request.kind != "stackexchange":
        raise UsageError(f"{request.called}: --site is for dumps of Stack Exchange; this is {request.kind}")


def _heads(request: Request) -> Iterator[Row]:
    """Rows by which columns are told: all of JSON lines, where each has its own; else the first of each table."""
    rows = ((row for row in found if row.values) for _, found in _tables(request))
    return chain.from_iterable(found if request.kind == "jsonl" else islice(found, 1) for found in rows)


def _of_tables(request: Request) -> Iterator[Found]:
    for name, rows in _tables(request):
        yield from entries(rows, name, request.columns)


def _tables(request: Request) -> Iterator[tuple[str, Iterator[Row]]]:
    """Each table by the name that a report calls it."""
    endings, rows = TABLES[request.kind]
    for path in walk(request.start, endings):
        name = request.called.name if path == request.called else name_of(path, request.start)
        yield name, rows(path, name)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)

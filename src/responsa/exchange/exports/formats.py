"""The formats of an export: the writer of each, and whether it makes a file or a folder."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from responsa.errors import UsageError
from responsa.exchange.exports.beir import NAMES
from responsa.exchange.exports.place import whole_file, whole_folder
from responsa.exchange.exports.selection import Selection


class Format(Struct, frozen=True):
    """``endings`` are those of its files; ``names`` what its folder holds, empty for a file."""

    title: str
    endings: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


FORMATS: Final = {
    "jsonl": Format("a line of JSON an article, with every key", (".jsonl", ".ndjson")),
    "parquet": Format("columns, with every key", (".parquet",)),
    "sqlite": Format("tables with keys and full-text search, with every key", (".sqlite", ".sqlite3", ".db")),
    "beir": Format("corpus, queries and judgements, to measure search with", names=NAMES),
    "anki": Format("a deck of cards", (".apkg",)),
    "llms": Format("one Markdown text for language models", (".txt", ".md")),
    "epub": Format("a book of one subject", (".epub",)),
}
"""``responsa.exchange.exports.NAME.write`` writes the format NAME."""


def format_of(target: Path, given: str) -> str:
    """The format, as given or by the ending of the file's name. Raises ``UsageError``."""
    if given and given not in FORMATS:
        raise UsageError(f"--format {given}: no such format; known are {', '.join(FORMATS)}")
    found = next((name for name, one in FORMATS.items() if target.name.lower().endswith(one.endings)), "")
    if given or found:
        return given or found
    raise UsageError(f"--to {target}: which format is wanted? --format says it: {', '.join(FORMATS)}")


def export(selection: Selection, name: str, target: Path, *, force: bool) -> int:
    """How many articles were written; the file or folder appears whole or not at all."""
    module: Any = import_module(f"responsa.exchange.exports.{name}")
    chosen = FORMATS[name]
    place = whole_folder(target, chosen.names, force=force) if chosen.names else whole_file(target, force=force)
    with place as half:
        return int(module.write(selection, half))

"""JSON lines: an article a line, with every key of its record; what was imported from them is the same again."""

from pathlib import Path

from responsa.exchange.exports.selection import Selection
from responsa.exchange.whole import as_json, encoded


def write(selection: Selection, target: Path) -> int:
    """How many articles were written."""
    count = 0
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for count, (_, whole) in enumerate(selection.full(), 1):  # noqa: B007 - counted for the report
            file.write(encoded(as_json(whole)) + "\n")
    return count

"""WordNet's files as lists of fields: what `make_opposites.py` and `make_kinds.py` both read."""

# ruff: noqa: INP001  (a script, in no package)

from collections.abc import Iterator
from pathlib import Path


def entries(path: Path) -> dict[str, list[str]]:
    """The fields of each entry of a data file, by its place; what explains it is left out."""
    lines = path.read_text("ascii").splitlines()
    return {line[:8]: line.split(" | ")[0].split() for line in lines if line[:8].isdigit()}


def words_of(entry: list[str]) -> list[str]:
    """The words of an entry, small, without marks such as ``(p)``."""
    return [entry[4 + 2 * at].partition("(")[0].lower() for at in range(int(entry[3], 16))]


def pointers(entry: list[str]) -> Iterator[tuple[str, str, str]]:
    """What it points to: the sign of the relation, the other's place, and which word of each is meant."""
    start = 4 + 2 * int(entry[3], 16)
    for at in range(start + 1, start + 1 + 4 * int(entry[start]), 4):
        sign, other, _, which = entry[at : at + 4]
        yield sign, other, which

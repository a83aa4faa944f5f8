"""Which columns tables have: looked at before a row is taken, so that a wrong name in a mapping costs nothing."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from responsa.errors import UsageError
from responsa.exchange.imports.rows import FIELDS, Columns, Row, fields_of
from responsa.exchange.whole import from_json

NEEDED: Final = ("question", "answer")
_SHOWN: Final = 30
_MOST: Final = 10_000
"""Names that are remembered; a hostile table may give every row names of its own."""
_NEAR: Final = 0.85


def check(rows: Iterable[Row], columns: Columns) -> None:
    """Raises ``UsageError`` where no row has a column that was named, or none has a question or an answer.

    Rows are read until everything was met: the first is enough where all rows have the same columns.
    """
    names = dict[str, None]()
    for row in rows:
        if not columns.mapped and from_json(row.values):
            return
        if row.values.keys() <= names.keys() or len(names) > _MOST:
            continue
        names.update(dict.fromkeys(row.values))
        if not missing(names, columns.mapped):
            return
    if names:
        raise UsageError(missing(names, columns.mapped))


def missing(names: Mapping[str, None], mapped: Mapping[str, str]) -> str:
    """What is wrong with a mapping for a table of these columns; nothing where it fits."""
    for field, column in mapped.items():
        if column not in names:
            hint = f"; did you mean --map {field}={near}?" if (near := _near(column, names)) else ""
            return f"--map {field}={column}: there is no column `{column}`; there are {_listed(names)}{hint}"
    fields = fields_of(names, mapped)
    for field in NEEDED:
        if field not in fields:
            free = [name for name in names if name and name not in fields.values()]
            near = next(filter(None, (_near(known, free) for known in FIELDS[field])), "")
            hint = f"did you mean --map {field}={near}?" if near else f"say which with --map {field}=COLUMN"
            return f"no column is called `{field}` or alike; there are {_listed(names)}; {hint}"
    return ""


def doubtful(mapped: Mapping[str, str]) -> list[str]:
    """Fields that are none of Responsa's but nearly are: their columns are kept, perhaps not as they were meant."""
    near = ((field, get_close_matches(field, FIELDS, 1, _NEAR)) for field in mapped if field not in FIELDS)
    return [
        f"--map {field}={mapped[field]}: kept under the name `{field}`; did you mean `{found[0]}`?"
        for field, found in near
        if found
    ]


def _near(column: str, names: Iterable[str]) -> str:
    """The name that is nearest, where case, spaces and underscores do not count; else one that holds it."""
    folded = {_folded(name): name for name in names}
    close = get_close_matches(_folded(column), folded, 1, 0.7)
    holds = [name for name in folded if len(column) > 1 and _folded(column) in name]
    return next((folded[name] for name in (*close, *holds)), "")


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _listed(names: Iterable[str]) -> str:
    held = [f"`{name[:60]}`" for name in names if name]
    more = f" and {len(held) - _SHOWN:,} more" if len(held) > _SHOWN else ""
    return ", ".join(held[:_SHOWN]) + more

"""Parquet: the same rows in columns, compressed, read by every tool for data."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from responsa.errors import MissingExtraError
from responsa.exchange.arrow import panics
from responsa.exchange.exports.columns import SOURCE_TEXTS, TEXTS, row, storable
from responsa.exchange.exports.selection import Full, Selection
from responsa.shards import batches

GROUP: Final = 500
"""Articles in memory at a time, and in a group of rows."""


def write(selection: Selection, target: Path) -> int:
    """How many articles were written. Raises ``MissingExtraError``."""
    try:
        from arro3 import core  # noqa: PLC0415 - a part of an extra
        from arro3.io import write_parquet  # noqa: PLC0415 - a part of an extra
    except ImportError as error:
        raise MissingExtraError("The writer of Parquet", "parquet") from error
    table, count = _Table(core), 0

    def groups() -> Iterator[Any]:
        nonlocal count
        for group in batches(selection.full(), GROUP):
            count += len(group)
            yield table.batch(group)

    reader = core.RecordBatchReader.from_batches(table.schema, groups())
    with panics():
        write_parquet(reader, str(target), compression="zstd(6)", max_row_group_size=GROUP)
    return count


class _Table:
    """The columns, as arrays of the library ``core``."""

    def __init__(self, core: Any) -> None:  # noqa: ANN401 - a module
        self.core, kinds = core, core.DataType
        self.string, self.offset = kinds.string(), kinds.int32()
        kept = [(name, self.string) for name in SOURCE_TEXTS]
        self.source = [*kept, ("year", kinds.int64()), ("retracted", kinds.bool())]
        self.texts = kinds.list(core.Field("item", self.string, nullable=True))
        struct = kinds.struct([core.Field(name, kind, nullable=True) for name, kind in self.source])
        self.sources = kinds.list(core.Field("item", struct, nullable=True))
        columns = [(name, self.string) for name in TEXTS] + [("score", kinds.float64()), ("no_index", kinds.bool())]
        columns += [("aliases", self.texts), ("also_asked", self.texts), ("related", self.texts)]
        columns += [("sources", self.sources)]
        self.schema = core.Schema([core.Field(name, kind, nullable=True) for name, kind in columns])

    def batch(self, group: Sequence[Full]) -> Any:  # noqa: ANN401 - a RecordBatch
        core, rows, articles = self.core, [row(full) for full in group], [full.article for full in group]
        arrays = [core.Array([one[name] for one in rows], type=self.string) for name in TEXTS]
        arrays += [
            core.Array([article.score for article in articles], type=core.DataType.float64()),
            core.Array([article.no_index for article in articles], type=core.DataType.bool()),
            self.lists([article.aliases for article in articles], self.texts, self.strings),
            self.lists([article.also_asked for article in articles], self.texts, self.strings),
            self.lists([[link.url for link in article.related] for article in articles], self.texts, self.strings),
            self.lists([article.sources for article in articles], self.sources, self.structs),
        ]
        return core.RecordBatch.from_arrays(arrays, schema=self.schema)

    def lists(self, cells: Iterable[Sequence[Any]], kind: Any, inner: Callable[[list[Any]], Any]) -> Any:  # noqa: ANN401 - arrays
        offsets, items = [0], list[Any]()
        for cell in cells:
            items += cell
            offsets.append(len(items))
        return self.core.list_array(self.core.Array(offsets, type=self.offset), inner(items), type=kind)

    def strings(self, items: list[str]) -> Any:  # noqa: ANN401 - an array
        return self.core.Array([storable(item) for item in items], type=self.string)

    def structs(self, items: list[Any]) -> Any:  # noqa: ANN401 - an array
        fields = [self.core.Field(name, kind, nullable=True) for name, kind in self.source]
        arrays = [self.core.Array([_value(item, name) for item in items], type=kind) for name, kind in self.source]
        return self.core.struct_array(arrays, fields=fields)


def _value(item: Any, name: str) -> Any:  # noqa: ANN401 - a Source's field
    value = getattr(item, name)
    if name == "year":
        return value if value is None or abs(value) < 2**63 else None
    return storable(value) if isinstance(value, str) else value

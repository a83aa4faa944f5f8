"""Tables as rows: CSV, JSON lines, Parquet, and the SQLite files that ``responsa export`` writes. All are streams."""

import codecs
import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Final

from responsa.errors import MissingExtraError, UnreadableError
from responsa.exchange.arrow import panics
from responsa.exchange.imports.entry import Place
from responsa.exchange.imports.rows import Row

LONGEST: Final = 16 * 1024**2
"""Characters of a line; more is no row."""
_SIGNS: Final = ",;\t|"
_PARQUET: Final = b"PAR1"
_SMALLEST: Final = 12
"""Bytes of a Parquet file that holds nothing."""
_CHUNK: Final = 1 << 20
_END: Final = "\ue000\n"
"""A line behind the last one of a CSV file: where a quotation mark is open, it becomes a part of the last cell."""


def csv_rows(path: Path, name: str) -> Iterator[Row]:
    """A row a record, with the line it begins on. Comma, semicolon, tab or bar: what the head holds most of."""
    csv.field_size_limit(LONGEST)
    with _opened(path, name) as file:
        head = file.readline(LONGEST)
        sign = max(_SIGNS, key=head.count)
        columns = _columns(next(csv.reader([head], delimiter=sign), []), name)
        reader = csv.reader(chain(file, ["\n", _END]), delimiter=sign)
        while True:
            place = Place(name, f"line {reader.line_num + 2}")
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(place, problem=str(error))
                continue
            if cells == [_END.strip()]:
                return
            if cells and _END in cells[-1]:
                yield Row(place, problem="a quotation mark opens in this row and none closes it up to the file's end")
            elif cells:
                yield _csv_row(columns, cells, place)


def _columns(head: list[str], name: str) -> list[str]:
    """The names of the columns. Raises ``UnreadableError`` where there are none, or one would hide another."""
    if not any(head):
        raise UnreadableError(Path(name), 1, "names no columns: the first line has to say what each column holds")
    twice = next((column for at, column in enumerate(head) if column and column in head[:at]), "")
    if twice:
        raise UnreadableError(Path(name), 1, f"two columns are called `{twice}`; give each a name of its own")
    return head


def _csv_row(columns: list[str], cells: list[str], place: Place) -> Row:
    if len(cells) > len(columns):
        return Row(place, problem=f"{len(cells)} cells, but the head names {len(columns)} columns")
    return Row(place, dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=True)))


def json_rows(path: Path, name: str) -> Iterator[Row]:
    """A row a line."""
    with _opened(path, name) as file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            place = Place(name, f"line {number}")
            if len(line) == LONGEST and not line.endswith("\n"):
                _skip_line(file)
                yield Row(place, problem=f"longer than {LONGEST:,} characters")
            elif line.strip():
                yield _json_row(line, place)


def _skip_line(file: io.TextIOWrapper) -> None:
    while (rest := file.readline(LONGEST)) and not rest.endswith("\n"):
        pass


def _json_row(line: str, place: Place) -> Row:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(place, problem=f"not JSON: {error}")
    if not isinstance(values, dict):
        return Row(place, problem="expected an object of columns and values")
    return Row(place, values)


def parquet_rows(path: Path, name: str) -> Iterator[Row]:
    """A row a row; a batch of them is in memory at a time."""
    try:
        from arro3.io import read_parquet  # noqa: PLC0415 - a part of an extra
    except ImportError as error:
        raise MissingExtraError("The reader of Parquet", "parquet") from error
    _check_parquet(path, name)
    try:
        with panics():
            batches = iter(read_parquet(str(path), batch_size=500))
        number = 0
        while True:
            with panics():
                batch = next(batches, None)
            if batch is None:
                return
            columns = {column: batch.column(column).to_pylist() for column in batch.column_names}
            for place in range(batch.num_rows):
                number += 1
                values = {column: cells[place] for column, cells in columns.items()}
                yield Row(Place(name, f"row {number}"), _unfolded(values))
    except Exception as error:
        raise UnreadableError(Path(name), 1, "a damaged Parquet file: fetch or write it again") from error


def _check_parquet(path: Path, name: str) -> None:
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(max(0, path.stat().st_size - 4))
        if head != _PARQUET:
            raise UnreadableError(Path(name), 1, "no Parquet file: it does not begin with PAR1")
        if path.stat().st_size < _SMALLEST or file.read(4) != _PARQUET:
            raise UnreadableError(Path(name), 1, "no whole Parquet file, its end is missing: fetch or write it again")


def sqlite_rows(path: Path, name: str) -> Iterator[Row]:
    """Articles of an export of ours, in its order."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            query = "SELECT number, answer, record FROM articles ORDER BY number"
            for number, answer, record in database.execute(query):
                values = {"answer": answer, "record": record}
                yield Row(Place(name, f"row {number}"), _unfolded(values))
    except sqlite3.Error as error:
        raise UnreadableError(Path(name), 1, f"no SQLite file of `responsa export`: {error}") from error


def _unfolded(values: dict[str, Any]) -> dict[str, Any]:
    """A row of an export holds the record in one column, and the answer, where it is a text, in its own."""
    record = values.get("record")
    if not isinstance(record, str) or '"responsa":' not in record:
        return values
    try:
        whole = json.loads(record)
    except (ValueError, RecursionError):
        return values
    answer = values.get("answer")
    return {**whole, "answer": answer} if isinstance(answer, str) and "answer" not in whole else whole


def _opened(path: Path, name: str) -> io.TextIOWrapper:
    """Raises ``UnreadableError``, also for a file that is no text somewhere: half a table is not imported."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        encoding = "utf-16" if start[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        _check_text(path, name, encoding)
        return path.open(encoding=encoding, newline="")
    except OSError as error:
        raise UnreadableError(Path(name), 1, f"cannot be read: {error.strerror}") from error


def _check_text(path: Path, name: str, encoding: str) -> None:
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                line += decoder.decode(chunk).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            told = "not UTF-8: save it so (“CSV UTF-8” in a spreadsheet), or convert it with `iconv`"
            raise UnreadableError(Path(name), line, told) from error

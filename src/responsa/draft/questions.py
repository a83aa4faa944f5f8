"""A file of questions: CSV with a column `question`, or a JSON object a line."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from responsa.errors import UsageError
from responsa.library.card import question_key

COLUMN: Final = "question"
SIGNS: Final = ",;\t|"
"""Between cells; the head holds most of the one that is meant."""
LONGEST: Final = 2_000
SHOWN: Final = 20
"""Broken lines that are named; the others are counted."""


class Question(Struct, frozen=True):
    """One line; other keys are passed over."""

    question: str


def questions(file: Path) -> list[str]:
    """Each question once, in the file's order. Raises one ``UsageError`` with every line that holds none."""
    text = _text(file)
    found: dict[str, str] = {}
    problems: list[str] = []
    for number, said in _csv(file, text) if file.suffix.casefold() == ".csv" else _jsonl(text):
        problem = said if isinstance(said, Problem) else _wrong(said)
        if problem:
            problems.append(f"{file}:{number}: {problem}")
        elif isinstance(said, str):
            found.setdefault(question_key(said), " ".join(said.split()))
    if len(problems) > SHOWN:
        problems[SHOWN:] = [f"{file}: {len(problems) - SHOWN} more lines like these"]
    if problems:
        raise UsageError("\n".join(problems))
    if not found:
        raise UsageError(f"{file}: no question in it")
    return list(found.values())


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = "not UTF-8: save it so (“CSV UTF-8” in a spreadsheet), or convert it with `iconv`"
        raise UsageError(f"{file}:{line}: {told}") from error


class Problem(str):
    """What is wrong with a line."""

    __slots__ = ()


def _wrong(question: str) -> str:
    if not question.strip():
        return "the question is empty"
    return f"longer than {LONGEST:,} characters; no question is that long" if len(question) > LONGEST else ""


def _csv(file: Path, text: str) -> Iterator[tuple[int, str]]:
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(SIGNS, key=first.count), strict=True)
    try:
        head = [name.strip().casefold() for name in next(rows, [])]
        if COLUMN not in head:
            raise UsageError(f"{file}:1: expected a column `{COLUMN}`; found {', '.join(head)[:200] or 'none'}")
        at = head.index(COLUMN)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num, row[at] if at < len(row) else Problem(f"has no column {at + 1}")
    except csv.Error as error:
        raise UsageError(f"{file}:{rows.line_num}: no CSV: {error}") from error


def _jsonl(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield number, msgspec.json.decode(line.encode(), type=Question).question
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            yield number, Problem(f'expected {{"question": "..."}}: {error}')

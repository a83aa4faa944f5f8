"""An article with everything its file says, as one JSON value: what exports hold and imports give back."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct

from responsa.errors import EditError
from responsa.exchange.values import file_of, values_of
from responsa.records.layout import Layout
from responsa.records.record import Record

ENVELOPE: Final = "responsa"
"""The key of what is no value of the record: its path, the text below it, whether another one has its address."""
VERSION: Final = 1
_USUAL_BODY: Final = "\n&nbsp;"


class Whole(Struct, frozen=True):
    """``values`` are in Responsa's names. ``path`` is relative to the articles' folder.

    ``file`` is the file itself, for the rare record that JSON cannot say (not a number, half a character). ``shared``:
    another article of its library has the same address.
    """

    path: PurePosixPath
    values: dict[str, Any]
    body: str = _USUAL_BODY
    file: str = ""
    shared: bool = False

    def data(self, layout: Layout) -> bytes:
        """The file. Raises ``EditError``."""
        return self.file.encode() if self.file else file_of(self.values, layout, self.body)


def whole(record: Record, path: PurePosixPath, layout: Layout, *, shared: bool = False) -> Whole:
    """The article of the file at ``path`` below the articles' folder."""
    try:
        values = values_of(record, layout)
    except EditError:
        return Whole(path, {}, file=record.text, shared=shared)
    if ENVELOPE in values or not _sayable(values):
        return Whole(path, {}, file=record.text, shared=shared)
    body = _USUAL_BODY if layout.answer_in_body else record.body
    return Whole(path, values, body, shared=shared)


def as_json(article: Whole) -> dict[str, Any]:
    """The values of the record, and beside them under ``ENVELOPE`` what is none of them."""
    envelope: dict[str, Any] = {"version": VERSION, "path": str(article.path)}
    if article.body != _USUAL_BODY:
        envelope["body"] = article.body
    if article.file:
        envelope["file"] = article.file
    if article.shared:
        envelope["shared"] = True
    return {**article.values, ENVELOPE: envelope}


def from_json(line: Mapping[str, Any]) -> Whole | None:
    """The article that ``as_json`` gave; ``None`` for what is no article of ours."""
    envelope = line.get(ENVELOPE)
    if not isinstance(envelope, dict) or envelope.get("version") != VERSION:
        return None
    path, body, file = envelope.get("path"), envelope.get("body", _USUAL_BODY), envelope.get("file", "")
    if not (isinstance(path, str) and isinstance(body, str) and isinstance(file, str)):
        return None
    values = {key: value for key, value in line.items() if key != ENVELOPE}
    return Whole(PurePosixPath(path), values, body, file, shared=envelope.get("shared") is True)


def encoded(line: Mapping[str, Any]) -> str:
    """``line`` as one line of JSON, the same for the same values."""
    return json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _sayable(values: Mapping[str, Any]) -> bool:
    try:
        encoded(values).encode()
    except (ValueError, TypeError, RecursionError):
        return False
    return True

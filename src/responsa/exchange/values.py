"""A record's values in Responsa's own names, whatever a layout calls them, and the file that holds such values."""

import datetime
from collections.abc import Mapping
from typing import Any, Final, cast

from responsa.article import Value
from responsa.errors import EditError
from responsa.records.emit import serialise
from responsa.records.layout import Layout
from responsa.records.record import Record, parse
from responsa.records.text import decode_answer, encode_answer

TEXTS: Final = (
    *("_schema", "title", "article_title", "date_format", "post_on_text", "author", "question", "answer", "subject"),
    *("language", "provenance", "file_name", "url", "seo.title", "seo.page_description"),
)
_DAYS: Final = ("date", "review_by", "reviewed.on")
_SEED_BODY: Final = "\n&nbsp;"


def values_of(record: Record, layout: Layout) -> dict[str, Any]:
    """The front matter with keys in Responsa's names, the answer as Markdown with real line breaks."""
    values = _copied(record.values)
    moved = {field: _take_out(values, key) for field, key in layout.keys.items() if _held(values, key) is not None}
    for field, value in moved.items():
        if _held(values, field) is not None:
            raise EditError(f"{record.path}: `{layout.key(field)}` and `{field}` both stand for `{field}`")
        put(values, field, value)
    _as_texts(record, values, layout)
    if layout.answer_in_body:
        values["answer"] = record.body.strip()
    elif layout.escaped_newlines and isinstance(values.get("answer"), str):
        values["answer"] = decode_answer(values["answer"])
    return values


def file_of(values: Mapping[str, Any], layout: Layout, body: str = _SEED_BODY) -> bytes:
    """The file that says ``values``. Raises ``EditError`` where no file can say them, found by reading it again."""
    written = _copied(values)
    answer = written.get("answer")
    if layout.answer_in_body:
        written.pop("answer", None)
        body = f"\n{str(answer or '').strip()}\n"
    elif layout.escaped_newlines and isinstance(answer, str):
        written["answer"] = encode_answer(answer)
    moved = {field: _take_out(written, field) for field in layout.keys if _held(written, field) is not None}
    for field, value in moved.items():
        put(written, layout.key(field), value)
    data = serialise(_dated(written, layout), body=body)
    if parse(data).values != written:
        raise EditError("its values cannot be written as front matter without changing them")
    return data


def _as_texts(record: Record, values: dict[str, Any], layout: Layout) -> None:
    """``question: 1e3`` is text, though YAML read a number: what the file writes."""
    for field in TEXTS:
        held = _held(values, field)
        if isinstance(held, bool | int | float):
            put(values, field, record.source(layout.key(field)) or str(held))


def _dated(values: dict[str, Any], layout: Layout) -> dict[str, Value]:
    """Days as days, so that they stand without quotes, as people write them."""
    dated = _copied(values)
    for field in _DAYS:
        held = _held(dated, key := layout.key(field))
        if isinstance(held, str) and len(held) == len("2024-12-07"):
            try:
                put(dated, key, datetime.date.fromisoformat(held))
            except ValueError:
                continue
    return cast("dict[str, Value]", dated)


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in values.items()}


def _held(values: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - what YAML read
    found: Any = values
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _take_out(values: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - what YAML read
    """Takes a dotted key out, and parents that it leaves empty."""
    name, _, rest = key.partition(".")
    if not rest:
        return values.pop(name)
    found = _take_out(values[name], rest)
    if not values[name]:
        del values[name]
    return found


def put(values: dict[str, Any], key: str, value: object) -> None:
    """Sets a dotted key. Raises ``EditError`` where a parent holds no keys."""
    *above, name = key.split(".")
    for part in above:
        if not isinstance(inner := values.setdefault(part, {}), dict):
            raise EditError(f"`{part}` holds no keys, so `{key}` cannot be set")
        values = inner
    values[name] = value

"""Front matter of other tools: YAML between ``---``, TOML between ``+++``, JSON in braces or between ``---json``."""

import datetime
import json
import re
import tomllib
from typing import Any, Final

from responsa.errors import UnreadableError
from responsa.records.record import read

_FENCED: Final = re.compile(
    r"\ufeff?(---json|---toml|---js|\+\+\+)[ \t]*\r?\n(.*?)^(?:---|\+\+\+)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
_YAML: Final = re.compile(r"\ufeff?---[ \t]*\r?\n")


def split(text: str) -> tuple[dict[str, Any], str]:
    """Values and the text below them; no values where there is no front matter. Raises ``ValueError``."""
    if _YAML.match(text):
        try:
            record = read(text)
        except UnreadableError as error:
            raise ValueError(f"line {error.line}: {error.problem}") from error
        return record.values, record.body
    if fenced := _FENCED.match(text):
        return _fenced(fenced[1], fenced[2]), text[fenced.end() :]
    if text.lstrip("\ufeff").startswith("{"):
        return _braced(text.lstrip("\ufeff"))
    return {}, text


def _fenced(fence: str, inner: str) -> dict[str, Any]:
    if fence == "---js":
        raise ValueError("line 1: the front matter is a program (---js); nothing of an import is run")
    try:
        values = json.loads(inner) if fence == "---json" else tomllib.loads(inner)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"line 2: the front matter cannot be read: {error}") from error
    if isinstance(values, dict):
        return {key: _plain(value) for key, value in values.items()}
    raise ValueError("line 2: the front matter holds no keys")


def _braced(text: str) -> tuple[dict[str, Any], str]:
    try:
        values, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}, text  # a page that begins with a brace, such as a template's `{{ ... }}`
    return (
        ({key: _plain(value) for key, value in values.items()}, text[end:]) if isinstance(values, dict) else ({}, text)
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - what JSON and TOML hold
    """Days and times as the text that YAML would give."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value

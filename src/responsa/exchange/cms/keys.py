"""Every key that the files of a library hold, with what kind of value it has: what a CMS must know to keep them all."""

import re
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field

from responsa.errors import UnreadableError
from responsa.library.library import Library

LONG: Final = 120
"""Characters; a text that is longer somewhere is edited in a field of several lines."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")


class Key(Struct):
    """What stands under a key in all files: kinds of values, ``inner`` keys of maps, ``items`` of lists."""

    kinds: set[str] = field(default_factory=set)
    inner: dict[str, "Key"] = {}
    items: dict[str, "Key"] = {}

    @property
    def kind(self) -> str:
        """What holds all values: ``map``, ``maps``, ``list``, ``bool``, ``number``, ``date``, ``long``, ``text``."""
        known = self.kinds - {"nothing"}
        if "map" in known or "maps" in known:
            return "map" if "map" in known else "maps"
        if "list" in known:
            return "list"
        if "bool" in known:
            return "bool"
        if not known or known <= {"date"}:
            return "date" if known else "text"
        if known <= {"integer", "number"}:
            return "number"
        return "long" if "long" in known else "text"

    @property
    def whole(self) -> bool:
        """Whether numbers are integers."""
        return "number" not in self.kinds


class Keys(Struct):
    """The keys of a library's files; ``schemas`` are those that records name; ``folders`` hold the files."""

    keys: dict[str, Key]
    schemas: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    count: int = 0
    unreadable: int = 0


def scan(library: Library) -> Keys:
    """Reads every file, one at a time. A file that cannot be read is counted: its keys are not known."""
    found = Keys({})
    for path in library.paths():
        try:
            record = library.record(path)
        except UnreadableError:
            found.unreadable += 1
            continue
        _note(found.keys, record.values)
        found.count += 1
        found.folders.add(str(path.parent))
        if isinstance(schema := record.values.get("_schema"), str):
            found.schemas.add(schema)
    return found


def complete(found: Keys, library: Library) -> Keys:
    """With the keys that Responsa itself may write, so that its later work is kept as well."""
    layout = library.config.layout
    for name, value in _OURS.items():
        if not (name == "answer" and layout.answer_in_body):
            keys = found.keys
            *above, last = layout.key(name).split(".")
            for part in above:
                key = keys.setdefault(part, Key())
                key.kinds.add("map")
                keys = key.inner
            _note(keys, {last: value})
    return found


def _note(keys: dict[str, Key], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        key = keys.get(name)
        if key is None:
            key = keys[name] = Key()
        key.kinds.add(_kind(value))
        if isinstance(value, dict):
            _note(key.inner, value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    _note(key.items, item)


def _kind(value: Any) -> str:  # noqa: ANN401, PLR0911 - a kind a kind of value that YAML reads
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, dict):
        return "map"
    if isinstance(value, list):
        return "maps" if any(isinstance(item, dict) for item in value) else "list"
    text = str(value)
    if _DAY.fullmatch(text):
        return "date"
    return "long" if len(text) > LONG or "\n" in text else "text"


_SOURCE: Final = {
    **dict.fromkeys(("id", "title", "authors", "venue", "doi", "pmid", "url"), "text"),
    "year": 2024,
    "retracted": True,
}
_OURS: Final[dict[str, Any]] = {
    **dict.fromkeys(("question", "answer", "subject", "url", "title", "author", "language", "provenance"), "text"),
    "seo.page_description": "text " * LONG,
    "date": "2024-12-07",
    "score": 0.5,
    "no_index": True,
    "aliases": ["text"],
    "also_asked": ["text"],
    "sources": [_SOURCE],
    "reviewed": {"by": "text", "on": "2024-12-07", "of": "text"},
    "review_by": "2024-12-07",
    **{f"related_article{slot}": {"id": 1, "title": "text", "subject": "text", "url": "text"} for slot in range(1, 6)},
}

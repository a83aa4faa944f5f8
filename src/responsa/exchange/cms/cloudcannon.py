"""CloudCannon: a configuration and a schema a kind of record, in which every key is an input and none is removed."""

from pathlib import PurePosixPath
from typing import Any, Final

from responsa.article import Value
from responsa.exchange.cms.keys import Key, Keys
from responsa.library.create import New
from responsa.library.library import Library
from responsa.library.urls import slugify
from responsa.records.emit import ORDER, block, serialise

CONFIG: Final = "cloudcannon.config.yml"
_SCHEMAS: Final = ".cloudcannon/schemas"
_TYPES: Final = {
    "map": "object", "maps": "array", "list": "array", "bool": "checkbox", "number": "number", "date": "date",
    "long": "textarea", "text": "text",
}  # fmt: skip
_EMPTY: Final[dict[str, Value]] = {"map": {}, "maps": [], "list": [], "bool": False, "long": "", "text": ""}


def files(found: Keys, library: Library) -> list[New]:
    """The configuration, and a schema of all keys for each that records name."""
    names = sorted(found.schemas) or ["default"]
    layout = library.config.layout
    schemas: dict[str, Value] = {name: _schema(name) for name in names}
    articles: dict[str, Value] = {
        "path": layout.content,
        "name": "Articles",
        "glob": "**/*.md",
        "schema_key": "_schema",
        "schemas": schemas,
    }
    inputs = dict[str, Value]()
    structures = dict[str, Value]()
    _inputs(found.keys, "", inputs, structures)
    if layout.escaped_newlines:
        # The answer keeps its line breaks as two characters: an editor of rich text would take them for words.
        inputs[layout.key("answer")] = {
            "type": "textarea",
            "label": "Answer",
            "comment": "Line breaks are written \\n.",
        }
    config: dict[str, Value] = {
        "collections_config": {"articles": articles},
        "_inputs": inputs,
        "_structures": structures,
    }
    made = [New(PurePosixPath(CONFIG), block(config, 0).encode())]
    return [*made, *(New(PurePosixPath(_path(name)), _whole(found, name)) for name in names)]


def _path(name: str) -> str:
    return f"{_SCHEMAS}/{slugify(name)}.md"


def _schema(name: str) -> Value:
    return {
        "path": _path(name),
        "name": name.replace("_", " ").replace("-", " ").capitalize(),
        "remove_empty_inputs": False,
        "remove_extra_inputs": False,
        "hide_extra_inputs": False,
        "reorder_inputs": False,
    }


def _inputs(keys: dict[str, Key], above: str, inputs: dict[str, Value], structures: dict[str, Value]) -> None:
    """An input a key; inner keys by their dotted name, those of lists below ``[*]``."""
    for name, key in keys.items():
        place = f"{above}{name}"
        one: dict[str, Value] = {"type": _TYPES[key.kind]}
        if key.kind == "maps":
            structure = place.replace(".", "_").replace("[*]", "")
            one["options"] = {"structures": f"_structures.{structure}"}
            structures[structure] = {"values": [{"label": name, "value": _blank(key.items)}]}
        inputs[place] = one
        _inputs(key.inner, f"{place}.", inputs, structures)
        _inputs(key.items, f"{place}[*].", inputs, structures)


def _blank(keys: dict[str, Key]) -> dict[str, Any]:
    return {name: _blank(key.inner) if key.kind == "map" else _EMPTY.get(key.kind) for name, key in keys.items()}


def _whole(found: Keys, name: str) -> bytes:
    values = _blank(found.keys)
    if "_schema" in values or len(found.schemas) > 1:
        values["_schema"] = name
    return serialise(values, ORDER)

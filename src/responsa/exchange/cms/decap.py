"""Decap and Sveltia, which read the same configuration: a collection a folder, a field a key."""

from pathlib import PurePosixPath
from typing import Any, Final

from responsa.article import Value
from responsa.exchange.cms.keys import Key, Keys
from responsa.library.create import New
from responsa.library.library import Library
from responsa.library.urls import slugify
from responsa.records.emit import block

CONFIG: Final = "admin/config.yml"
REPOSITORY: Final = "OWNER/REPOSITORY"
_WIDGETS: Final = {"bool": "boolean", "date": "string", "long": "text", "text": "string"}
"""Days are texts: the widget for dates would write them with an hour."""


def files(found: Keys, library: Library) -> list[New]:
    """The configuration. The fields stand in it once; the other collections refer to them."""
    layout = library.config.layout
    fields = [_field(name, key) for name, key in found.keys.items()]
    below = "The answer." if layout.answer_in_body else "What stands below the record."
    widget = "markdown" if layout.answer_in_body else "text"
    fields.append({"name": "body", "label": "Body", "widget": widget, "required": False, "hint": below})
    head: dict[str, Value] = {
        # Which repository it is, no file of the library says.
        "backend": {"name": "github", "repo": REPOSITORY, "branch": "main"},
        "media_folder": "static/uploads",
        "public_folder": "/uploads",
    }
    folders = sorted(found.folders) or [layout.content]
    lines = [block(head, 0), "collections:\n"]
    for place, folder in enumerate(folders):
        lines.append(block([_collection(folder, place, layout.key("question"))], 2))
        lines.append(f"    fields: &fields\n{block(fields, 6)}" if place == 0 else "    fields: *fields\n")
    return [New(PurePosixPath(CONFIG), "".join(lines).encode())]


def _collection(folder: str, place: int, identifier: str) -> Value:
    name = PurePosixPath(folder).name
    return {
        "name": f"{slugify(name)}-{place + 1}",
        "label": name.replace("-", " ").capitalize(),
        "folder": folder,
        "create": True,
        "extension": "md",
        "format": "yaml-frontmatter",
        "identifier_field": identifier,
        "slug": "{{slug}}",
        "summary": f"{{{{{identifier}}}}}",
    }


def _field(name: str, key: Key) -> dict[str, Any]:
    one: dict[str, Any] = {"name": name, "label": name.replace("_", " ").strip().capitalize() or name}
    kind = key.kind
    if kind == "map":
        return one | {"widget": "object", "required": False, "collapsed": True, "fields": _fields(key.inner)}
    if kind == "maps":
        return one | {"widget": "list", "required": False, "collapsed": True, "fields": _fields(key.items)}
    if kind == "list":
        return one | {"widget": "list", "required": False}
    if kind == "number":
        return one | {"widget": "number", "required": False, "value_type": "int" if key.whole else "float"}
    return one | {"widget": _WIDGETS[kind], "required": False}


def _fields(keys: dict[str, Key]) -> list[dict[str, Any]]:
    """A map without keys has none to edit; a field of its name keeps the configuration valid."""
    return [_field(name, key) for name, key in keys.items()] or [
        {"name": "value", "label": "Value", "widget": "string"}
    ]

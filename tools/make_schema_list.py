"""Writes what tests know of schema.org: the types that pages use, their properties, and what each may hold.

    npm install schema-dts && python tools/make_schema_list.py node_modules/schema-dts/dist/schema.d.ts

``schema-dts`` (Apache-2.0, by Google) is generated from schema.org's own vocabulary.
"""

# ruff: noqa: INP001  (a script, in no package)

import json
import re
import sys
from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).parents[1] / "tests/pages/schema_org.json"
USED: Final = (
    "Answer", "Article", "BreadcrumbList", "CreativeWork", "ListItem", "MedicalWebPage", "Organization", "Person",
    "QAPage", "Question", "Thing", "WebSite",
)  # fmt: skip
PLAIN: Final = {"Text", "URL", "Date", "DateTime", "Time", "Number", "Integer", "Float", "Boolean"}

_INTERFACE: Final = re.compile(r"^(?:export )?interface (\w+) extends ([\w<>, ]+) \{(.*?)^\}", re.MULTILINE | re.DOTALL)
_PROPERTY: Final = re.compile(r'^    "(\w+)"\?: SchemaValue<(.*), "\w+">;', re.MULTILINE)
_ENUMERATION: Final = re.compile(r'^export type (\w+) = (?=[^;]*"https://schema\.org)', re.MULTILINE)


def main() -> None:
    """Read the declarations, keep what is used, write."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    found = {name: (parent.strip(), body) for name, parent, body in _INTERFACE.findall(text)}
    plain = PLAIN | set(_ENUMERATION.findall(text))
    known = {name: _properties(name, found, plain) for name in USED}
    lines = [f'"{name}": {json.dumps(known[name], sort_keys=True)}' for name in USED]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _line(name: str, found: dict[str, tuple[str, str]]) -> list[str]:
    """The declarations of a type, from its own to ``Thing``'s."""
    step = f"{name}Base" if f"{name}Base" in found else found[f"{name}Leaf"][0]
    steps = []
    while step in found:
        steps.append(step)
        step = re.sub(r"^.*\b(\w+Base)\b.*$", r"\1", found[step][0])
    return steps


def _properties(name: str, found: dict[str, tuple[str, str]], plain: set[str]) -> dict[str, object]:
    held: dict[str, object] = {}
    for step in _line(name, found):
        for key, ranges in _PROPERTY.findall(found[step][1]):
            kinds = set(re.findall(r"\w+", ranges)) - {"IdReference"}
            fitting = [
                used for used in USED if kinds & {used, *(one.removesuffix("Base") for one in _line(used, found))}
            ]
            held.setdefault(key, {"plain": bool(kinds & plain), "types": fitting})
    return held


if __name__ == "__main__":
    main()

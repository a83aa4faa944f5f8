"""Writes the pages of the reference that say what the code says: commands, settings, rules, errors, Python.

uv run tools/docs_reference.py            # writes docs/reference
uv run tools/docs_reference.py --check    # ends with 1 where a page is not what the code says
"""

# ruff: noqa: INP001  (a script, in no package)

import argparse
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import msgspec
from docs_api import API, INTRODUCTION
from docs_blocks import ROOT
from docs_commands import Command, Parameter, commands

from responsa import errors
from responsa.check.rules import RULES
from responsa.library.config import SECTIONS

FOLDER: Final = ROOT / "docs/reference"
SHORT: Final = 40
"""Signs of a default that a signature shows."""
MADE: Final = "This page is made by `tools/docs_reference.py` from the code."


def commands_page() -> Iterator[str]:
    """Every command with every argument and option."""
    yield f"# Commands\n\n{MADE} `responsa COMMAND --help` says the same.\n"
    yield "Two options stand before any command: `--version` prints the version, `--debug` shows the traceback of an"
    yield "error inside Responsa. What a command ends with is told in [errors and exit codes](../errors.md).\n"
    yield from table(
        ("command", "what it does"), [(f"[`{each.name}`](#{each.name})", _code(each.line)) for each in commands()]
    )
    for each in commands():
        yield from _command(each)


def _command(each: Command) -> Iterator[str]:
    arguments = [one for one in each.parameters if not one.option]
    options = [one for one in each.parameters if one.option]
    usage = " ".join(["responsa", each.name, *("[OPTIONS]" for _ in options[:1]), *map(_slot, arguments)])
    yield f"## {each.name}\n\n```text\n{usage}\n```\n\n{_code(each.text)}\n"
    if arguments:
        yield from table(("argument", "", "meaning"), [(f"`{_name(one)}`", _value(one), one.help) for one in arguments])
    if options:
        rows = [(", ".join(f"`{name}`" for name in one.names), _value(one), _code(one.help)) for one in options]
        yield from table(("option", "value", "meaning"), rows)


def _name(one: Parameter) -> str:
    return one.names[0].strip("{}").upper()


def _slot(one: Parameter) -> str:
    return _name(one) if one.needed or "[" in _name(one) else f"[{_name(one)}]"


def _value(one: Parameter) -> str:
    parts = [one.kind, "required" if one.needed else "", f"default {one.default}" if one.default else ""]
    return "; ".join(filter(None, parts))


def _code(text: str) -> str:
    """Options and commands in running text as code, and nothing that Markdown would take for markup."""
    bare = re.sub(r"(?<![`\w-])(--[a-z][\w-]*|responsa [a-z]+ --[\w-]+ \w+)", r"`\1`", text)
    return re.sub(r"`responsa ([^`]*)``(--[\w-]+)`", r"`responsa \1\2`", re.sub(r"(?<=[\s(])<|^<", r"\\<", bare))


def settings_page() -> Iterator[str]:
    """Every setting with its type and default."""
    yield f"# Settings\n\n{MADE} What each setting means stands in [configuration](../configuration.md).\n"
    yield "Settings are kept in `responsa.toml` in the library's folder. An unknown key or a value that cannot be meant"
    yield "is an error with its line.\n"
    for section, kind in SECTIONS.items():
        named = f"[[{section}]]" if section == "subjects" else f"[{section}]"
        yield f"## `{named}`\n"
        rows = [(f"`{section}.{one.name}`", kind_of(one.type), default_of(one)) for one in msgspec.structs.fields(kind)]
        yield from table(("setting", "type", "default"), rows)


def kind_of(hint: Any) -> str:  # noqa: ANN401, PLR0911 - any type that a setting may have
    """A type in words of TOML."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f'`"{value}"`' for value in inner)
    if origin in {Union, UnionType}:
        return " or ".join(dict.fromkeys(kind_of(each) for each in inner if each is not type(None)))
    if origin is tuple:
        return f"list of {len(inner)}: {', '.join(map(kind_of, inner))}"
    if origin is list:
        return f"list of: {kind_of(inner[0])}"
    if origin is dict:
        return f"table of: {kind_of(inner[1])}"
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return f"table: {', '.join(f'`{one.name}` ({kind_of(one.type)})' for one in msgspec.structs.fields(hint))}"
    return {str: "text", bool: "`true` or `false`", int: "whole number", float: "number"}[hint]


def default_of(one: msgspec.structs.FieldInfo) -> str:
    """A default as TOML writes it."""
    value = one.default if one.default is not msgspec.NODEFAULT else _made(one)
    if value is msgspec.NODEFAULT:
        return "required"
    return "none" if value is None else f"`{msgspec.json.encode(value).decode()}`"


def _made(one: msgspec.structs.FieldInfo) -> Any:  # noqa: ANN401
    return one.default_factory() if one.default_factory is not msgspec.NODEFAULT else msgspec.NODEFAULT


def rules_page() -> Iterator[str]:
    """Every rule in a line."""
    yield f"# Rules in a line each\n\n{MADE} [Rules](../rules.md) explains each with an example; so does"
    yield "`responsa rules RULE`.\n"
    rows = [(f"[`{one.id}`](../rules.md#{one.id})", one.severity.value, one.title, one.fix) for one in RULES.values()]
    yield from table(("rule", "severity", "what is wrong", "who mends it"), rows)


def errors_page() -> Iterator[str]:
    """Every class of error with the exit code."""
    yield f"# Errors\n\n{MADE} [Errors and exit codes](../errors.md) tells what a command ends with and what"
    yield "`--json` prints.\n"
    yield "Everything that Responsa reports to a person is a `responsa.errors.ResponsaError`; a program that uses the"
    yield "library catches that one class.\n"
    rows = [
        (f"`{kind.__name__}`", f"`{kind.__bases__[0].__name__}`", str(kind.exit_code), inspect.getdoc(kind) or "")
        for kind in tree(errors.ResponsaError)
    ]
    yield from table(("error", "is a", "exit code", "meaning"), rows)


def tree(kind: type[errors.ResponsaError]) -> Iterator[type[errors.ResponsaError]]:
    """A class and all below it that ``errors`` defines."""
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from tree(below)


def python_page() -> Iterator[str]:
    """What a program may import, and a text that says how it fits together."""
    yield f"# Python\n\n{MADE}\n"
    yield INTRODUCTION
    for title, module, names in API:
        yield f"## {title}\n"
        for name in names:
            yield from _import(module, name)


def _import(module: str, name: str) -> Iterator[str]:
    thing = getattr(importlib.import_module(module), name)
    said = (inspect.getdoc(thing) or "").replace("``", "`")
    yield f"### `{module}.{name}`\n\n```python\n{signature(thing, name)}\n```\n\n{said}\n"


def signature(thing: Any, name: str) -> str:  # noqa: ANN401
    """How a thing is called, in plain type names; a long default is ``...``."""
    if getattr(thing, "_is_protocol", False):
        return f"class {name}(Protocol)"
    held = inspect.signature(thing)
    parameters = [_plain(each) for each in held.parameters.values()]
    back = held.return_annotation if not inspect.isclass(thing) else held.empty
    held = held.replace(parameters=parameters, return_annotation=_type(back))
    return f"{'class' if inspect.isclass(thing) else 'def'} {name}{held}"


class _Named:
    """Prints as it is called."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _plain(each: inspect.Parameter) -> inspect.Parameter:
    told = each.default is each.empty or re.fullmatch(rf"[^<]{{,{SHORT}}}", repr(each.default))
    default = each.default if told else _Named("...")
    return each.replace(default=default, annotation=_type(each.annotation))


def _type(hint: Any) -> Any:  # noqa: ANN401
    """A type as the code calls it, without modules."""
    if hint is inspect.Signature.empty:
        return hint
    text = inspect.formatannotation(hint).strip("'")
    return _Named("Value | Absent" if "ForwardRef('Value')" in text else re.sub(r"(?:\w+[.])+(?=\w)", "", text))


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table and an empty line."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"
    yield ""


PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "commands.md": commands_page,
    "settings.md": settings_page,
    "rules.md": rules_page,
    "errors.md": errors_page,
    "python.md": python_page,
}


def made(name: str) -> str:
    """The page ``name`` as the code has it now."""
    return "\n".join(PAGES[name]()).rstrip() + "\n"


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where a page is stale")
    given = parser.parse_args()
    stale = [name for name in PAGES if not (FOLDER / name).exists() or (FOLDER / name).read_text() != made(name)]
    for name in stale:
        print(f"docs/reference/{name}: {'stale' if given.check else 'written'}")  # noqa: T201
        if not given.check:
            (FOLDER / name).write_text(made(name), encoding="utf-8")
    return int(given.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())

"""Responsa's commands as data: what ``--help`` says of each, for the reference and for checking what pages show."""

# ruff: noqa: INP001  (a script's part, in no package)

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

from responsa.cli.app import COMMANDS, load


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or an option. ``names`` are its spellings; ``kind`` is empty for a flag."""

    names: tuple[str, ...]
    option: bool
    kind: str
    default: str
    needed: bool
    help: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its line in the list, what else its help says, its parameters in order."""

    name: str
    line: str
    text: str
    parameters: tuple[Parameter, ...]

    @property
    def options(self) -> frozenset[str]:
        """Every spelling of every option."""
        return frozenset(name for each in self.parameters if each.option for name in each.names) | {"--help", "--debug"}


@cache
def command(name: str) -> Command:
    """The command ``name`` as its ``--help`` tells it."""
    loaded = load(name)
    parameters = tuple(_parameter(each) for each in loaded.params if each.name != "help")
    return Command(name, COMMANDS[name], inspect.cleandoc(loaded.help or ""), parameters)


def commands() -> list[Command]:
    """All commands, in the order of ``responsa --help``."""
    return [command(name) for name in COMMANDS]


def _parameter(each: Any) -> Parameter:  # noqa: ANN401 - typer's own kind of parameter
    option = each.param_type_name == "option"
    flag = bool(getattr(each, "is_flag", False))
    names = (*each.opts, *each.secondary_opts) if option else (each.metavar or each.name,)
    return Parameter(names, option, "" if flag else _kind(each), _default(each), each.required, each.help or "")


def _kind(each: Any) -> str:  # noqa: ANN401
    annotation = each.type_descriptor.annotation
    inner = next(iter(get_args(annotation)), annotation) if get_origin(annotation) is list else annotation
    if isinstance(inner, type) and issubclass(inner, Enum):
        return " or ".join(f"`{choice.value}`" for choice in inner)
    kind = {str: "text", int: "number", float: "number", Path: "path"}.get(inner, str(inner))
    if each.min is None and each.max is None:
        return kind
    return f"{kind}, {each.min} or more" if each.max is None else f"{kind}, {each.min} to {each.max}"


def _default(each: Any) -> str:  # noqa: ANN401
    value = getattr(each.default, "value", each.default)
    return "" if value in (None, False, "") or callable(value) or each.required else f"`{value}`"


def unknown(words: list[str]) -> Iterator[str]:
    """What in a command line (without ``responsa``) is no command or no option of it."""
    name = next((word for word in words if not word.startswith("-")), "")
    if not name:
        yield from (f"responsa has no {word}" for word in words if word not in {"--help", "--version", "--debug"})
    elif name not in COMMANDS:
        yield f"responsa has no command {name}"
    else:
        known = command(name).options
        for word in words:
            option = word.partition("=")[0].rstrip(",.;")
            if (
                option.startswith("-")
                and option.strip("-")
                and not option.lstrip("-")[0].isdigit()
                and option not in known
            ):
                yield f"responsa {name} has no {option}; it has {', '.join(sorted(known))}"

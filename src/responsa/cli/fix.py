"""``responsa fix``: mends a library by rule. What would be done is shown; it is done with ``--write``."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import Struct

from responsa.errors import UsageError
from responsa.index.extra import required
from responsa.library.library import read


class Rule(Struct, frozen=True):
    """``repairs`` names a function as ``module:function``, loaded when its rule is wanted."""

    title: str
    repairs: str


RULES: Final[dict[str, Rule]] = {
    "related": Rule("five related questions for every listed article", "responsa.relate.repair:of_related"),
    "duplicates": Rule("articles that ask one question become one", "responsa.relate.repair:of_duplicates"),
}
"""Every rule that ``fix`` knows. A function takes relations and a catalogue and yields ``Repair``s."""


def fix(  # noqa: PLR0917 - a command's options
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    rule: Annotated[str, typer.Option(help=f"What to mend: {', '.join(RULES)}.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Do it; without this it is only shown.")] = False,
    subject: Annotated[str, typer.Option(help="Only articles of this subject.")] = "",
    most: Annotated[int, typer.Option("--max", min=0, help="At most so many articles; 0 for all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON a repair.")] = False,
) -> None:
    """Mend a library by rule: shown first, done with --write. Interrupted, it goes on where it was when run again."""
    if rule not in RULES:
        known = "; ".join(f"`{name}`: {known.title}" for name, known in RULES.items())
        raise UsageError(f"--rule {rule or 'is missing'}: no such rule; known are {known}")
    required()
    from responsa.cli import fixing, relating  # noqa: PLC0415 - parts of an extra, loaded where they are wanted

    module, _, name = RULES[rule].repairs.partition(":")
    shown = sys.stderr.isatty()
    with relating.opened(read(folder), shown=shown) as held:
        repairs = getattr(import_module(module), name)(held.relations, held.catalogue)
        chosen = fixing.chosen(held, repairs, subject, most)
        if as_json:
            fixing.show_json(chosen, rule, written=write)
        if write:
            fixing.carry_out(held, chosen, shown=shown)
        if not as_json:
            fixing.show(held, chosen, RULES[rule].title, written=write)

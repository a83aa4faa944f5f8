"""``responsa fix``: mends a library by rule. What would be done is shown; it is done with ``--write``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from responsa.cli import fixing
from responsa.cli.unread import UNREADABLE
from responsa.errors import MissingExtraError, UsageError
from responsa.index.extra import required
from responsa.library.library import read
from responsa.repair.rules import RULES, Rule


def fix(  # noqa: PLR0917 - a command's options
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    rule: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this rule; may be given again. Known are {', '.join(RULES)}."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Do it; without this it is only shown.")] = False,
    subject: Annotated[str, typer.Option(help="Only articles of this subject.")] = "",
    most: Annotated[int, typer.Option("--max", min=0, help="At most so many articles a rule; 0 for all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON a repair.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last run of --write back, byte for byte.")] = False,
    uncommitted: Annotated[
        bool, typer.Option("--uncommitted", help="Also mend files with changes that are not in Git yet.")
    ] = False,
) -> None:
    """Mend what has one right answer, or one rule: shown first, done with --write, taken back with --undo."""
    library = read(folder)
    if undo:
        if write or rule or subject or most or as_json:
            raise UsageError("--undo takes the last run back as a whole; it stands alone")
        fixing.take_back(library)
        return
    wish = fixing.Wish(_chosen(rule), write, subject, most, as_json, uncommitted, sys.stderr.isatty())
    if not fixing.mend(library, wish):
        raise typer.Exit(UNREADABLE)


def _chosen(names: list[str] | None) -> list[Rule]:
    """In the order of the table, whatever the order of the options."""
    # One of many or all of them: nobody should have to remember which of the two a rule is called.
    names = [name if name in RULES else f"{name}s" if f"{name}s" in RULES else name for name in names or ()]
    for name in names:
        if name not in RULES:
            known = "; ".join(f"`{rule.name}`: {rule.title}" for rule in RULES.values())
            raise UsageError(f"--rule {name}: no such rule; known are {known}")
    if names:
        rules = [rule for rule in RULES.values() if rule.name in names]
        if any(rule.extra for rule in rules):
            required()
        return rules
    return [rule for rule in RULES.values() if rule.usual and (not rule.extra or _is_there(rule))]


def _is_there(rule: Rule) -> bool:
    try:
        required()
    except MissingExtraError as error:
        typer.echo(f"warning: `{rule.name}` is left out: {error}", err=True)
        return False
    return True

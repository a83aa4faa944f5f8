"""``responsa rules``: what check applies, and why."""

from typing import Annotated

import typer

from responsa.check.rules import RULES, Rule
from responsa.errors import UsageError


def rules(
    name: Annotated[str, typer.Argument(help="One rule to explain; all are listed where it is left out.")] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Everything, as docs/rules.md has it.")] = False,
) -> None:
    """Explain the rules that check applies."""
    if markdown:
        typer.echo(document(), nl=False)
    elif not name:
        for rule in RULES.values():
            typer.echo(f"{rule.id:20} {rule.severity.value:8} {rule.title}")
    elif name in RULES:
        typer.echo(explained(RULES[name]))
    else:
        raise UsageError(f"{name}: no such rule; `responsa rules` lists them")


def explained(rule: Rule) -> str:
    """One rule for a terminal."""
    wrong, right = (text.replace("\n", "\n    ") for text in (rule.bad, rule.good))
    return (
        f"{rule.id} ({rule.severity.value}): {rule.title}\n\n{rule.why}\n\n"
        f"Wrong:\n    {wrong}\nRight:\n    {right}\n\n{rule.fix}"
    )


def document() -> str:
    """All rules as Markdown."""
    head = "# Rules\n\nWhat `responsa check` applies. This page is made by `responsa rules --markdown`.\n"
    return head + "".join(map(_section, RULES.values()))


def _section(rule: Rule) -> str:
    return (
        f"\n## {rule.id}\n\n**{rule.severity.value}**: {rule.title}. {rule.why}\n\n"
        f"Wrong:\n\n````\n{rule.bad}\n````\n\nRight:\n\n````\n{rule.good}\n````\n\n{rule.fix}\n"
    )

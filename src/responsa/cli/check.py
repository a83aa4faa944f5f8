"""``responsa check``: everything that is wrong in a library."""

import datetime
import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer

from responsa.check.check import check as problems_of
from responsa.check.problem import Problem, Severity
from responsa.check.rules import RULES
from responsa.check.sarif import annotation, sarif
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import UsageError
from responsa.library.catalogue import refresh
from responsa.library.library import read

PROBLEMS, UNREADABLE = 1, 3
FEW: Final = 3
"""Places that are shown of a rule."""


def check(  # noqa: PLR0917 - a command's options
    library: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    show_all: Annotated[bool, typer.Option("--all", help="Every place, not the first three of each rule.")] = False,
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule; may be given again.")] = None,
    severity: Annotated[Severity, typer.Option(help="Only problems as bad as this.")] = Severity.NOTE,
    fail_on: Annotated[Severity, typer.Option(help="End with 1 from this severity on.")] = Severity.WARNING,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON a problem.")] = False,
    as_github: Annotated[bool, typer.Option("--github", help="Annotations for GitHub Actions.")] = False,
    sarif_file: Annotated[Path | None, typer.Option("--sarif", help="Write SARIF 2.1.0 to this file.")] = None,
) -> None:
    """Say everything that is wrong in a library: file, line, rule and what to do."""
    for name in rule or ():
        if name not in RULES:
            raise UsageError(f"--rule {name}: no such rule; `responsa rules` lists them")
    held = read(library)
    with Meter("articles", shown=sys.stderr.isatty()) as meter, refresh(held) as catalogue:
        found = problems_of(held, catalogue, datetime.datetime.now(tz=datetime.UTC).date(), progress=meter.advance)
        count = catalogue.count()
    chosen = [p for p in found if p.severity.rank <= severity.rank and (not rule or p.rule in rule)]
    if sarif_file is not None:
        _save(sarif_file, json.dumps(sarif(chosen, version("responsa")), indent=2, ensure_ascii=False) + "\n")
    for line in _lines(chosen, count, show_all=show_all, as_json=as_json, as_github=as_github):
        typer.echo(line)
    raise typer.Exit(_code(chosen, fail_on))


def _code(problems: list[Problem], fail_on: Severity) -> int:
    if any(problem.rule == "unreadable-file" for problem in problems):
        return UNREADABLE
    return PROBLEMS if any(problem.severity.rank <= fail_on.rank for problem in problems) else 0


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--sarif {path}: cannot be written: {error.strerror}") from error


def _lines(problems: list[Problem], count: int, *, show_all: bool, as_json: bool, as_github: bool) -> Iterator[str]:
    if as_json:
        return (json.dumps(as_dict(problem)) for problem in problems)
    if as_github:
        return map(annotation, problems)
    return report(problems, count, show_all=show_all)


def as_dict(problem: Problem) -> dict[str, object]:
    """The fields that docs/errors.md names."""
    edit = problem.edit
    return {
        "path": str(problem.path),
        "line": problem.line,
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message,
        "url": problem.url,
        "fixable": edit is not None,
    }


def report(problems: list[Problem], count: int, *, show_all: bool) -> Iterator[str]:
    """Grouped by rule, worst first, then the most frequent."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(problem.rule, []).append(problem)
    for name in sorted(groups, key=lambda name: (RULES[name].severity.rank, -len(groups[name]), name)):
        group = groups[name]
        times = "once" if len(group) == 1 else f"{len(group):,} times"
        yield f"{RULES[name].severity.value}: {RULES[name].title}, {times} [{name}]"
        for problem in islice(group, None if show_all else FEW):
            yield f"  {plain(str(problem.path))}:{problem.line}: {plain(problem.message)}"
        if len(group) > FEW and not show_all:
            yield f"  ... and {len(group) - FEW:,} more"
        yield f"  {RULES[name].fix}"
        yield ""
    yield summary(problems, count)


def summary(problems: list[Problem], count: int) -> str:
    """One sentence."""
    if not problems:
        return f"{count:,} articles, nothing wrong"
    counts = [(level, sum(problem.severity is level for problem in problems)) for level in Severity]
    words = ", ".join(f"{number:,} {level.value}{'' if number == 1 else 's'}" for level, number in counts if number)
    return f"{count:,} articles: {words}; `responsa rules RULE` explains a rule, --all shows every place"

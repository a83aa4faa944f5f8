"""``responsa report``: how healthy a library is, on one page."""

import datetime
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from responsa.cli.meter import Meter
from responsa.errors import UsageError
from responsa.index.extra import PARTS
from responsa.library.catalogue import Catalogue, refresh
from responsa.library.library import Library, read
from responsa.repair.rules import RULES
from responsa.report.copies import Cluster
from responsa.report.figures import Figures, figures
from responsa.report.page import page


def report(
    library: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    out: Annotated[Path | None, typer.Option("--out", help="The file to write: one HTML page.")] = None,
    date: Annotated[str, typer.Option("--date", help="The day it is of, as 2026-03-01; else the library's own.")] = "",
    exact: Annotated[bool, typer.Option("--exact", help="Do not look for one question in other words.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Say how healthy a library is: problems, scores, evidence, links, duplicates, reviews, history, on one page."""
    if out is None and not as_json:
        raise UsageError("say where the page goes: --out report.html (or --json for the figures alone)")
    day = _day(date)
    held = read(library)
    shown = sys.stderr.isatty()
    with Meter("Checking", shown=shown) as meter, refresh(held) as catalogue:
        found = figures(held, catalogue, day, None if exact else _near(), meter.of)
    if out is not None:
        _write(out, page(found, version("responsa"), _repairs()))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))
    elif out is not None:
        typer.echo(_line(found, out))


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"--date {text}: no day such as 2026-03-01") from None


def _near() -> Callable[[Library, Catalogue, Callable[[int, int], None]], list[Cluster]] | None:
    """What finds one question in other words, where its parts are installed."""
    if not all(map(find_spec, PARTS)):
        return None
    from responsa.report.near import clusters  # noqa: PLC0415 - parts of an extra, loaded where they are wanted

    return clusters


def _repairs() -> dict[str, str]:
    """Rules of ``fix`` by the rule of ``check`` whose problems they mend."""
    return {cleared: rule.name for rule in RULES.values() for cleared in rule.clears}


def _write(out: Path, html: str) -> None:
    """Whole or not at all."""
    half = out.parent / f".{out.name}.part"
    try:
        with half.open("w", encoding="utf-8") as file:
            file.write(html)
            file.flush()
            os.fsync(file.fileno())
        half.replace(out)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise UsageError(f"--out {out}: cannot be written: {error.strerror}") from error


def _line(found: Figures, out: Path) -> str:
    return (
        f"{out}: {found.articles:,} articles on {found.on}, {found.problems.count:,} problems, "
        f"{found.whole.claims:,} claims, {found.copies.too_many:,} duplicates"
    )

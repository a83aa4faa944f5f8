"""What ``responsa fix`` does with the repairs of a rule: shows them, or carries them out batch by batch."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, Final

import typer

from responsa.article import Absent, Edit
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.cli.relating import Opened
from responsa.errors import EditError
from responsa.library.library import Change, apply
from responsa.library.remove import Removal, remove
from responsa.library.write import write
from responsa.relate.repair import Repair

BATCH: Final = 200
"""Repairs written together: an interruption costs no more than these."""
SAMPLES: Final = 3
DIFF_LINES: Final = 40


def chosen(held: Opened, repairs: Iterable[Repair], subject: str, most: int) -> list[Repair]:
    """Those of a subject, at most ``most``."""
    if subject:
        slug, pages = held.library.subject_of(subject).slug, held.relations.table.by_url
        repairs = (repair for repair in repairs if repair.about in pages and pages[repair.about].slug == slug)
    return list(islice(repairs, most or None))


def carry_out(held: Opened, repairs: Sequence[Repair], *, shown: bool) -> None:
    """Write each batch's edits, then remove its files: at no moment is a question in neither place."""
    with Meter("Writing", shown=shown) as meter:
        for start in range(0, len(repairs), BATCH):
            batch = repairs[start : start + BATCH]
            removals = [_removal(held, path, repair.note) for repair in batch for path in repair.gone]
            write(held.library, changes(held, batch))
            remove(held.library, removals)
            meter.advance(start + len(batch), len(repairs))


def changes(held: Opened, repairs: Iterable[Repair]) -> list[Change]:
    """What the edits of repairs make of their files."""
    return apply(held.library, [edit for repair in repairs for edit in repair.edits], held.catalogue.path_of)


def _removal(held: Opened, path: PurePosixPath, reason: str) -> Removal:
    data = held.library.data(path)
    card = held.catalogue.card_at(path)
    if card is None or hashlib.blake2b(data, digest_size=16).hexdigest() != card.digest:
        raise EditError(f"{path}: was changed meanwhile; run the command again")
    return Removal(path, data, reason)


def show(held: Opened, repairs: Sequence[Repair], title: str, *, written: bool) -> None:
    """How much is mended, and before it is written some of it line by line."""
    if not repairs:
        typer.echo(f"{title}: nothing to mend")
        return
    edits = {(edit.url, edit.field.partition(".")[0]) for repair in repairs for edit in repair.edits}
    files, gone = len({url for url, _ in edits}), sum(len(repair.gone) for repair in repairs)
    removed = f", {gone:,} files {'removed' if written else 'to remove'}" if gone else ""
    done = "changed" if written else "to change"
    typer.echo(f"{title}: {len(edits):,} fields {done} in {files:,} files{removed}")
    if written:
        return
    for repair in repairs[:SAMPLES]:
        typer.echo("\n" + plain(f"{repair.about}: {repair.note}"))
        for line in islice(_lines(held, repair), DIFF_LINES):
            typer.echo(line)
    typer.echo("\nNothing was written; --write does it. Git keeps what was there before.")


def _lines(held: Opened, repair: Repair) -> Iterator[str]:
    for change in changes(held, [repair]):
        before, after = (data.decode("utf-8", "replace").splitlines() for data in (change.before, change.after))
        name = str(change.path)
        yield from (plain(line)[:160] for line in difflib.unified_diff(before, after, name, name, n=0, lineterm=""))
    yield from (plain(f"removed: {path}") for path in repair.gone)


def show_json(repairs: Sequence[Repair], rule: str, *, written: bool) -> None:
    """A line a repair."""
    for repair in repairs:
        line = {
            "rule": rule,
            "url": repair.about,
            "note": repair.note,
            "edits": [_as_dict(edit) for edit in repair.edits],
            "removed": [str(path) for path in repair.gone],
            "written": written,
        }
        typer.echo(json.dumps(line))


def _as_dict(edit: Edit) -> dict[str, Any]:
    removed = isinstance(edit.after, Absent)
    value = {} if removed else {"after": edit.after}
    return {"url": edit.url, "field": edit.field, "removed": removed, **value, "reason": edit.reason}

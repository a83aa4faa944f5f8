"""What ``responsa draft --revise`` does: repairs of one article shown as a diff, and written when told to."""

import difflib
import json
import os
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

import typer
from msgspec import structs

from responsa.article import Edit
from responsa.cli.drafting import JUDGE_KEY, Wish, limits
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.draft.revise import Repair, Revision, revise
from responsa.draft.shelves import study_of
from responsa.errors import EditError, UsageError
from responsa.evidence.budget import Purse
from responsa.evidence.check import check
from responsa.evidence.judges import judge_of, wanted
from responsa.evidence.ledger import recall, record
from responsa.evidence.report import Checked, rescore
from responsa.library.catalogue import refresh
from responsa.library.library import Change, Library, apply
from responsa.library.lock import PRIVATE
from responsa.library.write import write as write_records
from responsa.records.fields import edit_record
from responsa.records.record import parse

LINE: Final = 160
CONTEXT: Final = 40
"""Characters of an answer shown around a change: answers are one line of their file."""


def revise_one(library: Library, url: str, wish: Wish, *, write: bool, shown: bool) -> None:
    """Show the repairs of the article at ``url``, or carry them out and keep the ledger of what stands then."""
    with refresh(library) as catalogue:
        path = catalogue.path_of(url)
    path = path or next((one for one in [PurePosixPath(url)] if one in library.paths()), None)
    if path is None:
        raise UsageError(f"{url}: no article has this address or path")
    with Meter("Passages", shown=shown) as meter:
        choice = wanted(wish.judge, wish.judge_model)
        purse = Purse(limits(library, wish))
        judge = judge_of(choice, library.folder / PRIVATE / "judge", purse, os.environ.get(JUDGE_KEY, ""))
        study = study_of(library, judge if choice.judge else None, meaning=bool(choice.judge), progress=meter.advance)
        article = library.article(path)
        found = revise(article, study, recall(library, article))
        edit = found.edit()
        changes = [] if edit is None else _changes(library, path, edit, found)
    if write and changes:
        _write(library, path, found, changes)
        after = library.article(path)
        report = check(after, study.checking, study.judge, before=found.report)
        record(library, after, report)
        write_records(library, apply(library, [rescore(report)], {after.url: path}.get))
    _show(found, edit, path, wish, written=write and bool(changes))


def _changes(library: Library, path: PurePosixPath, edit: Edit, found: Revision) -> list[Change]:
    """Raises ``EditError`` where the file would change anywhere else: undone, it must hold its bytes again."""
    changes = apply(library, [edit], {edit.url: path}.get)
    for change in changes:
        undone = structs.replace(edit, after=found.article.answer)
        if _undone(library, change, undone) != change.before:
            raise EditError(f"{path}: its answer is written in a way that an edit would change elsewhere too")
    return changes


def _undone(library: Library, change: Change, edit: Edit) -> bytes:
    return edit_record(parse(change.after, change.path), edit, library.config.layout).data


def _write(library: Library, path: PurePosixPath, found: Revision, changes: list[Change]) -> None:
    if library.article(path).answer != found.article.answer:
        raise EditError(f"{path}: was changed meanwhile; nothing was written, run the command again")
    write_records(library, changes)


def _show(found: Revision, edit: Edit | None, path: PurePosixPath, wish: Wish, *, written: bool) -> None:
    if wish.as_json:
        typer.echo(json.dumps(_as_dict(found, edit, path, written=written), ensure_ascii=False))
        return
    for repair in found.repairs:
        typer.echo(plain(f"{repair.means}: {repair.reason}"))
        for line in _lines(found.article.answer, repair):
            typer.echo(plain(line))
    for entry in found.open:
        typer.echo(plain(f"open: {entry.finding.verdict}: {entry.claim.text[:LINE]}  ({entry.finding.reason})"))
    count = len(found.repairs)
    if written:
        typer.echo(plain(f"{path}: {count} repairs written, ledger and score renewed."))
    elif count:
        typer.echo(plain(f"{path}: {count} repairs. Nothing was written; --write does it."))
    else:
        typer.echo(plain(f"{path}: nothing that can be repaired by its sources."))


def _lines(answer: str, repair: Repair) -> Iterator[str]:
    start, end = max(0, repair.start - CONTEXT), min(len(answer), repair.end + CONTEXT)
    before = answer[start:end].replace("\n", " ")
    after = (answer[start : repair.start] + repair.after + answer[repair.end : end]).replace("\n", " ")
    yield from (line for line in difflib.ndiff([before], [after]) if line[0] in "-+")


def _as_dict(found: Revision, edit: Edit | None, path: PurePosixPath, *, written: bool) -> dict[str, Any]:
    repairs = [
        {
            "means": one.means.value, "start": one.start, "end": one.end,
            "before": found.article.answer[one.start : one.end], "after": one.after, "reason": one.reason,
            **_claim(one.about),
        }
        for one in found.repairs
    ]  # fmt: skip
    edits = [] if edit is None else [{"url": edit.url, "field": edit.field, "after": edit.after, "reason": edit.reason}]
    return {
        "url": found.article.url, "path": str(path), "repairs": repairs, "open": [_claim(one) for one in found.open],
        "edits": edits, "written": written,
    }  # fmt: skip


def _claim(entry: Checked) -> dict[str, Any]:
    finding = entry.finding
    return {
        "claim": entry.claim.text, "verdict": finding.verdict.value, "passage": finding.passage, "quote": finding.quote,
        "why": finding.reason,
    }  # fmt: skip

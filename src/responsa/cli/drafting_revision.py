"""What ``responsa draft --revise`` does: repairs of one article shown as a diff, and written when told to."""

import difflib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, Final

import typer
from msgspec import structs

from responsa.article import Edit
from responsa.cli.drafting import JUDGE_KEY, Wish, limits
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.draft.revise import Means, Repair, Revision, revise
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


def revise_one(library: Library, url: str, wish: Wish, *, only: str, write: bool, shown: bool) -> None:
    """Show the repairs of the article at ``url``, or carry them out and keep the ledger of what stands then."""
    path = _path_of(library, url)
    with Meter("Passages", shown=shown) as meter:
        choice = wanted(wish.judge, wish.judge_model)
        purse = Purse(limits(library, wish))
        judge = judge_of(choice, library.folder / PRIVATE / "judge", purse, os.environ.get(JUDGE_KEY, ""))
        study = study_of(library, judge if choice.judge else None, meaning=bool(choice.judge), progress=meter.advance)
        article = library.article(path)
        found = revise(article, study, recall(library, article))
        taken = chosen(found, only, path)
        edit = found.edit(taken)
        changes = [] if edit is None else _changes(library, path, edit, found)
    if write and changes:
        _write(library, path, found, changes)
        after = library.article(path)
        report = check(after, study.checking, study.judge, before=found.report)
        record(library, after, report)
        write_records(library, apply(library, [rescore(report)], {after.url: path}.get))
    _show(found, taken, edit, path, wish, written=write and bool(changes))


def _path_of(library: Library, given: str) -> PurePosixPath:
    """The article that a person names: by its address, also as a browser shows it, or by its file."""
    plain_url = given.strip().partition("#")[0].partition("?")[0]
    base = library.config.site.base_url.rstrip("/")
    local = plain_url.removeprefix(base) if base else plain_url
    bare = local.rstrip("/").removesuffix(".html").removesuffix("/index")
    with refresh(library) as catalogue:
        found = catalogue.path_of(local) or catalogue.path_of(bare) or catalogue.path_of(f"{bare}/")
    if found is not None:
        return found
    files = {one.as_posix(): one for one in library.paths()}
    inside = _inside(library, given.strip())
    if inside in files:
        return files[inside]
    name = PurePosixPath(bare).name.removesuffix(".md")
    near = difflib.get_close_matches(name, [one.stem for one in files.values()], 1, 0.8) if name else []
    hint = next((f"; is {path} meant?" for path in files if near and PurePosixPath(path).stem == near[0]), "")
    raise UsageError(f"{given}: no article has this address or path{hint}")


def _inside(library: Library, given: str) -> str:
    """A path relative to the library, also where it was typed relative to where the shell stands."""
    with suppress(OSError, ValueError):
        return Path(given).resolve().relative_to(library.folder.resolve()).as_posix()
    return given


def chosen(found: Revision, only: str, path: PurePosixPath) -> tuple[Repair, ...]:
    """The repairs that ``only`` names by their marks or kinds; all without it. Raises ``UsageError``."""
    wanted = [word for word in only.replace(",", " ").split() if word]
    if not wanted:
        return found.repairs
    known = {one.mark for one in found.repairs} | {means.value for means in Means}
    lost = [word for word in wanted if word not in known]
    if lost:
        marks = ", ".join(one.mark for one in found.repairs) or "none"
        told = f"{', '.join(lost)}: no repair of {path} has this mark (they are {marks}) or kind"
        raise UsageError(f"--only {told}; nothing was written. An article that changed has other marks")
    return tuple(one for one in found.repairs if one.mark in wanted or one.means.value in wanted)


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


def _show(
    found: Revision, taken: tuple[Repair, ...], edit: Edit | None, path: PurePosixPath, wish: Wish, *, written: bool
) -> None:
    if wish.as_json:
        typer.echo(json.dumps(_as_dict(found, taken, edit, path, written=written), ensure_ascii=False))
        return
    for repair in taken:
        typer.echo(plain(f"[{repair.mark}] {repair.means}: {repair.reason}"))
        for line in _lines(found.article.answer, repair):
            typer.echo(plain(line))
    for entry in found.open:
        typer.echo(plain(f"open: {entry.finding.verdict}: {entry.claim.text[:LINE]}  ({entry.finding.reason})"))
    total = len(found.repairs)
    count = f"{len(taken)} of {total} repairs" if len(taken) < total else f"{total} repair{'s' * (total != 1)}"
    if written:
        typer.echo(plain(f"{path}: {count} written, ledger and score renewed."))
    elif taken:
        typer.echo(
            plain(f"{path}: {count}. Nothing was written; --write does it, --only MARK,MARK takes some of them.")
        )
    elif found.repairs:
        typer.echo(plain(f"{path}: {total} repairs, none of this kind."))
    else:
        typer.echo(plain(f"{path}: nothing that can be repaired by its sources."))


def _lines(answer: str, repair: Repair) -> Iterator[str]:
    start, end = max(0, repair.start - CONTEXT), min(len(answer), repair.end + CONTEXT)
    before = answer[start:end].replace("\n", " ")
    after = (answer[start : repair.start] + repair.after + answer[repair.end : end]).replace("\n", " ")
    yield from (line for line in difflib.ndiff([before], [after]) if line[0] in "-+")


def _as_dict(
    found: Revision, taken: tuple[Repair, ...], edit: Edit | None, path: PurePosixPath, *, written: bool
) -> dict[str, Any]:  # fmt: skip
    repairs = [
        {
            "mark": one.mark, "taken": one in taken, "means": one.means.value, "start": one.start, "end": one.end,
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

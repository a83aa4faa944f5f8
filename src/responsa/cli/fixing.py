"""What ``responsa fix`` does with the repairs of its rules: shows them, or has them carried out batch by batch."""

import difflib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, Final

import typer
from msgspec import Struct

from responsa.article import Absent, Edit
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.cli.unread import told
from responsa.library.catalogue import refresh
from responsa.library.git import commit
from responsa.library.library import Change, Library
from responsa.library.lock import lock
from responsa.repair import single, work
from responsa.repair.archive import catch_up, committed, refused, uncommitted
from responsa.repair.journal import Run, begun, runs
from responsa.repair.repair import Repair
from responsa.repair.rules import Rule
from responsa.repair.scene import Scene
from responsa.repair.undo import sweep, undo
from responsa.shards import batches

LOCK: Final = "fix.lock"
SAMPLES: Final = 3
FEW: Final = 1
"""Samples of a rule, and of each where there are several."""
DIFF_LINES: Final = 40
SOME_LINES: Final = 16


class Wish(Struct, frozen=True):
    """What was asked for. ``shown``: a bar on standard error."""

    rules: list[Rule]
    write: bool = False
    subject: str = ""
    most: int = 0
    as_json: bool = False
    uncommitted: bool = False
    shown: bool = False


class Writing(Struct, frozen=True):
    """Where a run keeps what was there before, and the files that it must not touch."""

    run: Run
    dirty: frozenset[PurePosixPath]


class Tally:
    """What one rule does, counted; ``samples`` are its first repairs with their changes."""

    def __init__(self, rule: Rule, samples: int) -> None:
        self.rule, self._wanted = rule, samples
        self.fields = self.gone = 0
        self.paths: set[PurePosixPath] = set()
        self.samples: list[tuple[Repair, list[Change]]] = []
        self.left: list[str] = []

    def add(self, plan: work.Planned, scene: Scene) -> None:
        """Count a batch."""
        edits = (edit for change in plan.changes for edit in change.edits)
        self.fields += len({(edit.url, edit.field.partition(".")[0]) for edit in edits})
        self.gone += len(plan.removals)
        self.paths.update(plan.paths)
        self.left += plan.left
        for repair in plan.repairs[: self._wanted - len(self.samples)]:
            self.samples.append((repair, work.changed(scene.library, [repair], scene.catalogue.path_of)))

    def count(self, done: str) -> str:
        """``35 fields changed in 7 files, 2 files removed``."""
        files = len(self.paths) - self.gone
        fields = f"{self.fields:,} field{'' if self.fields == 1 else 's'}"
        removed = f", {self.gone:,} files {'removed' if done == 'changed' else 'to remove'}" if self.gone else ""
        return f"{fields} {done} in {files:,} file{'' if files == 1 else 's'}{removed}"


def mend(library: Library, wish: Wish) -> bool:
    """Every rule in turn, each on what those before it left; whether every file could be read and every repair done."""
    if not wish.write:
        return _each(library, wish, None)
    with lock(library.folder, LOCK):
        run = begun(library.folder)
        sweep(library, run)
        dirty = _not_to_mix(library, wish, run)
        catch_up(library, run)
        whole = _each(library, wish, Writing(run, dirty))
        run.finish()
    return whole


def take_back(library: Library) -> None:
    """Undo the last run, in Git as a commit of its own."""
    with lock(library.folder, LOCK):
        done = undo(library)
        rules = list(dict.fromkeys(batch.rule for batch in done.run.batches()))
        files = [*done.changed, *done.made]
        message = (
            f"Take back repairs: {', '.join(rules)}\n\nEvery file holds what it held before, by `responsa fix --undo`."
        )
        touched = sorted({PurePosixPath(one.path) for batch in done.run.batches() for one in batch.files})
        commit(library.folder, touched, message)
        done.run.forget()
    more = len(runs(library.folder))
    earlier = f"; {more:,} earlier run{'' if more == 1 else 's'} can be taken back as well" if more else ""
    typer.echo(f"{', '.join(rules)}: {len(files):,} files hold again what they held before{earlier}")


def _not_to_mix(library: Library, wish: Wish, run: Run) -> frozenset[PurePosixPath]:
    """Files with changes that are not in Git: where a rule would touch one of them, nothing is begun."""
    if wish.uncommitted:
        return frozenset()
    with refresh(library) as catalogue:
        dirty = uncommitted(library, (card.path for card in catalogue.cards(by="path")), run)
    for rule in wish.rules if dirty else ():
        with _scene(library, rule, wish) as (scene, found):
            for batch in batches(found, work.BATCH):
                mixed = dirty.intersection(work.planned(library, scene.catalogue, batch).paths)
                if mixed:
                    raise refused(mixed)
    return dirty


def _each(library: Library, wish: Wish, writing: Writing | None) -> bool:
    whole = True
    tallies = []
    for number, rule in enumerate(wish.rules):
        with _scene(library, rule, wish) as (scene, found):
            whole = (number > 0 or not told(scene.catalogue)) and whole
            tally = Tally(rule, 0 if wish.write or wish.as_json else SAMPLES if len(wish.rules) == 1 else FEW)
            _batch_by_batch(scene, found, tally, wish, writing)
        tallies.append(tally)
        whole = whole and not tally.left
        if not wish.as_json:
            _say(tally, wish)
    if not wish.as_json:
        _show(tallies, wish)
    return whole


def _batch_by_batch(scene: Scene, found: Iterator[Repair], tally: Tally, wish: Wish, writing: Writing | None) -> None:
    library, rule = scene.library, tally.rule
    try:
        for batch in batches(found, work.BATCH):
            plan = work.planned(library, scene.catalogue, batch)
            if writing is not None:
                if mixed := writing.dirty.intersection(plan.paths):
                    raise refused(mixed)
                writing.run.unmark(rule.name)
                work.carry_out(library, plan, writing.run, rule.name)
            tally.add(plan, scene)
            if wish.as_json:
                _show_json(plan.repairs, rule, written=wish.write)
    finally:
        # Also when interrupted: what was done up to here is whole and may as well be in the archive.
        if writing is not None and tally.paths:
            committed(library, rule.name, tally.paths, tally.count("changed"))
            writing.run.mark(rule.name)


@contextmanager
def _scene(library: Library, rule: Rule, wish: Wish) -> Iterator[tuple[Scene, Iterator[Repair]]]:
    """The library as it is now, and what the rule would repair in it."""
    slug = library.subject_of(wish.subject).slug if wish.subject else ""
    with Meter(rule.name, shown=wish.shown) as meter:
        if rule.related:
            # Parts of an extra, loaded where they are wanted.
            from responsa.cli import relating  # noqa: PLC0415
            from responsa.repair.neighbourhood import Neighbourhood  # noqa: PLC0415

            with relating.opened(library, shown=False) as held:
                scene = Scene(library, held.catalogue, slug, meter.advance)
                near = Neighbourhood(held.relations, held.index)
                yield scene, _limited(scene, single.function(rule.make)(scene, near), wish)
            return
        with refresh(library) as catalogue:
            scene = Scene(library, catalogue, slug, meter.advance)
            found = single.function(rule.make)(scene) if rule.together else single.repairs(scene, rule)
            yield scene, _limited(scene, found, wish)


def _limited(scene: Scene, found: Iterator[Repair], wish: Wish) -> Iterator[Repair]:
    chosen = work.of_subject(scene.catalogue, found, scene.subject) if scene.subject else found
    return islice(chosen, wish.most or None)


def _say(tally: Tally, wish: Wish) -> None:
    """A line a rule, and what it could not do."""
    name = f"{tally.rule.name}: " if len(wish.rules) > 1 else ""
    done = tally.count("changed" if wish.write else "to change") if tally.paths else "nothing to mend"
    typer.echo(f"{name}{tally.rule.title}: {done}")
    for line in tally.left[:SAMPLES]:
        typer.echo(f"warning: {plain(line)}", err=True)
    if len(tally.left) > SAMPLES:
        typer.echo(f"warning: ... and {len(tally.left) - SAMPLES:,} more articles left as they are", err=True)


def _show(tallies: Sequence[Tally], wish: Wish) -> None:
    """Some of what would change line by line, and what to do next."""
    touched = len(set().union(*(tally.paths for tally in tallies))) if tallies else 0
    if len(tallies) > 1:
        typer.echo(f"all rules: {touched:,} files {'changed' if wish.write else 'to change'}")
    if not touched:
        return
    if wish.write:
        typer.echo("`responsa fix --undo` takes this run back.")
        return
    for tally in tallies:
        for repair, changes in tally.samples:
            typer.echo("\n" + plain(f"{tally.rule.name}: {repair.about}: {repair.note}"))
            for line in islice(_lines(repair, changes), DIFF_LINES if len(tallies) == 1 else SOME_LINES):
                typer.echo(line)
    typer.echo("\nNothing was written; --write does it, and --undo takes it back.")


def _lines(repair: Repair, changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        before, after = (data.decode("utf-8", "replace").splitlines() for data in (change.before, change.after))
        name = str(change.path)
        yield from (plain(line)[:160] for line in difflib.unified_diff(before, after, name, name, n=0, lineterm=""))
    yield from (plain(f"removed: {path}") for path in repair.gone)


def _show_json(repairs: Sequence[Repair], rule: Rule, *, written: bool) -> None:
    """A line a repair."""
    for repair in repairs:
        line = {
            "rule": rule.name,
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

"""Repairs in Git: nothing is mixed with what is not committed yet, and each rule is one commit with its reason."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from responsa.errors import EditError, UnreadableError
from responsa.library.git import changed_files, commit, is_kept
from responsa.library.library import Library
from responsa.repair.journal import Run, digest
from responsa.repair.rules import RULES

FEW: Final = 5


def uncommitted(library: Library, paths: Iterable[PurePosixPath], run: Run | None) -> frozenset[PurePosixPath]:
    """Of ``paths``, files that hold changes of somebody else which are not in Git; nothing outside a work tree."""
    if not is_kept(library.folder):
        return frozenset()
    dirty = changed_files(library.folder, paths)
    ours = _ours(run) if run is not None and dirty else {}
    return frozenset(path for path in dirty if _now(library, path) not in ours.get(str(path), ()))


def refused(paths: Iterable[PurePosixPath]) -> EditError:
    """What to say where repairs would be mixed with other changes."""
    listed = sorted(map(str, paths))
    more = f" and {len(listed) - FEW:,} more" if len(listed) > FEW else ""
    return EditError(
        f"not committed yet: {', '.join(listed[:FEW])}{more}; commit these changes first, "
        "or say --uncommitted to have them committed together with the repairs"
    )


def committed(library: Library, rule: str, paths: Iterable[PurePosixPath], count: str) -> str | None:
    """Commit what a rule did; the commit's id, nothing outside a work tree."""
    known = RULES[rule]
    message = f"Mend: {known.title}\n\n{known.why}\n\n{count}, by `responsa fix --rule {rule}`."
    return commit(library.folder, paths, message)


def catch_up(library: Library, run: Run) -> None:
    """Commit what a run that was cut off did and did not commit."""
    if not is_kept(library.folder):
        return
    done = run.committed()
    open_rules: dict[str, set[PurePosixPath]] = {}
    for batch in run.batches():
        if batch.rule not in done:
            open_rules.setdefault(batch.rule, set()).update(PurePosixPath(one.path) for one in batch.files)
    for rule, paths in open_rules.items():
        committed(library, rule, paths, "What a run did before it was cut off")
        run.mark(rule)


def _ours(run: Run) -> dict[str, set[bytes]]:
    """What the run made of each file."""
    found: dict[str, set[bytes]] = {}
    for batch in run.batches():
        for one in batch.files:
            found.setdefault(one.path, set()).update((one.after, digest(one.held)))
    return found


def _now(library: Library, path: PurePosixPath) -> bytes:
    try:
        return digest(library.data(path))
    except UnreadableError:
        return b""

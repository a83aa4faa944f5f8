"""Undoing a save: its files hold again what they held before it, as one new commit."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from responsa.errors import EditError, GitError
from responsa.library import git
from responsa.library.create import New
from responsa.library.library import EVIDENCE, Change, Library
from responsa.library.remove import Removal
from responsa.serve.desk.save import TRAILER, Before, Proposal, held, kept

MOST = 2000
"""Files of one save."""


def undo(library: Library, id: str) -> Proposal:  # noqa: A002 - the name everywhere
    """What takes the save ``id`` back. Raises ``EditError`` where a file was changed since: nothing later is lost."""
    subject, files = _saved(library, id)
    files = [one for one in files if not _overtaken(library, one)]
    changed = [one.path for one in files if held(library, PurePosixPath(one.path)) != one.after]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise EditError(f"{changed[0]}{more}: was changed since; undo the later change first, or edit the article")
    return _reversed(f"Undo: {subject}", files)


def can_undo(message: str) -> bool:
    """Whether a commit is one of the desk's."""
    return any(line.startswith(TRAILER) for line in message.splitlines())


def files_of(library: Library, id: str) -> list[Before]:  # noqa: A002
    """What a commit, or a save that was kept without Git, did to the library's files."""
    note = kept(library, id)
    if note is not None:
        return [*note.files]
    paths = git.changed(library.folder, id)[:MOST]
    folder = library.folder
    return [
        Before(str(path), git.content(folder, id, path, before=True), git.content(folder, id, path)) for path in paths
    ]


def _saved(library: Library, id: str) -> tuple[str, list[Before]]:  # noqa: A002
    note = kept(library, id)
    message = note.message if note else _message(library, id)
    if not can_undo(message):
        raise EditError(f"{id[:12]}: was not made at the desk; undo it with Git")
    return message.partition("\n")[0], files_of(library, id)


def _message(library: Library, id: str) -> str:  # noqa: A002
    try:
        paths = git.changed(library.folder, id)
    except GitError as error:
        raise EditError(f"{id[:12]}: no such change") from error
    logs = (git.log(library.folder, path, 500) for path in paths[:1])
    return next((one.message for log in logs for one in log if one.id.startswith(id)), "")


def _overtaken(library: Library, one: Before) -> bool:
    """A ledger that was made anew since stays: it is checked against the answer's own words anyway."""
    path = PurePosixPath(one.path)
    return path.parts[0] == EVIDENCE and held(library, path) != one.after


def _reversed(subject: str, files: Sequence[Before]) -> Proposal:
    changes = [
        Change(PurePosixPath(one.path), one.after, one.before, ())
        for one in files
        if one.after is not None and one.before is not None
    ]
    new = [New(PurePosixPath(one.path), one.before) for one in files if one.after is None and one.before is not None]
    gone = [
        Removal(PurePosixPath(one.path), one.after) for one in files if one.before is None and one.after is not None
    ]
    return Proposal("undo", subject, tuple(changes), tuple(new), tuple(gone))

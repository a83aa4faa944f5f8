"""Carrying a proposal out: files first, then one commit that names the editor, whatever happens in between.

A note in `.responsa/desk/` says what is about to be done and goes once it is committed. What a note of a dead process
tells of is committed before the next save: a record is never written without a commit that says by whom.
"""

import hashlib
import itertools
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from glob import escape
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from msgspec import Struct

from responsa.article import Article
from responsa.errors import GitError, LockedError, ResponsaError
from responsa.evidence.ledger import place, record
from responsa.evidence.report import Report
from responsa.library import git
from responsa.library.create import New, create
from responsa.library.git import Author
from responsa.library.library import Change, Library
from responsa.library.lock import lock, private
from responsa.library.remove import Removal, remove
from responsa.library.write import write
from responsa.serve.desk.stale_locks import release

FOLDER: Final = "desk"
LOCK: Final = "desk.lock"
TRAILER: Final = "Responsa-Desk: "
_SIGNS: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f]")
OUTSIDE: Final = "Changes made outside of the desk"
KEPT: Final = 200
"""Saves whose earlier bytes are kept for undoing where there is no Git."""
TRIES, PAUSE = 40, 0.25
"""How often and how many seconds apart a library that another command holds is tried again."""


class Proposal(Struct, frozen=True):
    """What an editor accepted: ``subject`` is the commit's first line, ``kind`` one word for what was done."""

    kind: str
    subject: str
    changes: tuple[Change, ...] = ()
    new: tuple[New, ...] = ()
    gone: tuple[Removal, ...] = ()
    reports: tuple[tuple[Article, Report], ...] = ()

    @property
    def message(self) -> str:
        """With the reasons of the edits, and the line by which the desk knows its own commits."""
        reasons = dict.fromkeys(
            f"- {edit.field}: {' '.join(edit.reason.split())[:200]}" for change in self.changes for edit in change.edits
        )
        return message_of(self.kind, self.subject, [*reasons])


def message_of(kind: str, subject: str, reasons: Sequence[str] = ()) -> str:
    """A commit's message: nothing of an article can begin a line of it."""
    shown = [*reasons][:20]
    body = "\n".join([*shown, *([f"- and {len(reasons) - len(shown)} more"] if len(reasons) > len(shown) else [])])
    head = " ".join(subject.split())[:100] or kind
    return f"{head}\n\n{body + chr(10) * 2 if body else ''}{TRAILER}{kind}\n"


class Saved(Struct, frozen=True):
    """``id`` is the commit's, or of what was kept where there is no Git; ``trouble``: written, but Git refused."""

    id: str
    paths: tuple[PurePosixPath, ...]
    trouble: str = ""


class Before(Struct, frozen=True):
    """What a file held before and after; nothing where it was not there."""

    path: str
    before: bytes | None
    after: bytes | None


class Note(Struct, frozen=True):
    """What is about to be done."""

    name: str
    email: str
    message: str
    on: float
    files: tuple[Before, ...]
    ledgers: tuple[str, ...] = ()


def carry_out(library: Library, proposal: Proposal, author: Author) -> Saved:
    """Write, then commit. Raises ``ResponsaError``; then nothing has changed."""
    with lock(library.folder, LOCK, wait=True):
        mend(library)
        note = _note(library, proposal, author)
        paths = _paths(note)
        if not paths:
            return Saved("", ())
        _settle(library, paths)
        file = _noted(library, note)
        try:
            _patiently(library, proposal)
        except BaseException:
            if not _undone(library, note):
                raise
            file.unlink(missing_ok=True)
            raise
        return _committed(library, note, file)


def noted(
    library: Library,
    author: Author,
    message: str,
    job: Callable[[], Sequence[PurePosixPath]],
    *,
    files: Sequence[Before],
    others: Sequence[PurePosixPath],
) -> Saved:
    """One commit of what ``job`` writes by itself: ``files`` that will be gone, ``others``, and what it names.

    Raises what ``job`` raises; what it wrote until then is committed.
    """
    with lock(library.folder, LOCK, wait=True):
        mend(library)
        note = Note(author.name, author.email, message, time.time(), tuple(files), tuple(map(str, others)))
        _settle(library, [_path(one) for one in files])
        file = _noted(library, note)
        try:
            more = job()
        except BaseException:
            _committed(library, _as_found(library, note), file)
            raise
        whole = msgspec.structs.replace(note, ledgers=tuple(dict.fromkeys([*note.ledgers, *map(str, more)])))
        return _committed(library, whole, file)


def mend(library: Library) -> list[str]:
    """Commit what a process wrote that died before its commit; whoever calls holds ``LOCK``. The ids of commits."""
    done: list[str] = []
    for file in _notes(library):
        try:
            note = msgspec.msgpack.decode(file.read_bytes(), type=Note)
        except (OSError, ValueError):
            # A note is renamed into its place whole: one that cannot be read is none of ours, and nothing was written.
            file.unlink(missing_ok=True)
            continue
        release(library.folder, note.on)
        _sweep(library, note)
        saved = _committed(library, _as_found(library, note), file)
        if saved.id and not saved.trouble:
            done.append(saved.id)
    return done


def _sweep(library: Library, note: Note) -> None:
    """Halves of its files, which a kill leaves beside them under names of their own."""
    for path in _paths(note):
        folder, name = (library.folder / path).parent, escape(path.name[:40])
        for half in (*folder.glob(f".{name}.*.tmp"), *folder.glob(f".{escape(path.name[:200])}.part")):
            with suppress(OSError):
                if half.lstat().st_mtime >= note.on - 1:
                    half.unlink()


def at_start(library: Library) -> list[str]:
    """``mend`` for a server that begins."""
    with lock(library.folder, LOCK, wait=True):
        return mend(library)


def kept(library: Library, id: str) -> Note | None:  # noqa: A002 - the name everywhere
    """What was kept of a save where there is no Git."""
    if not id.isalnum():
        return None
    try:
        return msgspec.msgpack.decode((_folder(library) / f"done-{id}").read_bytes(), type=Note)
    except (OSError, ValueError):
        return None


def held(library: Library, path: PurePosixPath) -> bytes | None:
    """What a file of the library holds now."""
    try:
        return (library.folder / path).read_bytes()
    except OSError:
        return None


def _note(library: Library, proposal: Proposal, author: Author) -> Note:
    files = [Before(str(one.path), one.before, one.after) for one in proposal.changes]
    files += [Before(str(one.path), None, one.data) for one in proposal.new]
    files += [Before(str(one.path), one.before, None) for one in proposal.gone]
    ledgers = [str(place(library, article)) for article, _ in proposal.reports]
    return Note(author.name, author.email, proposal.message, time.time(), tuple(files), tuple(ledgers))


def _paths(note: Note) -> tuple[PurePosixPath, ...]:
    return tuple(PurePosixPath(path) for path in dict.fromkeys([*(one.path for one in note.files), *note.ledgers]))


def _settle(library: Library, paths: Sequence[PurePosixPath]) -> None:
    """What others left uncommitted in these files gets a commit of its own: it is not the editor's doing."""
    if git.is_kept(library.folder):
        there = [path for path in paths if (library.folder / path).is_file()]
        try:
            _with_patience(lambda: git.commit(library.folder, there, OUTSIDE))
        except GitError as error:
            told = "Git still refuses an earlier change of these files, so nothing was written now"
            raise GitError(f"{told}; whoever keeps the repository has to look at it: {_said(error)}") from error


def _said(error: GitError) -> str:
    """What Git or a hook said, without the signs by which a terminal would colour it."""
    return " ".join(_SIGNS.sub(" ", str(error)).split())


def _patiently(library: Library, proposal: Proposal) -> None:
    """Another command may hold the library for a moment; a new article is there before the old one goes."""
    steps: tuple[Callable[[], object], ...] = (
        lambda: write(library, proposal.changes),
        lambda: create(library, proposal.new),
        lambda: remove(library, proposal.gone),
    )
    for step in steps:
        for turn in itertools.count(1):
            try:
                step()
                break
            except LockedError:
                if turn == TRIES:
                    raise
                time.sleep(PAUSE)
    for article, report in proposal.reports:
        record(library, article, report)


def _undone(library: Library, note: Note) -> bool:
    """Files that were written before a later one failed hold again what they held; whether all of them do."""
    try:
        written = [one for one in note.files if one.before is not None and held(library, _path(one)) == one.after]
        write(library, [Change(_path(one), one.after or b"", one.before or b"", ()) for one in written if one.after])
        create(library, [New(_path(one), one.before or b"") for one in written if one.after is None])
        made = [one for one in note.files if one.before is None and held(library, _path(one)) == one.after]
        remove(library, [Removal(_path(one), one.after or b"") for one in made])
    except ResponsaError:
        return False
    return True


def _path(one: Before) -> PurePosixPath:
    return PurePosixPath(one.path)


def _as_found(library: Library, note: Note) -> Note:
    """With a word on what was not carried out."""
    left = [one.path for one in note.files if held(library, _path(one)) != one.after]
    if not left or len(left) == len(note.files):
        return note
    head, _, rest = note.message.partition("\n")
    word = f"{head}\n\nInterrupted: {len(left)} of {len(note.files)} files were not changed.\n{rest}"
    return msgspec.structs.replace(note, message=word)


def _committed(library: Library, note: Note, file: Path) -> Saved:
    paths = _paths(note)
    author = Author(note.name, note.email)
    try:
        # A path that was to be made and never was is nothing to Git.
        known = [path for path in paths if (library.folder / path).exists() or _was_there(note, path)]
        id = _with_patience(lambda: git.commit(library.folder, known, note.message, author))  # noqa: A001 - its name
    except GitError as error:
        return Saved("", paths, _said(error))
    if id is not None:
        file.unlink(missing_ok=True)
        return Saved(id, paths)
    if git.is_kept(library.folder) or all(held(library, _path(one)) == one.before for one in note.files):
        file.unlink(missing_ok=True)
        return Saved("", paths)
    return Saved(_remembered(library, file), paths)


def _was_there(note: Note, path: PurePosixPath) -> bool:
    return any(one.path == str(path) and one.before is not None for one in note.files)


def _with_patience(commit: Callable[[], str | None]) -> str | None:
    """Another Git may hold the index for a moment."""
    for turn in itertools.count(1):
        try:
            return commit()
        except GitError as error:
            if ".lock" not in str(error) or turn == TRIES:
                raise
            time.sleep(PAUSE)
    raise AssertionError


def _folder(library: Library) -> Path:
    folder = private(library.folder) / FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def _notes(library: Library) -> list[Path]:
    return sorted(_folder(library).glob("note-*"))


def _noted(library: Library, note: Note) -> Path:
    """On the disk before anything else is."""
    name = f"{time.time_ns()}x{os.getpid()}"
    file = _folder(library) / f"note-{name}"
    half = file.with_name(f"half-{name}")
    with half.open("wb") as out:
        out.write(msgspec.msgpack.encode(note))
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
    return file


def _remembered(library: Library, file: Path) -> str:
    """For undoing where no Git keeps what was there."""
    name = hashlib.sha256(file.name.encode()).hexdigest()[:16]
    file.replace(file.with_name(f"done-{name}"))
    for old in _oldest(_folder(library).glob("done-*")):
        with suppress(OSError):
            old.unlink()
    return name


def _oldest(files: Iterator[Path]) -> list[Path]:
    return sorted(files, key=lambda file: file.stat().st_mtime_ns)[:-KEPT]

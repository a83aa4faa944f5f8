"""Git as the archive of a library: commits of single files, what a commit changed, what a file held before.

All paths are relative to the library's folder, which may lie anywhere in its repository. Whatever else is staged or
changed there stays as it is.
"""

import datetime
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.errors import GitError

SECONDS: Final = 600
_ID: Final = re.compile(r"[0-9a-f]{7,64}")
_NOBODY: Final = ("Responsa", "responsa@localhost")
"""Who commits where Git knows of nobody: a repair shall not fail at its last step."""
_FIELDS: Final = "%x1e%H%x1f%an%x1f%ae%x1f%aI%x1f%B%x1f"


class Author(Struct, frozen=True):
    """Who is answerable for a commit."""

    name: str
    email: str


class Commit(Struct, frozen=True):
    """One commit; ``on`` is when it was written, ``message`` its subject and body."""

    id: str
    author: Author
    on: datetime.datetime
    message: str

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


class Step(Struct, frozen=True):
    """What one commit did to the articles: ``on`` is when it was written; files that it added, changed, removed."""

    id: str
    on: datetime.datetime
    added: int = 0
    changed: int = 0
    removed: int = 0


def is_kept(folder: Path) -> bool:
    """Whether ``folder`` lies in a Git work tree, and Git is installed. A folder that Git ignores does not count."""
    try:
        inside = _git(folder, "rev-parse", "--is-inside-work-tree") == b"true\n"
        return inside and _run(folder, ("check-ignore", "--quiet", "."), b"").returncode != 0
    except GitError:
        return False


def changed_files(folder: Path, paths: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    """Those of ``paths`` that differ from the last commit or are not in it, sorted."""
    wanted = set(paths)
    if not wanted:
        return []
    # The whole folder is asked for: 36,000 names cost Git more as pathspecs than as a status.
    listed = _git(folder, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ".")
    prefix = _git(folder, "rev-parse", "--show-prefix").decode(errors="surrogateescape").rstrip("\n")
    names = (entry[3:].decode(errors="surrogateescape") for entry in listed.split(b"\0") if len(entry) > 3)  # noqa: PLR2004 - two letters and a space
    return sorted(wanted & {PurePosixPath(name.removeprefix(prefix)) for name in names})


def is_clean(folder: Path, paths: Iterable[PurePosixPath]) -> bool:
    """Whether all ``paths`` are as they were committed."""
    return not changed_files(folder, paths)


def commit(folder: Path, paths: Iterable[PurePosixPath], message: str, author: Author | None = None) -> str | None:
    """Commit ``paths``, new, changed or removed, and nothing else; the commit's id.

    Returns ``None`` outside a Git work tree and where nothing has changed. Raises ``GitError`` with what Git says: a
    hook that refuses, a merge that is under way, another Git that holds the index.
    """
    if not is_kept(folder):
        return None
    changed = changed_files(folder, paths)
    if not changed:
        return None
    names = _listed(changed)
    from_stdin = ("--pathspec-from-file=-", "--pathspec-file-nul")
    _git(folder, "add", "--all", *from_stdin, given=names)
    words = ("commit", "--quiet", "--only", "--cleanup=whitespace", "-m", _clean(message), *from_stdin)
    _git(folder, *words, given=names, names=_names(folder, author))
    return _git(folder, "rev-parse", "HEAD").decode().strip()


def head(folder: Path) -> str | None:
    """The last commit's id; nothing before the first and outside a work tree."""
    try:
        return _git(folder, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip() or None
    except GitError:
        return None


def changed(folder: Path, commit: str) -> list[PurePosixPath]:
    """The files below ``folder`` that a commit added, changed or removed, sorted."""
    words = ("diff-tree", "--root", "-r", "-z", "--no-commit-id", "--name-only", "--no-renames", "--relative")
    listed = _git(folder, *words, _known(commit))
    return sorted(PurePosixPath(os.fsdecode(name)) for name in listed.split(b"\0") if name)


def content(folder: Path, commit: str, path: PurePosixPath, *, before: bool = False) -> bytes | None:
    """What ``path`` held at a commit, or ``before`` it; nothing where it was not there."""
    at = f"{_known(commit)}{'^' if before else ''}"
    done = _run(folder, ("cat-file", "blob", f"{at}:./{path}"), b"")
    return done.stdout if done.returncode == 0 else None


def log(folder: Path, path: PurePosixPath | None = None, most: int = 50) -> list[Commit]:
    """The last commits that touched ``path``, or anything below ``folder``; the newest first."""
    if head(folder) is None:
        return []
    where = str(path) if path else "."
    text = _git(folder, "log", f"--max-count={most}", f"--format={_FIELDS}", "--", where)
    return list(_commits(text.decode(errors="replace")))


def steps(folder: Path, path: PurePosixPath) -> Iterator[Step]:
    """Every commit that touched a Markdown file below ``path``, the oldest first; merges repeat nothing.

    One call of Git for the whole history: 36,000 files and their commits are a few megabytes of names.
    """
    if head(folder) is None:
        return
    words = ("log", "--reverse", "--no-renames", "--name-status", "--relative", "--format=%x1e%H%x1f%cI")
    text = _git(folder, *words, "--", str(path)).decode(errors="replace")
    for entry in text.split("\x1e")[1:]:
        lines = entry.splitlines()
        id, _, on = lines[0].partition("\x1f")  # noqa: A001 - the field's name
        # Names with special signs stand in quotes.
        kinds = [line[0] for line in lines[1:] if line.rstrip('"').endswith(".md")]
        if kinds:
            counts = (kinds.count("A"), len(kinds) - kinds.count("A") - kinds.count("D"), kinds.count("D"))
            yield Step(id, datetime.datetime.fromisoformat(on), *counts)


def _commits(text: str) -> Iterator[Commit]:
    for entry in text.split("\x1e")[1:]:
        id, name, email, on, message, *_ = entry.split("\x1f")  # noqa: A001 - the field's name
        yield Commit(id, Author(name, email), datetime.datetime.fromisoformat(on), message.strip())


def _names(folder: Path, author: Author | None) -> dict[str, str]:
    """Whom the commit names: ``author``, and as committer whoever Git's settings name, else the same."""
    named = (_person(author.name), _person(author.email)) if author else None
    committer = None if _run(folder, ("var", "GIT_COMMITTER_IDENT"), b"").returncode == 0 else named or _NOBODY
    if named is None and committer:
        named = committer
    names = {"GIT_AUTHOR_NAME": named[0], "GIT_AUTHOR_EMAIL": named[1]} if named else {}
    return names | ({"GIT_COMMITTER_NAME": committer[0], "GIT_COMMITTER_EMAIL": committer[1]} if committer else {})


def _person(text: str) -> str:
    """A name or address as Git can carry it: one line without its brackets."""
    return " ".join(re.sub(r"[<>\x00-\x1f\x7f]", " ", text).split()) or "unknown"


def _clean(message: str) -> str:
    return message.replace("\0", "").strip() or "Change articles"


def _listed(paths: Sequence[PurePosixPath]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _known(commit: str) -> str:
    """A commit is named by its id alone: any other word could mean something else to Git."""
    if not _ID.fullmatch(commit):
        raise GitError(f"{commit!r}: no commit's id")
    return commit


def _git(folder: Path, *words: str, given: bytes = b"", names: dict[str, str] | None = None) -> bytes:
    done = _run(folder, words, given, names)
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise GitError(f"{folder}: git {words[0]}: {' '.join(said[:5]) or f'exit {done.returncode}'}")
    return done.stdout


def _run(
    folder: Path, words: Sequence[str], given: bytes, names: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    # Names are meant as they stand; `check-ignore` knows no other way and refuses to be told so.
    literal = {} if words[0] == "check-ignore" else {"GIT_LITERAL_PATHSPECS": "1"}
    quiet = {**literal, "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C"}
    command = ("git", "-C", str(folder), *words)
    try:
        return subprocess.run(  # noqa: S603 - no shell; paths are passed as data
            command,
            input=given,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=os.environ | quiet | (names or {}),
        )
    except FileNotFoundError as error:
        raise GitError(f"{folder}: git is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise GitError(f"{folder}: git {words[0]}: no answer in {SECONDS} s") from error

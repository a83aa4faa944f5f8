"""The site appears as a whole or not at all: a hidden twin is brought up to date, then exchanged with the live folder.

A folder that Responsa made holds a mark: the digest of everything in it. A twin that is being written has none, so a
killed build is told from a finished one by looking at the folder alone.
"""

import ctypes
import errno
import os
import shutil
from pathlib import Path

from responsa.errors import ResponsaError

MARK = ".responsa-site"

AT_FDCWD = -100
RENAME_EXCHANGE = 2
UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


class SwapError(ResponsaError):
    """The folder of the site cannot be written or exchanged; the site is as it was."""


def twin_of(out: Path) -> Path:
    """The hidden sibling that becomes the next site."""
    return out.with_name(f".{out.name}.next")


def aside_of(out: Path) -> Path:
    """Where the live folder waits for a moment, on systems that cannot exchange two names at once."""
    return out.with_name(f".{out.name}.last")


def mark_of(folder: Path) -> str:
    """The digest that the folder says it holds; empty: no whole site of ours."""
    try:
        return (folder / MARK).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def set_mark(folder: Path, digest: str) -> None:
    """Say that the folder is whole. A new inode, since the old one may be shared with the live folder."""
    remove_mark(folder)
    (folder / MARK).write_text(digest + "\n", "ascii")


def remove_mark(folder: Path) -> None:
    """Say that the folder is not whole, before the first change to it."""
    (folder / MARK).unlink(missing_ok=True)


def show(out: Path) -> None:
    """Make the twin the live site; the live site, if there is one, becomes the twin."""
    twin = twin_of(out)
    try:
        if not out.exists():
            twin.rename(out)
        elif not _exchanged(twin, out):
            _rename_twice(twin, out)
    except OSError as failed:
        raise SwapError(f"{out}: the new site cannot take its place ({failed.strerror}); the old one stays") from failed


def recover(out: Path) -> None:
    """After a kill between the two renames of the fallback: put a whole site back in its place."""
    aside, twin = aside_of(out), twin_of(out)
    if not aside.exists():
        return
    if not out.exists():
        (twin if mark_of(twin) else aside).rename(out)
    if aside.exists():
        discard(twin)
        aside.rename(twin)


def discard(folder: Path) -> None:
    """Remove a twin with all that is in it."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        remove_mark(folder)
        shutil.rmtree(folder)


def _exchanged(twin: Path, out: Path) -> bool:
    """In one step that no reader can see half of; ``False`` where the system has none."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if rename(AT_FDCWD, os.fsencode(twin), AT_FDCWD, os.fsencode(out), RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code))


def _rename_twice(twin: Path, out: Path) -> None:
    aside = aside_of(out)
    out.rename(aside)
    twin.rename(out)
    aside.rename(twin)

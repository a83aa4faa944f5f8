"""Locks that a Git of ours left when it was killed: they would refuse every later commit, for ever.

Only such as are younger than the save that was interrupted, and only while no Git runs in the library.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from responsa.errors import GitError
from responsa.library.git import _git

PATIENCE: Final = 10.0
"""Seconds that a Git which outlived us is given to end."""
_STEP: Final = 0.1


def release(folder: Path, since: float) -> list[Path]:
    """Remove what a killed Git left of a save that began at ``since``; the locks that were removed."""
    try:
        kept = Path(os.fsdecode(_git(folder, "rev-parse", "--absolute-git-dir")).rstrip("\n"))
    except GitError:
        return []
    if not any(_stale(kept, since)):
        return []
    until = time.monotonic() + PATIENCE
    while git_runs(folder) and time.monotonic() < until:
        time.sleep(_STEP)
    removed = [] if git_runs(folder) else list(_stale(kept, since))
    for lock in removed:
        with suppress(FileNotFoundError):
            lock.unlink()
    return removed


def _stale(kept: Path, since: float) -> Iterator[Path]:
    names = [
        kept / "index.lock",
        kept / "HEAD.lock",
        *kept.glob("next-index-*.lock"),
        *kept.glob("refs/heads/**/*.lock"),
    ]
    for lock in names:
        with suppress(OSError):
            # A second for file systems that keep no finer time.
            if lock.lstat().st_mtime >= since - 1:
                yield lock


def git_runs(folder: Path) -> bool:
    """Whether a Git of this machine works in ``folder``, as far as the system tells; ``False`` where it does not."""
    inside = folder.resolve()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
            if name.startswith("git") and _meets((process / "cwd").readlink(), inside):
                return True
    return False


def _meets(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)

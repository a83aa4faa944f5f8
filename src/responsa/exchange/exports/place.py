"""Where an export goes: it appears whole at its place or not at all, and replaces another one only when told to."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from responsa.errors import ResponsaError, UsageError
from responsa.library.write import sync_folder


@contextmanager
def whole_file(target: Path, *, force: bool) -> Iterator[Path]:
    """A file beside ``target`` to write to; it takes the place of ``target`` once the block ends well."""
    _check(target, force=force)
    if target.is_dir():
        raise UsageError(f"--to {target}: is a folder; this format is one file")
    half = target.with_name(f".{target.name}.part")
    try:
        half.unlink(missing_ok=True)
        yield half
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.replace(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.OperationalError) as error:
        told = getattr(error, "strerror", None) or error
        raise ResponsaError(f"{target}: cannot be written: {told}") from error
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, names: frozenset[str], *, force: bool) -> Iterator[Path]:
    """A folder beside ``target``; an earlier one is replaced only if it holds nothing but ``names``."""
    _check(target, force=force)
    if target.exists() and (not target.is_dir() or {one.name for one in target.iterdir()} - names):
        raise UsageError(f"--to {target}: holds other things than an export of this format; name another folder")
    half, old = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.old")
    try:
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        half.mkdir()
        yield half
        for path in half.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        if target.exists():
            target.rename(old)
        half.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise ResponsaError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _check(target: Path, *, force: bool) -> None:
    if not target.parent.is_dir():
        raise UsageError(f"--to {target}: there is no folder {target.parent}")
    if os.path.lexists(target) and not force:
        raise UsageError(f"--to {target}: is there already; --force replaces it")
    if os.path.lexists(target) and (target.is_symlink() or not (target.is_file() or target.is_dir())):
        raise UsageError(f"--to {target}: is a link or a device, which is never replaced; name a file")

"""What files held before repairs: written and synced before a file is touched, so that any run can be taken back.

A run is a folder of ``.responsa/undo``: a numbered file for each batch, in the order in which they were begun, and a
mark once all is done. A file of a batch appears whole or not at all.
"""

import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.library.lock import private
from responsa.library.write import sync_folder

FOLDER: Final = "undo"
DONE: Final = "done"
KEPT: Final = 5
"""Runs that can be taken back, the last first; older ones are forgotten."""


class Before(Struct, frozen=True, array_like=True):
    """One file of a batch: what it ``held``, and the digest of what it holds then, nothing where it is removed."""

    path: str
    held: bytes
    after: bytes


class Batch(Struct, frozen=True, array_like=True):
    """Files that are changed together, by one rule."""

    rule: str
    files: list[Before]


class Run:
    """One run of repairs, in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def finished(self) -> bool:
        """Whether it went to its end."""
        return (self.folder / DONE).exists()

    def keep(self, batch: Batch) -> None:
        """Let what is about to change last through a crash."""
        number = sum(1 for _ in self._files())
        packed = zlib.compress(msgspec.msgpack.encode(batch), 1)
        _whole(self.folder / f"{number:06}.batch", packed)

    def finish(self) -> None:
        """Say that all is done."""
        _whole(self.folder / DONE, b"")

    def batches(self) -> Iterator[Batch]:
        """In the order in which they were begun, one in memory at a time."""
        for file in self._files():
            try:
                yield msgspec.msgpack.decode(zlib.decompress(file.read_bytes()), type=Batch)
            except (OSError, zlib.error, msgspec.MsgspecError) as error:
                raise ResponsaError(f"{file}: is damaged: this run can only be taken back with Git") from error

    def mark(self, rule: str) -> None:
        """Remember that what a rule did is in Git."""
        _whole(self.folder / f"{rule}.committed", b"")

    def committed(self) -> set[str]:
        """Rules whose changes are in Git."""
        return {file.stem for file in self.folder.glob("*.committed")}

    def unmark(self, rule: str) -> None:
        """A rule that goes on is to be committed again."""
        (self.folder / f"{rule}.committed").unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove the run; a crash on the way leaves one that nothing finds any more."""
        gone = self.folder.with_name(f".{self.folder.name}.gone")
        self.folder.rename(gone)
        sync_folder(self.folder.parent)
        shutil.rmtree(gone, ignore_errors=True)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.batch"))


def runs(library: Path) -> list[Run]:
    """Those that can be taken back, the oldest first."""
    folder = private(library) / FOLDER
    return [Run(one) for one in sorted(folder.glob("[0-9]*")) if one.is_dir() and any(one.glob("*.batch"))]


def begun(library: Path) -> Run:
    """A run to write to: the last one where it was cut off, else a new one. Old ones are forgotten."""
    known = runs(library)
    if known and not known[-1].finished:
        return known[-1]
    folder = private(library) / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        for half in folder.glob(".*.gone"):
            shutil.rmtree(half, ignore_errors=True)
        for old in known[: max(0, len(known) - KEPT + 1)]:
            old.forget()
        last = max((int(one.name) for one in folder.glob("[0-9]*") if one.name.isdigit()), default=0)
        (folder / f"{last + 1:06}").mkdir()
        sync_folder(folder)
    except OSError as error:
        raise ResponsaError(f"{folder}: cannot be written: {error.strerror}") from error
    return Run(folder / f"{last + 1:06}")


def digest(data: bytes) -> bytes:
    """Of what a file holds."""
    return hashlib.blake2b(data, digest_size=16).digest()


def paths(batches: Sequence[Batch]) -> list[PurePosixPath]:
    """All files of these, once each, sorted."""
    return sorted({PurePosixPath(one.path) for batch in batches for one in batch.files})


def _whole(path: Path, data: bytes) -> None:
    half = path.with_name(f".{path.name}.part")
    try:
        with half.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        half.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise ResponsaError(f"{path}: cannot be written: {error.strerror}; nothing was changed") from error

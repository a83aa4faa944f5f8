"""The shelf made ready for searching, kept in `.responsa/sources/` until a file of `sources/` changes."""

import hashlib
import mmap
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from responsa.article import Source
from responsa.errors import ResponsaError
from responsa.evidence.passages import Passage
from responsa.evidence.postings import MAGIC, Postings, build
from responsa.evidence.retrieval import Nearest
from responsa.evidence.shelf import FOLDER, VERSION, files, read_shelf
from responsa.library.library import Library
from responsa.library.lock import private

SETTLED: Final = 2 * 10**9
"""Nanoseconds: a file changed less than that ago may change again without its stamp telling."""


class Stock(Struct, frozen=True):
    """``block`` is the file that ``opened`` searches; ``fingerprint`` changes with any passage that can be found."""

    block: str
    fingerprint: str
    problems: tuple[tuple[str, str], ...] = ()


class _State(Struct, frozen=True):
    stamp: str
    stock: Stock


def stocked(library: Library) -> Stock:
    """The library's shelf, read and indexed again only where a file changed."""
    folder = private(library.folder) / FOLDER
    stamp, settled = _stamp(library.folder / FOLDER)
    held = _recalled(folder)
    if held is not None and held.stamp == stamp and (folder / held.stock.block).is_file():
        return held.stock
    shelf = read_shelf(library.folder / FOLDER, folder)
    mark = _fingerprint(shelf.passages())
    problems = tuple((f"{FOLDER}/{one.path}", one.message) for one in shelf.problems)
    stock = Stock(f"{mark}.block", mark, problems)
    if not (folder / stock.block).is_file():
        _keep(folder / stock.block, build(shelf.passages()))
    _keep(folder / _REFERENCES, msgspec.json.encode([source.meta for source in shelf.sources]))
    _keep(folder / _NAME, msgspec.json.encode(_State(stamp if settled else "", stock)))
    for old in folder.glob("*.block"):
        if old.name != stock.block:
            # Processes that still search it keep what they have mapped.
            old.unlink(missing_ok=True)
    return stock


def opened(library: Library, block: str) -> Nearest:
    """A search over a block. Raises ``ResponsaError`` where it is gone or damaged."""
    file = private(library.folder) / FOLDER / block
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        finally:
            os.close(descriptor)
        return Nearest(Postings(memoryview(mapped)))
    except (OSError, ValueError, ResponsaError) as error:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        raise ResponsaError(f"{file}: was damaged and is removed; run the command again") from error


def references(library: Library) -> dict[str, Source]:
    """The sources of the shelf by id, as ``stocked`` last saw them; without their passages."""
    try:
        data = (private(library.folder) / FOLDER / _REFERENCES).read_bytes()
        return {source.id: source for source in msgspec.json.decode(data, type=list[Source])}
    except (OSError, ValueError):
        return {source.meta.id: source.meta for source in read_shelf(library.folder / FOLDER).sources}


def shelf_stamp(library: Library) -> int:
    """Another one once ``references`` would tell other sources."""
    try:
        return (private(library.folder) / FOLDER / _REFERENCES).stat().st_mtime_ns
    except OSError:
        return 0


_NAME: Final = "stock.json"
_REFERENCES: Final = "references.json"


def _fingerprint(passages: Iterable[Passage]) -> str:
    """Of all that a search can find, and of how it is searched."""
    mark = hashlib.sha256(MAGIC)
    for passage in passages:
        mark.update(msgspec.json.encode(passage) + b"\n")
    return mark.hexdigest()[:16]


def _stamp(folder: Path) -> tuple[str, bool]:
    """What the files' times, sizes and numbers come to, and whether all of them are old enough to be trusted."""
    mark = hashlib.sha256(str(VERSION).encode())
    newest = 0
    for path in files(folder):
        try:
            stat = (folder / path).lstat()
        except OSError:
            continue
        newest = max(newest, stat.st_ctime_ns)
        mark.update(f"{path}\0{stat.st_ctime_ns} {stat.st_size} {stat.st_ino}\n".encode("utf-8", "surrogateescape"))
    return mark.hexdigest(), newest < time.time_ns() - SETTLED


def _recalled(folder: Path) -> _State | None:
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=_State)
    except (OSError, ValueError):
        return None


def _keep(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f".{file.name}.{os.getpid()}")
        half.write_bytes(data)
        half.replace(file)
    except OSError as error:
        raise ResponsaError(f"{file}: cannot be written: {error.strerror}") from error

"""What an import reads from: a file, a folder, or an archive that is unpacked where nothing else can be reached."""

import lzma
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final

from responsa.errors import ResponsaError, UsageError
from responsa.library.lock import private

ARCHIVES: Final = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2")
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a file that is read whole."""
_MOST_FILES: Final = 2_000_000
_LEAST_ROOM: Final = 1024**3
_MOST_TIMES: Final = 200
"""An archive may unpack to a gigabyte, or to so many times its own size: text packs no better."""
_CHUNK: Final = 1 << 20


@contextmanager
def unpacked(start: Path, library: Path) -> Iterator[Path]:
    """``start`` itself, or the folder that an archive unpacks to, which is removed in the end."""
    if not start.exists():
        raise UsageError(f"{start}: no such file or folder")
    if start.name.lower().endswith(".7z"):
        raise UsageError(f"{start}: a 7z archive; unpack it first (`7z x {start.name}`), then import the folder")
    if start.is_dir() or not start.name.lower().endswith(ARCHIVES):
        yield start
        return
    folder = private(library) / "import"
    shutil.rmtree(folder, ignore_errors=True)  # what an import that was killed left behind
    try:
        _unpack(start, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Files below ``folder`` with one of ``suffixes``, sorted; links are not followed, hidden files left out."""
    if folder.is_file():
        yield folder
        return
    for above, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith(".") and name != "node_modules")
        for name in sorted(files):
            path = Path(above, name)
            if name.lower().endswith(suffixes) and not name.startswith(".") and not path.is_symlink():
                yield path


def name_of(path: Path, start: Path) -> str:
    """How a report calls the file: by its place below what was imported."""
    return path.name if path == start else path.relative_to(start).as_posix()


def content(path: Path) -> bytes:
    """The bytes of a file that is read whole. Raises ``ValueError`` for one that is too large, ``OSError`` as usual."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST // 1024**2} MB")
    return data


def text_of(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 by its mark, else Windows-1252, in which every byte says something."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _unpack(archive: Path, folder: Path) -> None:
    room = max(_LEAST_ROOM, _MOST_TIMES * archive.stat().st_size)
    try:
        members = _zipped(archive) if zipfile.is_zipfile(archive) else _tarred(archive)
        for count, (name, source) in enumerate(members):
            if count >= _MOST_FILES:
                raise ResponsaError(f"{archive}: holds more than {_MOST_FILES:,} files; unpack it by hand")
            room -= _copy(source, folder / _safe(name, archive), room)
            if room < 0:
                raise ResponsaError(
                    f"{archive}: unpacks to far more than text would; unpack it by hand if you trust it"
                )
    except (tarfile.ReadError, lzma.LZMAError, zlib.error) as error:
        raise ResponsaError(f"{archive}: cannot be unpacked: no archive, or a damaged one") from error
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ResponsaError(f"{archive}: cannot be unpacked: {error}") from error
    except OSError as error:
        raise ResponsaError(f"{archive}: cannot be unpacked: {error.strerror or error}") from error


def _safe(name: str, archive: Path) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or ":" in path.parts[0]:
        raise ResponsaError(f"{archive}: holds {name[:80]!r}, which would lie outside; nothing was imported")
    return path


def _zipped(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as zipped:
        for member in zipped.infolist():
            link = stat.S_ISLNK(member.external_attr >> 16)
            if not member.is_dir() and not link:
                with zipped.open(member) as source:
                    yield member.filename, source


def _tarred(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(archive) as tarred:
        # Not by iterating over the archive, which keeps every member it has seen.
        while (member := tarred.next()) is not None:
            if member.isreg() and (source := tarred.extractfile(member)):
                yield member.name, source
        _to_its_end(tarred)


def _to_its_end(tarred: tarfile.TarFile) -> None:
    """What follows the last file is read too: the checksum of a packed stream stands behind it."""
    room = _LEAST_ROOM
    while tarred.fileobj and room > 0 and (rest := tarred.fileobj.read(_CHUNK)):
        room -= len(rest)


def _copy(source: IO[bytes], target: Path, room: int) -> int:
    """How many bytes; one more than there is room for at most."""
    target.parent.mkdir(parents=True, exist_ok=True)
    done = 0
    with target.open("wb") as out:
        while done <= room and (chunk := source.read(min(_CHUNK, room + 1 - done))):
            done += out.write(chunk)
    return done

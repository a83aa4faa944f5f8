"""Writing into one folder of a site: by paths relative to open folders, a new inode for every changed file."""

import ctypes
import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

# A hard link may be refused: no such thing here, another device, too many of them, or not allowed.
NO_LINK = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EACCES}
FEW = 64
FOLDERS_KEPT = 200


class Folder:
    """A folder being written. Files are never changed in place, since the live site may share them by hard links."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self._open: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the open folders."""
        while self._open:
            os.close(self._open.popitem()[1])

    def write(self, path: str, content: bytes) -> None:
        """Give ``path`` a new file. Not synced: ``settle`` does that for all of them at once."""
        parent, name = self._parent(path)
        try:
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=parent)
        except FileExistsError:
            os.unlink(name, dir_fd=parent)
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=parent)
        try:
            _write_all(file, content)
        finally:
            os.close(file)

    def remove(self, path: str) -> None:
        """Remove a file, and the folders that it leaves empty; one that is not there is no error."""
        folder, _, name = path.rpartition("/")
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._held(folder))
        while folder and self._removed(folder):
            folder = folder.rpartition("/")[0]

    def take(self, path: str, source: "Folder") -> bool:
        """Share the file of another folder (a copy where links are refused); ``False``: it has none."""
        parent, name = self._parent(path)
        try:
            _link(name, source._held(path.rpartition("/")[0]), parent)  # noqa: SLF001 (the same class)
        except FileNotFoundError:
            return False
        except OSError as refused:
            if refused.errno not in NO_LINK:
                raise
            return self._copied(path, source)
        return True

    def _copied(self, path: str, source: "Folder") -> bool:
        self.remove(path)
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            shutil.copy2(source.root / path, self.root / path)
            return True
        return False

    def _parent(self, path: str) -> tuple[int, str]:
        folder, _, name = path.rpartition("/")
        try:
            return self._held(folder), name
        except FileNotFoundError:
            (self.root / folder).mkdir(parents=True, exist_ok=True)
            return self._held(folder), name

    def _held(self, folder: str) -> int:
        held = self._open.get(folder)
        if held is None:
            if len(self._open) >= FOLDERS_KEPT:
                self.close()
            held = self._open[folder] = os.open(self.root / folder, os.O_RDONLY | os.O_DIRECTORY)
        return held

    def _removed(self, folder: str) -> bool:
        self._forget(folder)
        try:
            (self.root / folder).rmdir()
        except FileNotFoundError:
            return True
        except OSError as kept:
            if kept.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
            return False
        return True

    def _forget(self, folder: str) -> None:
        held = self._open.pop(folder, None)
        if held is not None:
            os.close(held)


def _link(name: str, origin: int, parent: int) -> None:
    try:
        os.link(name, name, src_dir_fd=origin, dst_dir_fd=parent)
    except FileExistsError:
        os.unlink(name, dir_fd=parent)
        os.link(name, name, src_dir_fd=origin, dst_dir_fd=parent)


def _write_all(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def settle(root: Path, written: Iterable[str], count: int) -> None:
    """Bring what was written to the disk before it is shown.

    Page by page that takes a wait for the disk each: many files go by one call for the file system. Without any,
    a power cut after the exchange could leave empty pages; a kill could not.
    """
    if count > FEW and _synced_all(root):
        return
    folders = {root}
    for path in written:
        folders.add((root / path).parent)
        _sync(root / path, os.O_RDONLY)
    for folder in sorted(folders):
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _synced_all(root: Path) -> bool:
    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return False
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return bool(syncfs(folder) == 0)
    finally:
        os.close(folder)


def _sync(path: Path, flags: int) -> None:
    with suppress(FileNotFoundError):
        file = os.open(path, flags)
        try:
            os.fsync(file)
        finally:
            os.close(file)

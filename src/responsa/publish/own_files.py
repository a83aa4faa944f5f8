"""The publisher's own files (``build.static``): copied to the site as they are, never in the place of its own."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.errors import ConfigError
from responsa.library.library import is_utf8, shown
from responsa.publish.redirects import WRITERS

_SHOWN: Final = frozenset((".well-known", ".nojekyll"))
"""Hidden names that mean something to hosts; every other one stays behind."""
_TAKEN: Final = frozenset(("index.html", "404.html", "feed.xml", "llms.txt", "sitemap.xml"))
_FOLDERS: Final = ("assets/", "search/")


class OwnFile(Struct, frozen=True):
    """A file to copy: ``path`` is its place in the site, ``stamp`` changes with its content."""

    path: str
    source: Path
    stamp: str

    def read(self) -> bytes:
        """What it holds now. Raises ``ConfigError``."""
        try:
            return self.source.read_bytes()
        except OSError as error:
            raise ConfigError(f"{self.source}: cannot be read: {error.strerror}") from error


def own_files(
    folder: Path, addresses: Iterable[str], redirects: Iterable[str], within: Path | None = None
) -> tuple[OwnFile, ...]:
    """Everything below ``folder``, by path. Raises one ``ConfigError`` that names all files the site has no place for.

    ``addresses`` are those of subjects' lists, ``redirects`` the formats that the site writes itself. A symbolic link
    to a folder is not followed; one to a file only as far as it stays ``within`` the library.
    """
    files = tuple(_found(folder, within or folder))
    lists, written = list(addresses), {WRITERS[name][0] for name in redirects}
    problems = [
        f"responsa.toml: `build.static`: {file.path} has the place of a file that the site makes itself"
        for file in files
        if _is_taken(file.path, lists, written)
    ]
    if problems:
        raise ConfigError("\n".join(problems))
    return files


def addresses_of(files: Iterable[OwnFile]) -> Iterator[str]:
    """Addresses whose page or Markdown twin would lie where one of the files does."""
    for file in files:
        stem, dot, suffix = f"/{file.path}".rpartition(".")
        if dot and suffix in ("html", "md"):
            yield stem


def leads_inside(path: Path, folder: Path) -> bool:
    """Whether a path that may be a link, or lie below one, leads to something below ``folder``."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _found(folder: Path, within: Path) -> Iterator[OwnFile]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(filter(_is_shown, folders))
        for name in sorted(filter(_is_shown, names)):
            yield _own_file(Path(at, name), folder, within)


def _own_file(source: Path, folder: Path, within: Path) -> OwnFile:
    path = source.relative_to(folder).as_posix()
    told = f"responsa.toml: `build.static`: {shown(path)}"
    if not is_utf8(path):
        raise ConfigError(f"{told}: the name is not UTF-8; rename it")
    if source.is_symlink() and not leads_inside(source, within):
        # A library may come from somebody else, and what the link leads to may be a secret.
        raise ConfigError(f"{told} is a link out of the library; put the file itself there")
    try:
        state = source.stat()
    except OSError as error:
        raise ConfigError(f"{told} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(state.st_mode):
        raise ConfigError(f"{told} is no plain file; take it away")
    return OwnFile(path, source, f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}")


def _is_shown(name: str) -> bool:
    return not name.startswith(".") or name in _SHOWN


def _is_taken(path: str, addresses: list[str], written: set[str]) -> bool:
    inside = path.removesuffix(".html").removesuffix(".md")
    return (
        path in _TAKEN
        or path in written
        or path.startswith(_FOLDERS)
        or (path.startswith("sitemap-") and path.endswith(".xml"))
        or any(f"{address}/".startswith(f"/{inside}/") for address in addresses)
    )

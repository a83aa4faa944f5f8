"""The users file: who may sign in, whom a commit names, and a hash of each password.

It lies outside the library, where neither Git nor the site can show it, and only its owner can read it.
"""

import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from responsa.errors import UsageError
from responsa.library.lock import PRIVATE

VARIABLE: Final = "RESPONSA_USERS"
VERSION: Final = 1
LARGEST: Final = 1 << 20
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
_EMAIL: Final = re.compile(r"[^\s<>@\x00-\x1f]+@[^\s<>@\x00-\x1f]+")


class User(Struct, frozen=True):
    """``login`` is what is typed, ``name`` and ``email`` what commits and stamps say."""

    login: str
    name: str
    email: str
    hash: str = ""


class _File(Struct, frozen=True):
    version: int
    users: list[User]


def place(given: Path | None = None) -> Path:
    """The users file: what is given, else ``RESPONSA_USERS``, else a file among the user's own settings."""
    if given is not None:
        return given.absolute()
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named).absolute()
    settings = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(settings) if settings else Path.home() / ".config") / "responsa" / "users.json"


def outside(file: Path, library: Path) -> Path:
    """``file``, unless it lies in the library, where Git or the site would show it. Raises ``UsageError``."""
    inside = file.resolve().is_relative_to(library.resolve())
    if inside and not file.resolve().is_relative_to((library / PRIVATE).resolve()):
        raise UsageError(f"{file}: lies in the library, where Git would keep it; put the users file elsewhere")
    return file


def load(file: Path) -> dict[str, User]:
    """The users by login; none where there is no file. Raises ``UsageError`` for one that others can read."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise UsageError(f"{file}: is no file; name the file that holds the users, such as users.json")
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(f"{file}: others can read or write it; run `chmod 600 {file}`")
        with os.fdopen(os.dup(descriptor), "rb") as opened:
            data = opened.read(LARGEST + 1)
    finally:
        os.close(descriptor)
    try:
        held = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: no users file: {error}") from error
    if held.version != VERSION or len(data) > LARGEST:
        raise UsageError(f"{file}: a users file of version {held.version}; this is Responsa for version {VERSION}")
    return {user.login: user for user in held.users}


def change(file: Path, alter: Callable[[dict[str, User]], dict[str, User]]) -> None:
    """What ``alter`` makes of the users as they are now; of two who change the file at once none loses the other's."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file.with_name(f".{file.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        save(file, alter(load(file)))
    finally:
        os.close(descriptor)


def save(file: Path, users: dict[str, User]) -> None:
    """The whole file or nothing; readable by its owner alone from its first byte on."""
    data = msgspec.json.encode(_File(VERSION, [users[login] for login in sorted(users)]))
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(msgspec.json.format(data, indent=2) + b"\n")
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error


def checked(login: str, name: str, email: str) -> User:
    """A user without a password yet. Raises ``UsageError`` for what cannot be one."""
    if not _LOGIN.fullmatch(login):
        raise UsageError(f"{login!r}: a login has small letters, digits and . _ @ + - only, 64 at most")
    if not name.strip() or not name.isprintable():
        raise UsageError(f"{name!r}: expected a name as commits and reviews shall show it")
    if not _EMAIL.fullmatch(email):
        raise UsageError(f"{email!r}: expected an email address as commits shall show it")
    return User(login, " ".join(name.split()), email)

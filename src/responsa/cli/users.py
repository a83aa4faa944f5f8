"""``responsa users``: who may sign in to the desk."""

import getpass
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from msgspec import structs

from responsa.cli.plain import plain
from responsa.errors import MissingExtraError, UsageError
from responsa.library.config import NAME
from responsa.serve.login.users import User, change, checked, load, outside, place

ACTIONS = ("list", "add", "remove", "password")


def users(  # noqa: PLR0917 - every parameter is an option by name
    action: Annotated[str, typer.Argument(help="list, add, remove or password.")],
    login: Annotated[str, typer.Argument(help="What the person types to sign in; also what a proxy calls them.")] = "",
    name: Annotated[str, typer.Option(help="The name that commits and reviews show.")] = "",
    email: Annotated[str, typer.Option(help="The email address that commits show.")] = "",
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the password from standard input, one line.")] = False,
    by_proxy: Annotated[
        bool, typer.Option("--by-proxy", help="Without a password: a trusted proxy says who it is.")
    ] = False,
    file: Annotated[Path | None, typer.Option("--users", help="The users file (or set RESPONSA_USERS).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List, add or remove those who may sign in to the desk, or change a password.

    The users file lies among your own settings, outside of any library, and only you can read it.
    """
    if action not in ACTIONS:
        raise UsageError(f"{action}: no such action; known are {', '.join(ACTIONS)}")
    if (action == "list") == bool(login):
        raise UsageError(f"users {action}: {'takes no login' if login else 'name a login'}")
    kept = place(file)
    for folder in kept.parents:
        if (folder / NAME).is_file():
            outside(kept, folder)
    held = load(kept)
    if action == "list":
        _show(held, as_json=as_json)
    elif action == "remove":
        _remove(kept, held, login)
    else:
        user = _added(held, login, name, email) if action == "add" else _known(held, login, kept)
        password = "" if by_proxy and action == "add" else _hashed(login, stdin=stdin)
        _put(kept, User(user.login, user.name, user.email, password), new=action == "add")
        typer.echo(plain(f"{kept}: {user.login} ({user.name}, {user.email})"))


def _show(held: dict[str, User], *, as_json: bool) -> None:
    for user in held.values():
        if as_json:
            told = {"login": user.login, "name": user.name, "email": user.email, "password": bool(user.hash)}
            typer.echo(json.dumps(told))
        else:
            typer.echo(plain(f"{user.login}  {user.name}  {user.email}{'' if user.hash else '  (by proxy only)'}"))
    if not held and not as_json:
        typer.echo("Nobody yet: `responsa users add LOGIN --name NAME --email EMAIL`.")


def _put(kept: Path, user: User, *, new: bool) -> None:
    """Asked again whether the login is there: somebody may have changed the file while a password was typed."""

    def put(held: dict[str, User]) -> dict[str, User]:
        if new:
            _added(held, user.login, user.name, user.email)
            return {**held, user.login: user}
        return {**held, user.login: structs.replace(_known(held, user.login, kept), hash=user.hash)}

    change(kept, put)


def _remove(kept: Path, held: dict[str, User], login: str) -> None:
    _known(held, login, kept)
    change(kept, lambda held: {name: user for name, user in held.items() if name != login})
    typer.echo(plain(f"{kept}: {login} removed; whoever is signed in by it is no longer"))


def _added(held: dict[str, User], login: str, name: str, email: str) -> User:
    if login in held:
        raise UsageError(f"{login}: is there already; `responsa users password {login}` changes the password")
    return checked(login, name or login, email)


def _known(held: dict[str, User], login: str, kept: Path) -> User:
    if login not in held:
        raise UsageError(f"{login}: no such login in {kept}; there are {', '.join(held) or 'none'}")
    return held[login]


def _hashed(login: str, *, stdin: bool) -> str:
    if find_spec("argon2") is None:
        raise MissingExtraError("argon2-cffi", "desk")
    from responsa.serve.login.passwords import hashed  # noqa: PLC0415 - a part of an extra

    if stdin or not sys.stdin.isatty():
        return hashed(sys.stdin.readline().rstrip("\r\n"))
    password = getpass.getpass(f"Password for {login}: ")
    if getpass.getpass("Once more: ") != password:
        raise UsageError("the two passwords differ; nothing was written")
    return hashed(password)

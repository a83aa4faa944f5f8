"""``responsa sources``: what answers are checked against."""

import json
import os
import sys
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer
from msgspec import Struct

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import MissingExtraError, ResponsaError, UsageError
from responsa.evidence.additions import Addition, numbers_of, of_fetched, of_file, refreshed
from responsa.evidence.readers.found import SourceError
from responsa.evidence.remote.fetch import Fetched, Services, fetch, services
from responsa.evidence.remote.identifier import Identifier, identifier, is_named
from responsa.evidence.retractions import read_retractions
from responsa.evidence.shelf import FOLDER, Shelf, SourceText, data_of, read_shelf
from responsa.library.config import NAME as SETTINGS
from responsa.library.library import Library, read
from responsa.library.lock import PRIVATE, lock

ACTIONS = ("list", "add", "remove", "refresh")
UNREAD = 3
FETCHED = "fetched"
"""Folder below `.responsa/` of what was fetched."""
SHARE = 20
"""References asked for between two looks at the meter."""


class Outcome(Struct, frozen=True):
    """What an action did or would do, in the words of its JSON."""

    verb: str
    done: list[dict[str, Any]]
    problems: list[dict[str, str]]


def sources(
    action: Annotated[str, typer.Argument(help="list, add, remove or refresh.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FOLDER] [NAME]...",
            help="The library's folder, where it is not the current one; then files, pmid:1 or doi:10.1000/x to add, "
            "or ids to remove.",
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Do it; without this it is only said.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List, add, remove or refresh the sources that answers are checked against.

    refresh asks PubMed and Crossref again about every source that has a number: retracted ones carry nothing.
    """
    if action not in ACTIONS:
        raise UsageError(f"{action}: no such action; known are {', '.join(ACTIONS)}")
    folder, rest = _folder(action, names or [])
    library = read(folder)
    if action in {"add", "remove"} and not rest:
        raise UsageError(f"sources {action}: name what to {action}")
    if action in {"list", "refresh"} and rest:
        raise UsageError(f"sources {action}: takes a folder and no further name, but got {rest[0]}")
    shelf = shelf_of(library)
    if action == "list":
        problems = _listed(shelf, as_json=as_json)
    else:
        outcome = _carried_out(action, library, shelf, rest, write=write)
        _told(outcome, write=write, as_json=as_json)
        problems = bool(outcome.problems)
    if problems:
        raise typer.Exit(UNREAD)


def shelf_of(library: Library) -> Shelf:
    """The library's sources, read again only where they changed."""
    return read_shelf(library.folder / FOLDER, library.folder / PRIVATE / FOLDER)


def _folder(action: str, words: list[str]) -> tuple[Path, list[str]]:
    """The library's folder may be left out inside of it."""
    if words and (Path(words[0]).is_dir() or (action in {"list", "refresh"} and not is_named(words[0]))):
        return Path(words[0]), words[1:]
    here = Path()
    if words and not any((here / name).exists() for name in (SETTINGS, "content", FOLDER)):
        raise UsageError(f"{words[0]}: no such folder; name the library's folder first: sources {action} FOLDER NAME")
    return here, words


def _carried_out(action: str, library: Library, shelf: Shelf, names: list[str], *, write: bool) -> Outcome:
    if action == "add":
        return _added(library, shelf, names, write=write)
    return _removed(library, shelf, names, write=write) if action == "remove" else _refresh(library, shelf, write=write)


def _listed(shelf: Shelf, *, as_json: bool) -> bool:
    problems = [{"path": f"{FOLDER}/{one.path}", "message": one.message} for one in shelf.problems]
    if as_json:
        typer.echo(
            json.dumps({"sources": [_shown(source) for source in shelf.sources], "problems": problems}, indent=2)
        )
        return bool(problems)
    for source in shelf.sources:
        meta = source.meta
        mark = "  RETRACTED" if meta.retracted else ""
        about = f"{meta.title[:70]} ({meta.year or 'no year'})"
        typer.echo(plain(f"{meta.id}  {len(source.passages)} passages  {about}{mark}"))
    if not shelf.sources and not problems:
        typer.echo(f"No sources yet; `responsa sources add FOLDER FILE --write` puts some into {FOLDER}/.")
    _complain(problems)
    return bool(problems)


def _added(library: Library, shelf: Shelf, names: list[str], *, write: bool) -> Outcome:
    fetched, failed = _fetched(library, [one for name in names if (one := identifier(name))])
    done: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    for name in dict.fromkeys(names):
        try:
            addition = _addition(name, shelf, fetched, failed)
            if write and addition.note:
                _put(library, addition)
        except (SourceError, MissingExtraError) as error:
            problems.append({"path": name, "message": str(error)})
            continue
        done.append(_line(addition))
        shelf = addition.onto(shelf)
    return Outcome("added", done, problems)


def _addition(
    name: str, shelf: Shelf, fetched: dict[Identifier, Fetched], failed: dict[Identifier, str]
) -> Addition:  # fmt: skip
    number = identifier(name)
    if number is None and is_named(name):
        raise SourceError("is no number of a reference; expected one like pmid:10493478 or doi:10.1056/NEJMoa0908721")
    if number is None:
        return of_file(Path(name), shelf, data_of)
    if number in failed:
        raise SourceError(failed[number])
    return of_fetched(fetched[number], shelf)


def _fetched(
    library: Library, wanted: list[Identifier], *, anew: bool = False
) -> tuple[dict[Identifier, Fetched], dict[Identifier, str]]:  # fmt: skip
    found: dict[Identifier, Fetched] = {}
    failed: dict[Identifier, str] = {}
    if not wanted:
        return found, failed
    asked: Services = services(os.environ)
    cache = library.folder / PRIVATE / FETCHED
    with Meter("references", shown=sys.stderr.isatty()) as meter:
        for start in range(0, len(wanted), SHARE):
            some, lost = fetch(wanted[start : start + SHARE], asked, cache, anew=anew)
            found.update({one.identifier: one for one in some})
            failed.update(lost)
            meter.advance(start + len(some) + len(lost), len(wanted))
    return found, failed


def _refresh(library: Library, shelf: Shelf, *, write: bool) -> Outcome:
    fetched, failed = _fetched(library, numbers_of(shelf), anew=True)
    now = refreshed(shelf, fetched.values(), read_retractions(library.folder / FOLDER))
    if write:
        for addition in now.files:
            _put(library, addition)
    for name in now.withdrawn:
        typer.echo(plain(f"{name}: is retracted; `responsa verify --stale` shows what leaned on it"), err=True)
    problems = [{"path": str(one), "message": message} for one, message in failed.items()]
    return Outcome("refreshed", [_line(addition) for addition in now.files], problems)


def _line(addition: Addition) -> dict[str, Any]:
    passages = sum(len(source.passages) for source in addition.found)
    path = f"{FOLDER}/{addition.path}"
    return {"path": path, "ids": addition.ids, "passages": passages, "change": addition.note}


def _put(library: Library, addition: Addition) -> None:
    place = library.folder / FOLDER / addition.path
    with lock(library.folder):
        try:
            place.parent.mkdir(exist_ok=True)
            if place.is_symlink() or place.parent.is_symlink():
                raise ResponsaError(f"{place}: is a link; nothing was written")
            half = place.with_name(f".{place.name}.part")
            half.write_bytes(addition.data)
            half.replace(place)
        except OSError as error:
            raise ResponsaError(f"{place}: cannot be written: {error.strerror}") from error


def _removed(library: Library, shelf: Shelf, names: list[str], *, write: bool) -> Outcome:
    done: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    for name in dict.fromkeys(names):
        source = shelf.find(name)
        others = [one.meta.id for one in shelf.sources if source and one.path == source.path and one.meta.id != name]
        if source is None:
            problems.append({"path": name, "message": "no source has this id; `responsa sources list` names them"})
        elif others:
            message = f"{FOLDER}/{source.path} holds {', '.join(others)} too; take its entry out of the file by hand"
            problems.append({"path": name, "message": message})
        else:
            if write:
                _drop(library, source.path)
            done.append(
                {"path": f"{FOLDER}/{source.path}", "ids": [name], "passages": len(source.passages), "change": "gone"}
            )
    return Outcome("removed", done, problems)


def _drop(library: Library, path: PurePosixPath) -> None:
    with lock(library.folder):
        try:
            (library.folder / FOLDER / path).unlink(missing_ok=True)
        except OSError as error:
            raise ResponsaError(f"{FOLDER}/{path}: cannot be removed: {error.strerror}") from error


def _told(outcome: Outcome, *, write: bool, as_json: bool) -> None:
    verb = outcome.verb
    if as_json:
        typer.echo(json.dumps({verb: outcome.done, "problems": outcome.problems, "written": write}, indent=2))
        return
    for one in outcome.done:
        word = "unchanged" if not one["change"] else verb if write else f"would be {verb}"
        none = "; no text in it: it can be cited and carries nothing" if one["ids"] and not one["passages"] else ""
        about = f"{', '.join(one['ids'])}; {one['passages']} passages{none}" if one["ids"] else one["change"]
        change = f" ({one['change']})" if one["ids"] and one["change"] not in {"", "new", "gone"} else ""
        typer.echo(plain(f"{one['path']}: {word}: {about}{change}"))
    _complain(outcome.problems)
    if verb == "refreshed" and not outcome.done and not outcome.problems:
        typer.echo("Nothing has changed.")
    if any(one["change"] for one in outcome.done) and not write:
        typer.echo("Nothing was written; --write does it.")


def _complain(problems: list[dict[str, str]]) -> None:
    for problem in problems:
        typer.echo(plain(f"{problem['path']}: {problem['message']}"), err=True)


def _shown(source: SourceText) -> dict[str, Any]:
    meta = source.meta
    return {
        "id": meta.id, "title": meta.title, "authors": meta.authors, "year": meta.year, "venue": meta.venue,
        "doi": meta.doi, "pmid": meta.pmid, "url": meta.url, "retracted": meta.retracted, "licence": source.licence,
        "path": f"{FOLDER}/{source.path}", "passages": len(source.passages), "digest": source.digest,
    }  # fmt: skip

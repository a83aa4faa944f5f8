"""``responsa sources``: what answers are checked against."""

import json
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer

from responsa.cli.plain import plain
from responsa.errors import MissingExtraError, ResponsaError, UsageError
from responsa.evidence.readers.found import SourceError
from responsa.evidence.shelf import FOLDER, Shelf, SourceText, read_file, read_shelf
from responsa.library.library import Library, read
from responsa.library.lock import PRIVATE, lock
from responsa.library.urls import slugify

ACTIONS = ("list", "add", "remove")
UNREAD = 3


def sources(
    action: Annotated[str, typer.Argument(help="list, add or remove.")],
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    names: Annotated[list[str] | None, typer.Argument(help="Files to add, or ids to remove.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Do it; without this it is only said.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List, add or remove the sources that answers are checked against."""
    library = read(folder)
    if action not in ACTIONS:
        raise UsageError(f"{action}: no such action; known are {', '.join(ACTIONS)}")
    if action != "list" and not names:
        raise UsageError(f"sources {action}: name what to {action}")
    shelf = shelf_of(library)
    if action == "list":
        problems = _listed(shelf, as_json=as_json)
    elif action == "add":
        problems = _added(library, shelf, names or [], write=write, as_json=as_json)
    else:
        problems = _removed(library, shelf, names or [], write=write, as_json=as_json)
    if problems:
        raise typer.Exit(UNREAD)


def shelf_of(library: Library) -> Shelf:
    """The library's sources, read again only where they changed."""
    return read_shelf(library.folder / FOLDER, library.folder / PRIVATE / FOLDER)


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
    _complain(problems)
    return bool(problems)


def _added(library: Library, shelf: Shelf, names: list[str], *, write: bool, as_json: bool) -> bool:
    done: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    for name in names:
        try:
            done.append(_add(library, shelf, name, write=write))
        except (SourceError, MissingExtraError) as error:
            problems.append({"path": name, "message": str(error)})
    _told(done, problems, "added", write=write, as_json=as_json)
    return bool(problems)


def _add(library: Library, shelf: Shelf, name: str, *, write: bool) -> dict[str, Any]:
    if name.startswith(("pmid:", "doi:")):
        raise SourceError("is not fetched yet; export the reference as .nbib or .ris and add that file")
    file = Path(name)
    if not file.is_file():
        raise SourceError("no such file")
    target = PurePosixPath(f"{slugify(file.stem) or 'source'}{file.suffix.casefold()}")
    found = read_file(file, target)
    for source in found:
        held = shelf.find(source.meta.id)
        if held is not None and held.path != target:
            raise SourceError(f"the id `{source.meta.id}` is that of {FOLDER}/{held.path} already")
    if write:
        _copy(library, file, target)
    ids = [source.meta.id for source in found]
    return {"path": f"{FOLDER}/{target}", "ids": ids, "passages": sum(len(source.passages) for source in found)}


def _copy(library: Library, file: Path, target: PurePosixPath) -> None:
    place = library.folder / FOLDER / target
    with lock(library.folder):
        try:
            place.parent.mkdir(exist_ok=True)
            if place.is_symlink() or place.parent.is_symlink():
                raise ResponsaError(f"{place}: is a link; nothing was written")
            half = place.with_name(f".{place.name}.part")
            half.write_bytes(file.read_bytes())
            half.replace(place)
        except OSError as error:
            raise ResponsaError(f"{place}: cannot be written: {error.strerror}") from error


def _removed(library: Library, shelf: Shelf, names: list[str], *, write: bool, as_json: bool) -> bool:
    done: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    for name in names:
        source = shelf.find(name)
        others = [one.meta.id for one in shelf.sources if source and one.path == source.path and one.meta.id != name]
        if source is None:
            problems.append({"path": name, "message": "no source has this id; `responsa sources list` names them"})
        elif others:
            message = f"{FOLDER}/{source.path} holds {', '.join(others)} too; take its entry out of the file by hand"
            problems.append({"path": name, "message": message})
        else:
            if write:
                (library.folder / FOLDER / source.path).unlink(missing_ok=True)
            done.append({"path": f"{FOLDER}/{source.path}", "ids": [name], "passages": len(source.passages)})
    _told(done, problems, "removed", write=write, as_json=as_json)
    return bool(problems)


def _told(done: list[dict[str, Any]], problems: list[dict[str, str]], verb: str, *, write: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({verb: done, "problems": problems, "written": write}, indent=2))
        return
    word = verb if write else f"would be {verb}"
    for one in done:
        typer.echo(plain(f"{one['path']}: {word}: {', '.join(one['ids'])}; {one['passages']} passages"))
    _complain(problems)
    if done and not write:
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

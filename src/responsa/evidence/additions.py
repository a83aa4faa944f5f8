"""What adding a file or a reference, or asking again about those that are there, would write into ``sources/``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from responsa.article import Source
from responsa.evidence.readers.bibliography import read_csl
from responsa.evidence.readers.found import SourceError
from responsa.evidence.remote.fetch import Fetched
from responsa.evidence.remote.identifier import Identifier, identifiers
from responsa.evidence.retractions import NAME, encode
from responsa.evidence.shelf import Shelf, SourceText, read_data
from responsa.library.urls import slugify


class Addition(Struct, frozen=True):
    """``path`` below ``sources/`` shall hold ``data``; ``note`` says what is new about it, nothing if nothing is."""

    path: PurePosixPath
    data: bytes
    found: tuple[SourceText, ...] = ()
    note: str = ""

    @property
    def ids(self) -> list[str]:
        """Of the sources in it."""
        return [source.meta.id for source in self.found]

    def onto(self, shelf: Shelf) -> Shelf:
        """The shelf as it is with this file."""
        others = [source for source in shelf.sources if source.path != self.path]
        return Shelf(tuple(sorted([*others, *self.found], key=lambda source: source.meta.id)), shelf.problems)


def of_file(file: Path, shelf: Shelf, data: Callable[[Path], bytes]) -> Addition:
    """A file of the user's. Raises ``SourceError`` or ``MissingExtraError`` where it cannot be read or is another's."""
    if file.is_dir():
        raise SourceError("is a folder; name the files in it")
    if not file.is_file():
        raise SourceError("no such file")
    return of_data(PurePosixPath(f"{slugify(file.stem)}{file.suffix.casefold()}"), data(file), shelf)


def of_fetched(fetched: Fetched, shelf: Shelf) -> Addition:
    """A reference that was fetched, unless the shelf holds the same work in another file."""
    path = PurePosixPath(fetched.file)
    numbers = set(identifiers(read_csl(fetched.data)[0].meta)) | {fetched.identifier}
    for source in shelf.sources:
        if source.path != path and numbers & set(identifiers(source.meta)):
            raise SourceError(f"is there already as `{source.meta.id}` in sources/{source.path}")
    return of_data(path, fetched.data, shelf)


def of_data(path: PurePosixPath, data: bytes, shelf: Shelf) -> Addition:
    """A file that shall lie at ``path``. Raises ``SourceError`` where its ids are those of other files."""
    found = tuple(read_data(data, path))
    for source in found:
        held = shelf.find(source.meta.id)
        if held is not None and held.path != path:
            raise SourceError(f"the id `{source.meta.id}` is that of sources/{held.path} already")
    before = [source for source in shelf.sources if source.path == path]
    return Addition(path, data, found, _note(before, found))


def _note(before: Sequence[SourceText], after: Sequence[SourceText]) -> str:
    if not before:
        return "new"
    old, new = ({passage.id for source in group for passage in source.passages} for group in (before, after))
    told = [f"{len(new - old)} passages new"] if new - old else []
    told += [f"{len(old - new)} passages gone"] if old - new else []
    withdrawn = {source.meta.id for source in before if source.meta.retracted}
    told += [
        f"{source.meta.id} is retracted"
        for source in after
        if source.meta.retracted and source.meta.id not in withdrawn
    ]
    if told:
        return ", ".join(told)
    same = [_told(source) for source in before] == [_told(source) for source in after]
    return "" if same else "what is known about it changed"


def _told(source: SourceText) -> tuple[Source, str]:
    return source.meta, source.licence


class Refreshed(Struct, frozen=True):
    """``files`` shall be written. ``withdrawn``: ids of sources that are retracted now and were not."""

    files: tuple[Addition, ...]
    withdrawn: tuple[str, ...]


def numbers_of(shelf: Shelf) -> list[Identifier]:
    """Under which number to ask about each source that has one."""
    return sorted({given[0] for source in shelf.sources if (given := identifiers(source.meta))})


def refreshed(shelf: Shelf, fetched: Iterable[Fetched], retractions: Mapping[str, str]) -> Refreshed:
    """What the services say now, against what the shelf holds.

    A file that was fetched is made anew where it differs; any other is left as it is, and a retraction of it is kept
    in ``_retracted.json``.
    """
    by_number = {one.identifier: one for one in fetched}
    files: list[Addition] = []
    withdrawn: list[str] = []
    noted = dict(retractions)
    for source in shelf.sources:
        given = identifiers(source.meta)
        now = by_number.get(given[0]) if given else None
        if now is None:
            continue
        gone = read_csl(now.data)[0].meta.retracted
        if gone and not source.meta.retracted:
            withdrawn.append(source.meta.id)
        if str(source.path) == now.file:
            addition = of_data(source.path, now.data, shelf)
            files += [addition] if addition.note else []
        elif gone and not source.meta.retracted:
            noted[str(given[0])] = f"said {_SERVICE[given[0].kind]}"
        elif not gone:
            noted.pop(str(given[0]), None)
    if noted != dict(retractions):
        files.append(Addition(PurePosixPath(NAME), encode(noted), (), f"{len(noted)} retractions"))
    return Refreshed(tuple(files), tuple(withdrawn))


_SERVICE = {"pmid": "PubMed", "doi": "Crossref"}

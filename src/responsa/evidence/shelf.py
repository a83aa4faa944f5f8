"""The folder ``sources/``: every file that can be read as sources with passages, and why the others cannot."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from msgspec import Struct, structs

from responsa.article import Source
from responsa.errors import MissingExtraError, ResponsaError
from responsa.evidence.passages import Passage, fingerprint, passages
from responsa.evidence.readers.bibliography import read_csl, read_nbib, read_ris
from responsa.evidence.readers.bibtex import read_bibtex
from responsa.evidence.readers.docx import read_docx
from responsa.evidence.readers.found import Found, SourceError
from responsa.evidence.readers.html import read_html
from responsa.evidence.readers.pdf import read_pdf
from responsa.evidence.readers.text import read_markdown, read_text
from responsa.evidence.retractions import NAME as RETRACTIONS
from responsa.evidence.retractions import marked, read_retractions
from responsa.library.library import is_utf8, shown
from responsa.library.urls import slugify

FOLDER: Final = "sources"
LARGEST: Final = 128 * 1024 * 1024
LARGEST_TEXT: Final = 32 * 1024 * 1024
VERSION: Final = 4
"""Of what the readers make of a file, and of the words by which it is found; another one makes what is kept void."""

READERS: Final[dict[str, Callable[[bytes], list[Found]]]] = {
    ".md": read_markdown, ".markdown": read_markdown, ".txt": read_text, ".html": read_html, ".htm": read_html,
    ".xhtml": read_html, ".docx": read_docx, ".pdf": read_pdf, ".ris": read_ris, ".nbib": read_nbib,
    ".bib": read_bibtex, ".json": read_csl,
}  # fmt: skip
_PACKED: Final = frozenset({".pdf", ".docx"})


class SourceText(Struct, frozen=True):
    """One source with its passages; ``digest`` changes when its words or its retraction do."""

    meta: Source
    path: PurePosixPath
    passages: tuple[Passage, ...]
    digest: str
    licence: str = ""


class SourceProblem(Struct, frozen=True):
    """A file, or one of its sources, that was left out, and why."""

    path: PurePosixPath
    message: str


class Shelf(Struct, frozen=True):
    """All sources, in the order of ids, and what could not be read."""

    sources: tuple[SourceText, ...] = ()
    problems: tuple[SourceProblem, ...] = ()

    def passages(self) -> Iterator[Passage]:
        """Of sources that stand: what was retracted carries nothing."""
        return (passage for source in self.sources if not source.meta.retracted for passage in source.passages)

    def find(self, name: str) -> SourceText | None:
        """The source with this id."""
        return next((source for source in self.sources if source.meta.id == name), None)


def read_shelf(folder: Path, cache: Path | None = None) -> Shelf:
    """What the files of ``folder`` hold; links are not followed. A broken file is a problem and stops no other.

    ``cache`` is a folder of readings by content: files that did not change are not read again.
    """
    found: list[SourceText] = []
    problems: list[SourceProblem] = []
    try:
        retractions = read_retractions(folder)
    except SourceError as error:
        retractions = {}
        problems.append(SourceProblem(PurePosixPath(RETRACTIONS), str(error)))
    for path in _files(folder):
        if not is_utf8(str(path)):
            problems.append(SourceProblem(PurePosixPath(shown(str(path))), "the name is not UTF-8; rename it"))
            continue
        try:
            found += read_file(folder / path, path, cache)
        except (SourceError, MissingExtraError) as error:
            problems.append(SourceProblem(path, str(error)))
    kept, doubles = _distinct([_marked(source, retractions) for source in found])
    return Shelf(kept, tuple(problems + doubles))


def read_file(file: Path, path: PurePosixPath, cache: Path | None = None) -> list[SourceText]:
    """The sources in one file. Raises ``SourceError`` or ``MissingExtraError``."""
    reader = _reader(path)
    data = data_of(file)
    kept = cache / f"{_digest(path.name.encode(), data)}.json" if cache else None
    if kept and (held := _recalled(kept)) is not None:
        return [structs.replace(source, path=path) for source in held]
    found = [_source(reading, path, number) for number, reading in enumerate(reader(data), 1)]
    if kept:
        _remember(kept, found)
    return found


def read_data(data: bytes, path: PurePosixPath) -> list[SourceText]:
    """The sources that ``data`` would be at ``path``. Raises ``SourceError`` or ``MissingExtraError``."""
    return [_source(reading, path, number) for number, reading in enumerate(_reader(path)(data), 1)]


def _reader(path: PurePosixPath) -> Callable[[bytes], list[Found]]:
    reader = READERS.get(path.suffix.casefold())
    if reader is None:
        raise SourceError(f"files of this kind are not read; known are {', '.join(sorted(READERS))}")
    return reader


def files(folder: Path) -> list[PurePosixPath]:
    """What lies in ``folder`` and may be a source or says something about one, sorted."""
    retractions = [PurePosixPath(RETRACTIONS)] if os.path.lexists(folder / RETRACTIONS) else []
    return sorted([*_files(folder), *retractions])


def _files(folder: Path) -> list[PurePosixPath]:
    def told(error: OSError) -> None:
        # A folder of sources that counts as empty would take every verdict with it.
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise ResponsaError(f"{error.filename}: cannot be listed: {error.strerror}") from error

    found: list[PurePosixPath] = []
    for where, below, names in os.walk(folder, onerror=told):
        below[:] = sorted(name for name in below if not name.startswith("."))
        inner = PurePosixPath(Path(where).relative_to(folder).as_posix())
        found += [inner / name for name in names if not name.startswith((".", "_")) and name.upper() != "README.MD"]
    return sorted(path for path in found if _is_plain(folder / path))


def _is_plain(file: Path) -> bool:
    """Neither a link nor something that never ends, such as a pipe."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False


def data_of(file: Path) -> bytes:
    """What the file holds. Raises ``SourceError`` for one that is empty, too large or cannot be read."""
    largest = LARGEST if file.suffix.casefold() in _PACKED else LARGEST_TEXT
    try:
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_size > largest:
                raise SourceError(f"larger than {largest // 1024**2} MB; cut out the part that is cited")
            data = opened.read(largest + 1)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}") from error
    if not data.strip():
        raise SourceError("is empty")
    return data


def _source(reading: Found, path: PurePosixPath, number: int) -> SourceText:
    meta = reading.meta
    name = _name(meta, path, number)
    meta = structs.replace(meta, id=name, title=meta.title or path.stem.replace("-", " ").replace("_", " "))
    cut = passages(name, reading.paragraphs, meta.title)
    return SourceText(meta, path, cut, _digest_of(meta, cut), reading.licence)


def _digest_of(meta: Source, cut: Iterable[Passage]) -> str:
    return fingerprint("\n".join([str(meta.retracted), *(passage.id for passage in cut)]))


def _marked(source: SourceText, retractions: Mapping[str, str]) -> SourceText:
    meta = marked(source.meta, retractions)
    if meta is source.meta:
        return source
    return structs.replace(source, meta=meta, digest=_digest_of(meta, source.passages))


def _name(meta: Source, path: PurePosixPath, number: int) -> str:
    """The id that citations use: its own, else by its number in PubMed or its DOI, else the file's name."""
    if meta.id:
        return slugify(meta.id) or f"source-{fingerprint(meta.id)}"
    if meta.pmid and path.suffix == ".nbib":
        return f"pmid-{slugify(meta.pmid)}"
    stem = slugify(path.stem) or f"source-{fingerprint(path.stem)}"
    return stem if number == 1 else f"{stem}-{slugify(meta.doi) or number}"


def _distinct(found: list[SourceText]) -> tuple[tuple[SourceText, ...], list[SourceProblem]]:
    first: dict[str, SourceText] = {}
    problems: list[SourceProblem] = []
    for source in found:
        held = first.setdefault(source.meta.id, source)
        if held is not source:
            message = f"the id `{source.meta.id}` is that of {held.path} already; give it another one"
            problems.append(SourceProblem(source.path, message))
    return tuple(first[name] for name in sorted(first)), problems


def _digest(*parts: bytes) -> str:
    mark = hashlib.sha256(f"{VERSION}".encode())
    for part in parts:
        mark.update(len(part).to_bytes(8, "big") + part)
    return mark.hexdigest()[:32]


def _recalled(kept: Path) -> list[SourceText] | None:
    try:
        return msgspec.json.decode(kept.read_bytes(), type=list[SourceText], dec_hook=_path)
    except (OSError, ValueError, TypeError):
        return None


def _remember(kept: Path, found: Iterable[SourceText]) -> None:
    # A cache that cannot be written costs time, nothing else.
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_name(f"{kept.name}.{os.getpid()}")
        half.write_bytes(msgspec.json.encode(list(found), enc_hook=str))
        half.replace(kept)


def _path(kind: type, value: object) -> object:
    if kind is PurePosixPath and isinstance(value, str):
        return PurePosixPath(value)
    raise ResponsaError(f"no {kind.__name__}: {value!r}")

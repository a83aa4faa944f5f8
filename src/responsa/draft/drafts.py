"""The folder of drafts: a JSON file a question, beside it the record of what was drafted. A desk lists it, no page.

The JSON file is what counts: it is written last, so that a draft is there as a whole or not at all.
"""

import datetime
import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from msgspec import Raw, Struct, structs

from responsa.draft.outcome import Cut, Draft, Reason, Refusal, Sentence
from responsa.draft.record import Filed
from responsa.errors import ResponsaError, UsageError
from responsa.evidence.ledger import encode
from responsa.library.card import question_key
from responsa.library.create import New, create
from responsa.library.library import Change, Library
from responsa.library.lock import lock
from responsa.library.remove import Removal, remove
from responsa.library.urls import slugify
from responsa.library.write import write

VERSION: Final = 1
LARGEST: Final = 32 * 1024 * 1024


class Saved(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="draft"):
    """A draft as its file says it. ``record`` is the file beside it, ``path`` where it shall go, ``of`` its digest.

    ``ledger`` is that of ``evidence/``, as it stands there once the draft is accepted.
    """

    version: int
    question: str
    by: str
    on: datetime.date
    record: str
    of: str
    path: str
    url: str
    id: int
    score: float
    sentences: tuple[Sentence, ...]
    ledger: Raw
    cut: tuple[Cut, ...] = ()


class SavedRefusal(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="refusal"):
    """A refusal as its file says it; it is never an article."""

    version: int
    question: str
    by: str
    on: datetime.date
    reason: Reason
    message: str
    seen: tuple[str, ...] = ()


Entry = Saved | SavedRefusal


class Listed(Struct, frozen=True):
    """``name`` is the JSON file's, relative to the library's folder."""

    name: PurePosixPath
    entry: Entry


def listed(library: Library) -> Iterator[Listed]:
    """All drafts and refusals by name; a file that is neither is passed over."""
    folder = library.folder / library.drafts
    for file in sorted(folder.glob("*.json")) if folder.is_dir() and not folder.is_symlink() else []:
        try:
            yield Listed(library.drafts / file.name, _read(file))
        except ResponsaError:
            continue


def load(library: Library, name: str) -> Listed:
    """The draft that a person names: by its file, with or without its folder and ending. Raises ``UsageError``."""
    stem = PurePosixPath(name).name.removesuffix(".json").removesuffix(".md")
    file = library.folder / library.drafts / f"{stem}.json"
    if not stem or not file.is_file() or file.is_symlink():
        raise UsageError(f"{name}: no such draft in {library.drafts}/; `responsa draft` makes one")
    return Listed(library.drafts / file.name, _read(file))


def find(library: Library, question: str) -> Listed | None:
    """What was drafted for a question in the same words, case and punctuation aside."""
    wanted = question_key(question)
    for stem in _stems(question):
        file = library.folder / library.drafts / f"{stem}.json"
        if not file.exists():
            return None
        try:
            entry = _read(file)
        except ResponsaError:
            continue
        if question_key(entry.question) == wanted:
            return Listed(library.drafts / file.name, entry)
    return None


def save(library: Library, made: Draft | Refusal, filed: Filed | None, data: bytes, day: datetime.date) -> Listed:
    """Keep a draft with its record, or a refusal, in place of what was there for the same question."""
    held = find(library, made.question)
    name = held.name if held else _free(library, made.question)
    entry = _entry(made, filed, name.with_suffix(".md").name, data, day)
    text = msgspec.json.format(msgspec.json.encode(entry), indent=2) + b"\n"
    if isinstance(entry, Saved):
        _put(library, name.with_suffix(".md"), data)
    _put(library, name, text)
    if isinstance(entry, SavedRefusal):
        _drop(library, [name.with_suffix(".md")])
    return Listed(name, entry)


def drop(library: Library, one: Listed) -> None:
    """Take a draft out of the folder: its JSON first, so that no half is left that looks whole."""
    _drop(library, [one.name])
    _drop(library, [one.name.with_suffix(".md")])


def swept(library: Library) -> None:
    """Remove what a kill left half written: files that nobody can have open while the lock is held."""
    folder = library.folder / library.drafts
    if folder.is_dir() and not folder.is_symlink():
        with lock(library.folder):
            for file in folder.glob(".*.tmp"):
                file.unlink(missing_ok=True)


def digest(data: bytes) -> str:
    """Of a record's bytes: whether an editor changed it since."""
    return hashlib.sha256(data).hexdigest()[:32]


def _entry(made: Draft | Refusal, filed: Filed | None, record: str, data: bytes, day: datetime.date) -> Entry:
    if isinstance(made, Refusal):
        return SavedRefusal(VERSION, made.question, made.by, day, made.reason, made.message, made.seen)
    assert filed
    score = made.score
    report = structs.replace(made.report, url=filed.url)
    return Saved(
        VERSION, made.question, made.by, day, record, digest(data), str(filed.path), str(filed.url), filed.number,
        -1.0 if score is None else float(score), made.sentences, Raw(encode(report)), made.cut,
    )  # fmt: skip


def _put(library: Library, path: PurePosixPath, data: bytes) -> None:
    file = library.folder / path
    if file.is_symlink() or not file.exists():
        create(library, [New(path, data)])
    elif (before := file.read_bytes()) != data:
        write(library, [Change(path, before, data, ())])


def _drop(library: Library, paths: list[PurePosixPath]) -> None:
    there = [path for path in paths if (library.folder / path).is_file()]
    remove(library, [Removal(path, (library.folder / path).read_bytes()) for path in there])


def _free(library: Library, question: str) -> PurePosixPath:
    stem = next(stem for stem in _stems(question) if not (library.folder / library.drafts / f"{stem}.json").exists())
    return library.drafts / f"{stem}.json"


def _stems(question: str) -> Iterator[str]:
    slug = slugify(question)
    yield slug
    yield from (f"{slug}-{count}" for count in range(2, 10_000))


def _read(file: Path) -> Entry:
    try:
        if file.stat().st_size > LARGEST:
            raise ResponsaError(f"{file}: larger than any draft")
        entry: Entry = msgspec.json.decode(file.read_bytes(), type=Entry)
    except (OSError, ValueError, RecursionError) as error:
        raise ResponsaError(f"{file}: no draft: {error}") from error
    if entry.version != VERSION:
        raise ResponsaError(f"{file}: a draft of version {entry.version}; this is Responsa for version {VERSION}")
    return entry

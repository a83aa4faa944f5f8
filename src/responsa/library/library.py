"""A folder of articles as one value: which files it has, what they say, and what edits would make of them."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct, structs

from responsa.article import Article, Edit, Url
from responsa.errors import EditError, UnreadableError, UsageError
from responsa.library.config import Config
from responsa.library.settings import load
from responsa.library.subjects import SubjectInfo, Subjects
from responsa.library.urls import slugify
from responsa.records.fields import article_of, edit_record
from responsa.records.record import Record, line_of, parse

LARGEST: Final = 64 * 1024 * 1024
"""Bytes; a larger file is reported instead of read."""
EVIDENCE: Final = "evidence"
"""The folder of the ledgers."""
SITE_MARK: Final = ".responsa-site"
_NOT_ARTICLES: Final = ("_", ".")
_BESIDE: Final = frozenset({EVIDENCE, "sources"})
"""Folders of a library that hold no articles, also where its articles lie in the library's own folder."""
MISNAMED: Final = "the name is not UTF-8; rename it"
_WRONG: Final = {False: MISNAMED, True: f"{MISNAMED}: nothing in this folder is read"}
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}-(?=.)")
_HEADING: Final = re.compile(r"#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class Change(Struct, frozen=True):
    """What ``edits`` make of one file: ``before`` is what it held when they were applied."""

    path: PurePosixPath
    before: bytes
    after: bytes
    edits: tuple[Edit, ...]


class Misnamed(Struct, frozen=True):
    r"""A file or folder whose name can stand in no address, database or JSON; ``path`` shows its bytes as ``\xe9``."""

    path: str
    problem: str


class Library(Struct, frozen=True):
    """A folder and its settings; files are read when asked for, one at a time."""

    folder: Path
    config: Config = Config()

    @property
    def content(self) -> PurePosixPath:
        """The folder of the articles, relative to the library's."""
        return PurePosixPath(self.config.layout.content)

    @property
    def drafts(self) -> PurePosixPath:
        """The folder of drafts, relative to the library's; nothing in it is an article."""
        return PurePosixPath(self.config.draft.folder)

    def paths(self) -> list[PurePosixPath]:
        """All articles' files, sorted, relative to the library's folder. Links are not followed."""
        return sorted(PurePosixPath(folder) / entry.name for folder, entries in self.walk() for entry in entries)

    def walk(self, misnamed: list[Misnamed] | None = None) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
        """Folders (relative, sorted) with the articles' files that lie directly in them.

        Files and folders whose names are no UTF-8 are left out; they are added to ``misnamed`` on the way.
        """
        if not (self.folder / self.content).is_dir():
            # A slip in a setting, or a folder that another program is just moving, would else empty the site.
            raise UsageError(f"{self.folder / self.content}: no such folder; the articles should lie there")
        pending = [str(self.content)]
        drafts = str(self.drafts)
        while pending:
            folder = pending.pop()
            below, files, wrong = _entries(self.folder / folder)
            if misnamed is not None:
                misnamed += [Misnamed(_joined(folder, shown(entry.name)), _WRONG[entry.is_dir()]) for entry in wrong]
            if folder == ".":
                below = [name for name in below if name not in _BESIDE]
            inner = (_joined(folder, name) for name in below)
            pending.extend(sorted((path for path in inner if path != drafts), reverse=True))
            yield folder, files

    def ledgers(self, folder: str) -> list[os.DirEntry[str]]:
        """The ledgers of the articles that lie directly in ``folder``."""
        if not PurePosixPath(folder).is_relative_to(self.content):
            # Of articles as they lay under other settings.
            return []
        below = self.folder / EVIDENCE / PurePosixPath(folder).relative_to(self.content)
        try:
            with os.scandir(below) as entries:
                return [
                    one
                    for one in entries
                    if one.name.endswith(".json") and is_utf8(one.name) and one.is_file(follow_symlinks=False)
                ]
        except OSError:
            return []

    def stat(self, path: PurePosixPath) -> os.stat_result | None:
        """Of one file, where ``walk`` would find it."""
        if not path.name.endswith(".md") or not path.is_relative_to(self.content) or path.parts[0] in _BESIDE:
            return None
        if path.is_relative_to(self.drafts):
            return None
        inner = path.relative_to(self.content).parts
        if any(part.startswith(_NOT_ARTICLES) or part == "node_modules" for part in inner):
            return None
        above = [self.folder / folder for folder in path.parents if folder.is_relative_to(self.content)]
        if any(folder.is_symlink() or (folder / SITE_MARK).exists() for folder in above[:-1]):
            return None
        try:
            found = (self.folder / path).lstat()
        except OSError:
            return None
        return found if stat.S_ISREG(found.st_mode) else None

    def data(self, path: PurePosixPath) -> bytes:
        """What the file holds. Raises ``UnreadableError`` where it cannot be read."""
        try:
            file = os.open(f"{self.folder}/{path}", os.O_RDONLY | os.O_CLOEXEC)
            try:
                size = os.fstat(file).st_size
                if size > LARGEST:
                    raise UnreadableError(path, 1, f"larger than {LARGEST // 1024**2} MB; no article is that long")
                data = os.read(file, size + 1)
                # Nearly always the whole file at once: only then need nobody ask for more.
                return data if len(data) == size else data + b"".join(iter(partial(os.read, file, 1 << 20), b""))
            finally:
                os.close(file)
        except OSError as error:
            raise UnreadableError(path, 1, f"cannot be read: {error.strerror}") from error

    def ledger(self, path: PurePosixPath) -> PurePosixPath:
        """Where the ledger of the article at ``path`` lies: at the article's own path below ``evidence/``."""
        return PurePosixPath(EVIDENCE) / path.relative_to(self.content).with_suffix(".json")

    def evidence(self, path: PurePosixPath) -> bytes:
        """The ledger of the article at ``path``; nothing where there is none, or none that is a plain file."""
        file = self.folder / self.ledger(path)
        try:
            found = file.lstat()
            return file.read_bytes() if stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST else b""
        except OSError:
            return b""

    def record(self, path: PurePosixPath) -> Record:
        """The record of the file. Raises ``UnreadableError``."""
        return parse(self.data(path), path)

    def lines(self, path: PurePosixPath) -> Callable[[str], int]:
        """Where a key stands in the file: by its line, from 1. The file is read at the first question."""

        @cache
        def text() -> str:
            try:
                return self.data(path).decode(errors="replace")
            except UnreadableError:
                return ""

        return lambda key: line_of(text(), key)

    def article(self, path: PurePosixPath) -> Article:
        """The article of the file, with an address, subject and question even where it states none."""
        return self.article_of(self.record(path), path)

    def article_of(self, record: Record, path: PurePosixPath) -> Article:
        """The article that ``record`` is as the file at ``path``."""
        article = article_of(record, path, self.config.layout)
        if article.url and article.subject and article.question:
            return article
        return self._completed(article, path)

    def entries(self, paths: Iterable[PurePosixPath] | None = None) -> Iterator[Article | UnreadableError]:
        """Every article, or why its file is none, in the order of ``paths``; one file is in memory at a time."""
        for path in self.paths() if paths is None else paths:
            try:
                yield self.article(path)
            except UnreadableError as error:
                yield error

    def articles(self, paths: Iterable[PurePosixPath] | None = None) -> Iterator[Article]:
        """Every article that can be read."""
        return (entry for entry in self.entries(paths) if isinstance(entry, Article))

    @property
    def subjects(self) -> Subjects:
        """The subjects that the settings name; others are their own spelling."""
        return Subjects(self.config.subjects)

    def subject_of(self, spelling: str) -> SubjectInfo:
        """The subject that ``spelling`` means."""
        return self.subjects.of(spelling)

    def _completed(self, article: Article, path: PurePosixPath) -> Article:
        inner = path.relative_to(self.content)
        stem = _stem(inner)
        shelf = inner.parent.parent.name if inner.stem == "index" else inner.parent.name
        subject = article.subject or shelf.replace("-", " ").capitalize() or "Others"
        slug = self.subject_of(subject).slug
        address = self.config.layout.permalink.replace("{subject}", slug).replace("{slug}", slugify(stem))
        url = article.url or Url(address)
        question = article.question or _first_heading(article.answer) or stem.replace("-", " ").capitalize()
        return structs.replace(article, subject=subject, url=url, question=question)


def read(folder: Path) -> Library:
    """The library in ``folder``, with its settings. Raises ``UsageError`` where there is no such folder."""
    folder = Path(folder).absolute()
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; a library is a folder of Markdown files")
    return Library(folder, load(folder))


def apply(
    library: Library, edits: Iterable[Edit], find: Callable[[Url], PurePosixPath | None] | None = None
) -> list[Change]:
    """What the files would hold after ``edits``, in the order of paths; nothing is written.

    ``find`` says where an address lies (``Catalogue.path_of``); without it all files are read for it.
    """
    wanted: dict[Url, list[Edit]] = {}
    for edit in edits:
        wanted.setdefault(edit.url, []).append(edit)
    places = {url: find(url) for url in wanted} if find else _places(library, set(wanted))
    changes = [_change(library, places.get(url), url, of_url) for url, of_url in wanted.items()]
    return sorted((change for change in changes if change.before != change.after), key=lambda change: change.path)


def _change(library: Library, path: PurePosixPath | None, url: Url, edits: list[Edit]) -> Change:
    if path is None:
        raise EditError(f"{url}: no article has this address")
    record = before = library.record(path)
    if library.article_of(record, path).url != url:
        raise EditError(f"{path}: no longer has the address {url}; run the command again")
    for edit in edits:
        record = edit_record(record, edit, library.config.layout)
    return Change(path, before.data, record.data, tuple(edits))


def _places(library: Library, wanted: set[Url]) -> dict[Url, PurePosixPath]:
    """The first path of each wanted address."""
    places: dict[Url, PurePosixPath] = {}
    for article in library.articles():
        if article.url in wanted:
            places.setdefault(article.url, article.path)
    return places


def _entries(folder: Path) -> tuple[list[str], list[os.DirEntry[str]], list[os.DirEntry[str]]]:
    """Folders and Markdown files directly in ``folder``, and those of both whose names are no UTF-8.

    None at all for a folder that is gone or a published site.
    """
    below: list[str] = []
    files: list[os.DirEntry[str]] = []
    wrong: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name == SITE_MARK:
                    return [], [], []
                if name.startswith(_NOT_ARTICLES) or name == "node_modules":
                    continue
                article = name.endswith(".md")
                if not (entry.is_file(follow_symlinks=False) if article else entry.is_dir(follow_symlinks=False)):
                    continue
                if not name.isascii() and not is_utf8(name):
                    wrong.append(entry)
                elif article:
                    files.append(entry)
                else:
                    below.append(name)
    except (FileNotFoundError, NotADirectoryError):
        return [], [], []
    except OSError as error:
        raise UsageError(f"{folder}: cannot be listed: {error.strerror}") from error
    return below, files, wrong


def is_utf8(name: str) -> bool:
    """Whether a file's name is text: only a person can tell what other bytes say."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(name: str) -> str:
    r"""A file's name with the bytes that are no text as ``\xe9``."""
    return os.fsencode(name).decode(errors="backslashreplace")


def _joined(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _stem(path: PurePosixPath) -> str:
    name = path.parent.name if path.stem == "index" and path.parent.name else path.stem
    return _DATED.sub("", name)


def _first_heading(markdown: str) -> str:
    found = _HEADING.search(markdown)
    return found[1] if found else ""

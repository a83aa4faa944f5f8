"""Entries to new files: each gets an address and a name that nobody has, and nothing that is there is touched."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct, structs

from responsa.article import Source, Url
from responsa.errors import EditError, UnreadableError
from responsa.exchange.imports.entry import Copy, Entry, Found, Place, Remark, Untaken
from responsa.exchange.imports.taken import ORIGIN, Taken
from responsa.exchange.values import file_of, put, values_of
from responsa.library.create import New, create
from responsa.library.library import Library
from responsa.library.urls import is_address, slugify
from responsa.records.record import parse
from responsa.records.text import UNSHOWN

BATCH: Final = 500
"""Files made together: an interruption costs no more than these."""
BATCH_BYTES: Final = 16 * 1024**2
_LONGEST_NAME: Final = 240
_KEY: Final = re.compile(r"[^\W\d][\w.-]*")


class Wishes(Struct, frozen=True):
    """What the person who imports decides: ``subject`` for entries without one, and by which name others go."""

    subject: str = ""
    subjects: dict[str, str] = {}
    author: str = ""
    language: str = ""
    provenance: str = ""
    drafts: bool = False
    describe: Callable[[str, str], str] = lambda _question, _answer: ""


class Made(Struct, frozen=True):
    """A new article; in a dry run it would be one."""

    place: Place
    path: PurePosixPath
    url: Url


class Known(Struct, frozen=True):
    """What an earlier run, or this one, has taken already."""

    place: Place
    path: str


class Ready(Struct, frozen=True):
    """A file to be made, and what is to be said of it."""

    new: New
    made: Made
    remarks: tuple[Remark, ...] = ()


Outcome = Made | Known | Untaken | Remark


def take_in(
    library: Library, found: Iterable[Found], taken: Taken, wishes: Wishes, *, write: bool
) -> Iterator[Outcome]:
    """What became of each entry. A new file is spoken of once it is written, whole, with its batch."""
    intake = _Intake(library, taken, wishes)
    batch, size = list[Ready](), 0
    for one in found:
        result = intake.judged(one)
        if not isinstance(result, Ready):
            yield result
            continue
        batch.append(result)
        size += len(result.new.data)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield from _written(library, batch, write=write)
            batch, size = [], 0
    yield from _written(library, batch, write=write)


def _written(library: Library, batch: list[Ready], *, write: bool) -> Iterator[Outcome]:
    if write:
        create(library, [ready.new for ready in batch])
    for ready in batch:
        yield ready.made
        yield from ready.remarks


def _shown(text: str) -> str:
    """Without signs that no page can show; some programs leave them in tables."""
    return UNSHOWN.sub("", text)


class _Intake:
    """Decides over one entry after the other; whatever it lets in is ``taken`` from then on."""

    def __init__(self, library: Library, taken: Taken, wishes: Wishes) -> None:
        self.library, self.taken, self.wishes = library, taken, wishes
        self.layout = library.config.layout
        self.subjects = {slugify(name): title for name, title in wishes.subjects.items()}

    def judged(self, found: Found) -> Ready | Known | Untaken:
        if isinstance(found, Untaken):
            return found
        return self.copied(found) if isinstance(found, Copy) else self.entered(found)

    def entered(self, entry: Entry) -> Ready | Known | Untaken:
        question, answer = " ".join(_shown(entry.question).split()), _shown(entry.answer).strip()
        if not question:
            return Untaken(entry.place, "no question")
        if not answer:
            return Untaken(entry.place, "no answer", question)
        if path := self.taken.origin(entry.origin):
            return Known(entry.place, path)
        if not self.wishes.drafts and entry.more.get("draft") is True:
            return Untaken(entry.place, "a draft", question)
        tidy = structs.replace(
            entry, question=question, answer=answer, subject=self.subject(entry), description=_shown(entry.description)
        )
        return self.filed(tidy, *self.free(tidy))

    def subject(self, entry: Entry) -> str:
        """By the subject's own name, else by a keyword that the person gave a subject, else as it is."""
        spelling = " ".join(entry.subject.split()) or self.wishes.subject
        names = (slugify(name) for name in (spelling, *entry.keywords) if name.strip())
        title = next((self.subjects[name] for name in names if name in self.subjects), spelling)
        return self.library.subject_of(title or "Others").title

    def free(self, entry: Entry) -> tuple[PurePosixPath, Url]:
        """A file and an address that nobody has: the first, second, third of its name."""
        shelf = self.library.subject_of(entry.subject).slug
        base = slugify(entry.slug or entry.question)
        number = self.taken.last(f"{shelf}/{base}")
        while True:
            slug = base if number == 0 else f"{base}-{number + 1}"
            path = self.library.content / shelf / f"{slug}.md"
            url = self.layout.permalink.replace("{subject}", shelf).replace("{slug}", slug)
            number += 1
            if not self.taken.path(path) and self.taken.address(url) is None:
                self.taken.number(f"{shelf}/{base}", number)
                return path, Url(url)

    def filed(self, entry: Entry, path: PurePosixPath, url: Url) -> Ready | Untaken:
        aliases, lost = self.aliases(entry, url)
        values = self.values(structs.replace(entry, aliases=aliases), path, url)
        try:
            data = file_of(values, self.layout)
        except (EditError, UnreadableError) as error:
            return Untaken(entry.place, "cannot be written", str(error))
        self.taken.add(path, [url, *aliases], entry.origin)
        remarks = (*entry.remarks, *(f"its earlier address {alias} belongs to another article" for alias in lost))
        return Ready(
            New(path, data), Made(entry.place, path, url), tuple(Remark(entry.place, path, text) for text in remarks)
        )

    def aliases(self, entry: Entry, url: Url) -> tuple[tuple[str, ...], list[str]]:
        """Earlier addresses that still lead nowhere else, and those that do."""
        wanted = [
            one for one in dict.fromkeys((entry.address, *entry.aliases)) if is_address(one) and one not in (url, "/")
        ]
        free = tuple(one for one in wanted if self.taken.address(one) is None)
        return free, [one for one in wanted if one not in free]

    def values(self, entry: Entry, path: PurePosixPath, url: Url) -> dict[str, Any]:
        """The record in the order of the seed; keys that say nothing are left out."""
        wishes, heads = self.wishes, not self.layout.answer_in_body
        described = entry.description or wishes.describe(entry.question, entry.answer)
        values: dict[str, Any] = {
            "date": entry.date,
            "title": entry.question if heads else "",
            "article_title": entry.question if heads else "",
            "seo.title": entry.question if heads else "",
            "seo.page_description": " ".join(described.split()),
            "seo.page_keywords": ", ".join(dict.fromkeys(" ".join(word.split()) for word in entry.keywords)),
            "author": entry.author or wishes.author,
            "question": entry.question,
            "also_asked": list(entry.also_asked),
            "no_index": entry.no_index,
            "answer": entry.answer,
            "subject": entry.subject,
            "language": entry.language or wishes.language,
            "provenance": wishes.provenance or entry.more.get("provenance", ""),
            "file_name": path.name if heads else "",
            "url": url,
            "aliases": list(entry.aliases),
            "sources": [_source(source) for source in entry.sources],
            ORIGIN: entry.origin,
        }
        written = dict[str, Any]()
        for key, value in values.items():
            if value:
                put(written, key, value)
        for key, value in entry.more.items():
            if key not in values and _KEY.fullmatch(key) and value is not None:
                put(written, key, value)
        return written

    def copied(self, copy: Copy) -> Ready | Known | Untaken:
        """An article of an export goes where it was, or nowhere."""
        whole, path = copy.whole, self.library.content / copy.whole.path
        if problem := _unusable(whole.path):
            return Untaken(copy.place, "no path for an article", problem)
        try:
            data = whole.data(self.layout)
            record = parse(data, path)
        except (EditError, UnreadableError) as error:
            return Untaken(copy.place, "cannot be written", str(error))
        if self.taken.path(path):
            same = self.holds(path, values_of(record, self.layout), record.body)
            return (
                Known(copy.place, str(path)) if same else Untaken(copy.place, "another article has its file", str(path))
            )
        article = self.library.article_of(record, path)
        if not whole.shared and (other := self.taken.address(article.url)):
            return Untaken(copy.place, "another article has its address", f"{article.url} is that of {other}")
        self.taken.add(path, [article.url, *article.aliases], str(article.extra.get(ORIGIN) or ""))
        return Ready(New(path, data), Made(copy.place, path, article.url))

    def holds(self, path: PurePosixPath, values: dict[str, Any], body: str) -> bool:
        try:
            there = self.library.record(path)
            return there.body == body and values_of(there, self.layout) == values
        except (UnreadableError, EditError):
            return False


def _unusable(path: PurePosixPath) -> str:
    """Why the library would not see a file of this name as an article, or nothing."""
    parts = path.parts
    if path.is_absolute() or not parts or ".." in parts or "\\" in str(path) or not str(path).isprintable():
        return f"{str(path)[:80]!r} is no plain path below the folder of the articles"
    if path.suffix != ".md" or any(part.startswith(("_", ".")) or part == "node_modules" for part in parts):
        return f"{str(path)[:80]!r} is passed over where articles are looked for"
    too_long = any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in parts)
    return f"{str(path)[:80]!r}... is too long" if too_long else ""


def _source(source: Source) -> dict[str, Any]:
    return {name: value for name, value in structs.asdict(source).items() if value}

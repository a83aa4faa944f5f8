"""The index brought up to date: only files with a word, a subject or a face that changed are made again.

They are read back from the site as it was, so that the state need not hold the lists a second time. What comes out is
what ``whole`` would make, byte for byte.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from responsa.publish.search.bits import WIDTH
from responsa.publish.search.entry import SUBJECT
from responsa.publish.search.files import (
    MANIFEST,
    File,
    Postings,
    has_rest,
    letter_file,
    letter_path,
    list_files,
    list_path,
    offered,
    own,
    read_list,
    read_rest,
    read_shard,
    rest_path,
    shard_file,
    shard_path,
    shards,
    size,
)
from responsa.publish.search.manifest import (
    Manifest,
    faces_file,
    faces_path,
    manifest,
    read_manifest,
    size_of,
)
from responsa.publish.search.store import Change, Store
from responsa.publish.search.whole import FIRST, shelves_of, whole

Read = Callable[[str], bytes | None]
"""The bytes of a file of the site as the last build left it, or ``None``."""


class DamagedIndexError(Exception):
    """A file of the index is missing or says what none could: the index is made from nothing."""


def update(store: Store, titles: dict[str, str], read: Read, *, anew: bool = False) -> Iterator[File]:
    """Files that are to be written or to go, so that the site's index is that of the store. Settles the store.

    ``anew`` makes every file; so does an index that is missing, damaged, or of another span or version.
    """
    store.number()
    old = None if anew else _manifest(read)
    files: Iterable[File]
    if old is None or old.span != store.span:
        files = _anew(store, titles, old)
    else:
        try:
            files = list(Patch(store, titles, read, old).files())
        except DamagedIndexError:
            files = _anew(store, titles, old)
    yield from files
    store.settle()


def _manifest(read: Read) -> Manifest | None:
    content = read(MANIFEST)
    try:
        old = read_manifest(content) if content else None
    except ValueError:
        return None
    return old if old and _fixed(old) == _fixed(manifest(0, 0, sizes={}, starts=(), letters=(), subjects=())) else None


def _fixed(value: Manifest) -> Manifest:
    """The part of a manifest that only Responsa's version decides."""
    return msgspec.structs.replace(value, articles=0, span=0, words="", sizes="", starts="", letters="", subjects=())


def _anew(store: Store, titles: dict[str, str], old: Manifest | None) -> Iterator[File]:
    made = set()
    for file in whole(store, titles):
        made.add(file.path)
        yield file
    yield from (File(path, None) for path in sorted(_named(old) - made))


def _named(old: Manifest | None) -> set[str]:
    """Files that a manifest tells of; those of words may hold some that were never made."""
    if old is None:
        return set()
    words = old.words.split()
    return {
        *map(list_path, words),
        *map(rest_path, words),
        *(list_path(SUBJECT + shelf.slug) for shelf in old.subjects),
        *map(shard_path, old.starts.split(" ")),
        *map(letter_path, old.letters),
        *(faces_path(number << old.faces) for number in range((1 << old.span >> old.faces) + 2)),
    }


class Touch(Struct):
    """What happens to a list: ids that go, and postings that come."""

    gone: set[int]
    come: dict[int, int]


class Patch:
    """One update of an index that is whole."""

    def __init__(self, store: Store, titles: dict[str, str], read: Read, old: Manifest) -> None:
        self.store, self.titles, self._read, self.old = store, titles, read, old
        self.span = old.span
        self.sizes = {word: size_of(sign) for word, sign in zip(old.words.split(), old.sizes, strict=True)}
        self.subjects = {shelf.slug: shelf.count for shelf in old.subjects}
        self.starts = old.starts.split(" ")
        self.letters = set(old.letters)
        self._words: defaultdict[str, dict[str, bool]] = defaultdict(dict)

    def files(self) -> Iterator[File]:
        """Lists, shards and faces that changed, and the manifest."""
        changes = list(self.store.changes())
        touches = _touches(changes)
        rare: dict[str, Postings | None] = {}
        for term in sorted(touches):
            if term.startswith(SUBJECT) or term in self.sizes:
                yield from self._frequent(term, touches.pop(term), rare)
        yield from self._shards(touches, rare)
        yield from self._lettered()
        for number in sorted({at for change in changes for at in (change.old, change.new) if at is not None}):
            yield faces_file(number, list(self.store.faces(number)))
        made = manifest(
            self.store.count(),
            self.span,
            sizes=self.sizes,
            starts=self.starts,
            letters=self.letters,
            subjects=shelves_of(self.subjects, self.titles),
        )
        yield made.file()

    def _bytes(self, path: str) -> bytes:
        content = self._read(path)
        if content is None:
            raise DamagedIndexError(path)
        return content

    def _frequent(self, term: str, touch: Touch, rare: dict[str, Postings | None]) -> Iterator[File]:
        old = self._listed(term)
        new = _applied(old, touch)
        if own(term, len(new)) and new:
            yield from self._own(term, new, split=has_rest(term, len(old)))
            return
        yield File(list_path(term), None)
        if has_rest(term, len(old)):
            yield File(rest_path(term), None)
        if term.startswith(SUBJECT):
            self.subjects.pop(term[len(SUBJECT) :], None)
        else:
            del self.sizes[term]
            rare[term] = new
            self._offer(term, 0, len(new))

    def _own(self, term: str, postings: Postings, *, split: bool = False) -> Iterator[File]:
        yield from list_files(term, postings, self.span)
        if split and not has_rest(term, len(postings)):
            yield File(rest_path(term), None)
        if term.startswith(SUBJECT):
            self.subjects[term[len(SUBJECT) :]] = len(postings)
        else:
            self.sizes[term] = size(len(postings))

    def _listed(self, term: str) -> Postings:
        if term.startswith(SUBJECT) and term[len(SUBJECT) :] not in self.subjects:
            return []
        try:
            count, held = read_list(term, self._bytes(list_path(term)), self.span)
            rest = read_rest(self._bytes(rest_path(term)), self.span) if has_rest(term, count) else []
        except (ValueError, IndexError) as error:
            raise DamagedIndexError(term) from error
        return sorted([*held, *rest])

    def _shards(self, touches: dict[str, Touch], rare: dict[str, Postings | None]) -> Iterator[File]:
        """Touched shards from the last to the first: words before a shard's first cut go to the one before it."""
        todo: defaultdict[str, list[str]] = defaultdict(list)
        for term in (*touches, *rare):
            todo[self._start(term)].append(term)
        left: dict[str, Postings] = {}
        for start in sorted({*self.starts, FIRST}, reverse=True):
            if start not in todo and not left:
                continue
            held = self._shard(start) | left
            for term in todo[start]:
                yield from self._rare(term, touches.get(term), rare.get(term), held)
            yield from self._cut(start, held)
            left = self._left

    def _rare(
        self, term: str, touch: Touch | None, postings: Postings | None, held: dict[str, Postings]
    ) -> Iterator[File]:
        old = held.pop(term, ())
        new = _applied(old, touch) if touch else postings or ()
        self._offer(term, len(old), len(new))
        if own(term, len(new)):
            yield from self._own(term, new)
        elif new:
            held[term] = new

    def _cut(self, start: str, held: dict[str, Postings]) -> Iterator[File]:
        made = dict(shards(sorted(held.items()), FIRST))
        self._left = {} if start == FIRST else made.pop(FIRST, {})
        if start not in made and start in self.starts:
            yield File(shard_path(start), None)
        yield from (shard_file(begin, words, self.span) for begin, words in made.items())
        self.starts = sorted({*self.starts} - {start} | {*made})

    def _offer(self, term: str, old: int, new: int) -> None:
        if offered(term, old) != offered(term, new):
            self._words[term[0]][term] = offered(term, new)

    def _lettered(self) -> Iterator[File]:
        for letter, changed in self._words.items():
            old = self._bytes(letter_path(letter)).decode().split() if letter in self.letters else []
            new = {*old, *(word for word, is_in in changed.items() if is_in)} - {
                word for word, is_in in changed.items() if not is_in
            }
            (self.letters.add if new else self.letters.discard)(letter)
            yield letter_file(letter, new)

    def _start(self, term: str) -> str:
        at = bisect_right(self.starts, term)
        return self.starts[at - 1] if at else FIRST

    def _shard(self, start: str) -> dict[str, Postings]:
        if start not in self.starts:
            return {}  # every rare word comes after the first cut
        try:
            return {**read_shard(self._bytes(shard_path(start)), self.span)}
        except (ValueError, IndexError) as error:
            raise DamagedIndexError(start) from error


def _touches(changes: Iterable[Change]) -> dict[str, Touch]:
    touches: defaultdict[str, Touch] = defaultdict(lambda: Touch(set(), {}))
    for change in changes:
        old, new = _levels(change.old_terms), _levels(change.new_terms)
        same = change.old == change.new
        for term, level in old.items():
            if change.old is not None and not (same and new.get(term) == level):
                touches[term].gone.add(change.old)
        for term, level in new.items():
            if change.new is not None and not (same and old.get(term) == level):
                touches[term].come[change.new] = level
    return dict(touches)


def _levels(terms: bytes) -> dict[str, int]:
    return {term: level for level, line in enumerate(terms.decode().split("\n")) for term in line.split()}


def _applied(postings: Iterable[int], touch: Touch) -> Postings:
    kept = [posting for posting in postings if posting >> WIDTH not in touch.gone]
    return sorted([*kept, *(number << WIDTH | level for number, level in touch.come.items())])

"""A library as it is now, for a server that runs for months: site, catalogue and index follow the files.

Readers take what is there (``Live.reading``) and keep it whole until they are done; nobody waits for a build. One
thread at a time brings site, catalogue and index up to date, and what it made takes the place of what was. The first
index of a large library takes minutes: pages are served meanwhile.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final, Self

from msgspec import Struct, structs

from responsa.errors import LockedError, ResponsaError
from responsa.index.encoder import Encoder
from responsa.index.encoders import encoder_of
from responsa.index.index import Index, open_index
from responsa.index.refresh import Progress, silent
from responsa.library.catalogue import Catalogue, attach
from responsa.library.library import Library, read
from responsa.library.lock import private
from responsa.library.tables import NAME
from responsa.publish.build import Build, Wish, build
from responsa.publish.claim import SERVED
from responsa.publish.frame import Frame, frame_of
from responsa.publish.owners import moved
from responsa.publish.redirects import safe_pairs
from responsa.publish.watch import changes, joined

REST: Final = 1000
"""Milliseconds after which what could not be done is tried again."""

BUSY: Final = 10.0
"""Seconds that another command may hold the library when it is opened."""

Listener = Callable[["Now"], None]


class IndexingError(ResponsaError):
    """The first index is still being made."""

    def __init__(self) -> None:
        super().__init__("the library is being indexed: search again in a minute")


class Now(Struct, frozen=True):
    """One state of a library. ``number`` grows with every change; ``moved`` leads earlier addresses to present ones.

    ``catalogue`` is read only and may be some changes ahead of ``stamp``, which names the state of the index and so
    of every answer. ``indexed``: nothing while the first index is being made.
    """

    number: int
    library: Library
    catalogue: Catalogue
    indexed: Index | None
    frame: Frame
    moved: Mapping[str, str]
    built: Build

    @property
    def index(self) -> Index:
        """What searches. Raises ``IndexingError``."""
        if self.indexed is None:
            raise IndexingError
        return self.indexed

    @property
    def stamp(self) -> str:
        """The same as long as nothing of the library changes."""
        return self.catalogue.stamp

    @property
    def site(self) -> Path:
        """The folder of the published site, exchanged as a whole when it changes."""
        return self.built.out


class Live:
    """Follows the files of a library from ``with`` on until its end. All methods may be called by any thread.

    ``trouble`` says why the last change could not be taken up (a setting that cannot be meant, another command that
    holds the library); what was there before goes on being served, and it is tried again.
    """

    def __init__(self, folder: Path, out: Path | None = None, *, deep: bool = False) -> None:
        self.folder = folder.absolute()
        self.out = (out or private(self.folder) / SERVED).absolute()
        self.trouble = ""
        self._deep = deep
        self._encoder: tuple[object, Encoder] | None = None
        self._renewing = threading.Lock()
        self._guard = threading.Lock()
        self._users: dict[int, int] = {}
        self._now: Now | None = None
        self._listeners: list[Listener] = []
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._searched = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self, pages: Progress = silent, indexed: Progress = silent) -> None:
        """Bring site and index up to date. Raises ``ResponsaError`` where that cannot be done."""
        self._searched = True
        self._first(pages, indexed)

    def publish(self, pages: Progress = silent) -> None:
        """Bring the site up to date; ``follow`` makes the index. Raises ``ResponsaError``, also for its settings."""
        self._encoder_of(read(self.folder))
        self._first(pages, silent)

    def follow(self, indexed: Progress = silent) -> None:
        """Take up changes from now on, and make the index where there is none yet, in threads of their own."""
        self._threads = [threading.Thread(target=self._watch, name="live", daemon=True)]
        if not self._searched:
            self._threads.append(threading.Thread(target=self._index, args=(indexed,), name="index", daemon=True))
        for thread in self._threads:
            thread.start()

    def when_indexed(self, action: Callable[[], object]) -> Callable[[], None]:
        """Call ``action`` once, as soon as there is an index; what is returned takes that back."""
        done = threading.Lock()

        def look(now: Now) -> None:
            if now.indexed is not None and done.acquire(blocking=False):
                action()

        end = self.listen(look)
        with self.reading() as now:
            look(now)
        return end

    def close(self, patience: float | None = None) -> bool:
        """Stop following and give back what is open; whether all is at rest.

        A change that is being taken up is waited for, at most ``patience`` seconds.
        """
        self._stop.set()
        if not self._renewing.acquire(timeout=-1 if patience is None else patience):
            return False
        try:
            with self._guard:
                now, self._now = self._now, None
                if now is not None and not self._users.get(now.number):
                    now.catalogue.close()
        finally:
            self._renewing.release()
        for thread in self._threads:
            thread.join(patience)
        return not any(thread.is_alive() for thread in self._threads)

    @contextmanager
    def reading(self) -> Iterator[Now]:
        """The library as it is now; it stays as it is within the ``with``."""
        now = self._taken()
        try:
            yield now
        finally:
            self._given_back(now)

    def renew(self, touched: AbstractSet[PurePosixPath] | None = None) -> None:
        """Take up changes at once, of these articles' files or of all: whoever saved sees it after this returns.

        Raises ``ResponsaError`` where it cannot be done now; ``follow`` tries again.
        """
        self._renew(touched)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after every change, in the thread that took it up; what is returned ends that."""
        with self._guard:
            self._listeners.append(listener)

        def end() -> None:
            with self._guard, suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def _taken(self) -> Now:
        with self._guard:
            if self._now is None:
                raise ResponsaError(f"{self.folder}: is no longer served")
            self._users[self._now.number] = self._users.get(self._now.number, 0) + 1
            return self._now

    def _given_back(self, now: Now) -> None:
        with self._guard:
            left = self._users[now.number] = self._users[now.number] - 1
            if not left:
                del self._users[now.number]
                if now is not self._now:
                    now.catalogue.close()

    def _watch(self) -> None:
        # The first look is at every file, for what changed before the watch began.
        pending: AbstractSet[PurePosixPath] | None = None
        for change in changes(self.folder, self.out, self._stop, REST):
            pending = joined(pending, change)
            if pending == frozenset():
                continue
            try:
                self._renew(pending)
            except ResponsaError as error:
                self.trouble = str(error)
            else:
                pending = frozenset()

    def _first(self, pages: Progress, indexed: Progress) -> None:
        """Another command that is just writing is waited for."""
        until = time.monotonic() + BUSY
        while True:
            try:
                self._renew(None, pages, indexed)
            except LockedError:
                if time.monotonic() > until or self._stop.wait(REST / 5000):
                    raise
            else:
                return

    def _index(self, progress: Progress) -> None:
        """Make the first index while pages are read and changed, then take it up."""
        while not self._stop.is_set():
            try:
                library = read(self.folder)
                with attach(library, private(library.folder) / NAME) as catalogue:
                    self._index_of(library, catalogue, progress)
                self._searched = True
                self._renew(frozenset())
            except ResponsaError as error:
                self.trouble = str(error)
                self._stop.wait(REST / 1000)
            else:
                return

    def _renew(
        self, touched: AbstractSet[PurePosixPath] | None, pages: Progress = silent, indexed: Progress = silent
    ) -> None:
        with self._renewing:
            if self._stop.is_set():
                return
            before = self._now
            built = build(read(self.folder), self.out, Wish(touched=touched, progress=pages))
            now = self._made(before, built, indexed)
            self.trouble = ""
            if now is None:
                return
            with self._guard:
                self._now = now
                if before is not None and not self._users.get(before.number):
                    before.catalogue.close()
                listeners = [*self._listeners]
        for listener in listeners:
            listener(now)

    def _made(self, before: Now | None, built: Build, indexed: Progress) -> Now | None:
        """What takes the place of ``before``; nothing where it is as it was."""
        library = read(self.folder)
        catalogue = attach(library, private(library.folder) / NAME)
        try:
            if before is not None and self._is_of(before, library, catalogue):
                catalogue.close()
                return None if built == before.built else self._same(before, built)
            frame, _ = frame_of(library, catalogue)
            index = self._index_of(library, catalogue, indexed) if self._searched else None
            leads = dict(safe_pairs(moved(catalogue, frame.reserved())))
        except BaseException:
            catalogue.close()
            raise
        return Now(before.number + 1 if before else 1, library, catalogue, index, frame, leads, built)

    def _is_of(self, before: Now, library: Library, catalogue: Catalogue) -> bool:
        same = before.library == library and before.stamp == catalogue.stamp
        return same and (before.indexed is not None) == self._searched

    def _index_of(self, library: Library, catalogue: Catalogue, progress: Progress) -> Index:
        return open_index(library, catalogue, self._encoder_of(library), deep=self._deep, progress=progress)

    def _same(self, before: Now, built: Build) -> Now | None:
        """The library is as it was, the site is not (its templates, its own files)."""
        if not built.written and not built.removed:
            return None
        catalogue = attach(before.library, before.catalogue.path)
        frame, _ = frame_of(before.library, catalogue)
        return structs.replace(before, number=before.number + 1, catalogue=catalogue, frame=frame, built=built)

    def _encoder_of(self, library: Library) -> Encoder:
        """The settings' encoder, loaded once."""
        key = (library.config.index, library.config.site.language)
        if self._encoder is None or self._encoder[0] != key:
            self._encoder = (key, encoder_of(library))
        return self._encoder[1]

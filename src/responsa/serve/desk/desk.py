"""The desk of one library: what its pages need, and one thread that keeps the queue at the state of the files."""

import datetime
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import Final, Self

from responsa.errors import ResponsaError
from responsa.library.library import Library
from responsa.serve.desk.asked import Asked, NotThereError
from responsa.serve.desk.drafts import tasks_of_drafts
from responsa.serve.desk.figures import note_day
from responsa.serve.desk.near import near_tasks
from responsa.serve.desk.pages import Pages
from responsa.serve.desk.proposals import Held, hold
from responsa.serve.desk.queue import Queue
from responsa.serve.desk.save import Proposal, Saved, at_start, carry_out
from responsa.serve.desk.sources import Opened, Sources
from responsa.serve.live import Live, Now
from responsa.serve.login.access import Access
from responsa.serve.login.door import Door
from responsa.serve.login.sessions import Sessions
from responsa.serve.login.users import outside

_REST: Final = 3600.0
"""Seconds after which the thread looks again although no file changed: a day may have ended."""


SELDOM: Final = 600.0
"""Seconds between two looks for questions that are asked in other words."""


class Desk:
    """``clock`` gives seconds since the epoch, ``today`` the day by which reviews are due.

    ``trouble`` says why the queue could not follow, ``refusal`` why Git did not commit what was saved last.
    """

    def __init__(
        self,
        live: Live,
        access: Access,
        *,
        clock: Callable[[], float] = time.time,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        outside(access.users, live.folder)
        self.live, self.today = live, today
        self.sessions = Sessions(live.folder, clock)
        self.door = Door(access, self.sessions, clock)
        self.queue, self.sources = Queue(live.folder), Sources()
        self.trouble, self.refusal = "", ""
        self._compared, self._next_look = "", 0.0
        with live.reading() as now:
            self.pages = Pages(now.library.config.site.name)
            self.mended = at_start(now.library)
        self._wake, self._over = threading.Event(), threading.Event()
        self._end = live.listen(self._changed)
        self._thread = threading.Thread(target=self._follow, name="desk", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Bring the queue up to date from now on."""
        self._wake.set()
        self._thread.start()

    def close(self) -> None:
        """Stop, and give back what is open."""
        self._end()
        self._over.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self.queue.close()
        self.sessions.close()

    @property
    def day(self) -> str:
        """Today, as the queue compares it."""
        return self.today().isoformat()

    @contextmanager
    def reading(self) -> Iterator[Now]:
        """The library as it is now."""
        with self.live.reading() as now:
            yield now

    def shelf(self, library: Library) -> Opened:
        """The sources as they are now."""
        return self.sources.open(library)

    def held(self, now: Now, url: str) -> Held:
        """The article at an address, from its file. Raises ``NotThereError``: nothing else names a file here."""
        card = now.catalogue.card(url)
        if card is None:
            raise NotThereError(f"{url[:200]}: no article has this address")
        return hold(now.library, card.path)

    def save(self, asked: Asked, library: Library, proposal: Proposal) -> Saved:
        """Carry out and take up at once, so that the next page shows it."""
        if asked.person is None:
            raise ResponsaError("nobody is signed in; nothing was written")
        saved = carry_out(library, proposal, asked.person.author)
        self.refusal = saved.trouble
        self.take_up(saved.paths)
        return saved

    def take_up(self, paths: Iterable[PurePosixPath]) -> None:
        """What follows the files finds it anyway; this makes the next page wait for it."""
        with suppress(ResponsaError):
            articles = {path for path in paths if path.suffix == ".md"}
            whole = any(path.suffix != ".md" for path in paths)
            self.live.renew(None if whole else articles)
        with suppress(ResponsaError), self.live.reading() as now:
            self.queue.renew(now.library, now.catalogue, wait=False)

    def _look_for_repeats(self, now: Now) -> None:
        """Questions in other words cost seconds of a large library: not at every save."""
        moment = time.monotonic()
        if now.stamp != self._compared and moment >= self._next_look:
            self._compared, self._next_look = now.stamp, moment + SELDOM
            self.queue.near(near_tasks(now))

    def _changed(self, _now: Now) -> None:
        self._wake.set()

    def _follow(self) -> None:
        while not self._over.is_set():
            self._wake.wait(_REST)
            self._wake.clear()
            if self._over.is_set():
                return
            try:
                with self.live.reading() as now:
                    self.queue.renew(now.library, now.catalogue)
                    self.queue.drafts(tasks_of_drafts(now.library))
                    note_day(self.queue, now, self.day)
                    self._look_for_repeats(now)
                self.trouble = ""
            except ResponsaError as error:
                self.trouble = str(error)

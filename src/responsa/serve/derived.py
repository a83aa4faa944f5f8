"""What takes seconds to work out from a whole library: kept, and worked out anew behind the readers' backs."""

from collections.abc import Callable
from threading import Lock, Thread
from typing import Generic, TypeVar

from responsa.errors import ResponsaError
from responsa.serve.live import Live, Now

T = TypeVar("T")


class Derived(Generic[T]):
    """``make`` works it out. The first who ask wait for it; after a change what was there is given meanwhile.

    ``trouble`` is told why it could not be worked out anew.
    """

    def __init__(self, live: Live, make: Callable[[Now], T], trouble: Callable[[str], object]) -> None:
        self._live, self._make, self._trouble = live, make, trouble
        self._making, self._guard = Lock(), Lock()
        self._kept: tuple[str, T] | None = None
        self._busy = False

    @property
    def stamp(self) -> str:
        """Of which state of the library the value is; empty: there is none yet."""
        kept = self._kept
        return kept[0] if kept else ""

    def get(self, now: Now) -> tuple[str, T]:
        """The stamp of the library that it is of, and the value."""
        kept = self._kept
        if kept is None:
            return self._made(now)
        if kept[0] != now.stamp:
            self._renew()
        return kept

    def _made(self, now: Now) -> tuple[str, T]:
        with self._making:
            if self._kept is None or self._kept[0] != now.stamp:
                self._kept = (now.stamp, self._make(now))
            return self._kept

    def _renew(self) -> None:
        with self._guard:
            if self._busy:
                return
            self._busy = True
        Thread(target=self._behind, name="derived", daemon=True).start()

    def _behind(self) -> None:
        try:
            with self._live.reading() as now:
                self._made(now)
        except ResponsaError as error:
            self._trouble(str(error))
        finally:
            self._busy = False

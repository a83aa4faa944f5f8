"""Guessing: after a few wrong tries an account and an address wait, twice as long each time."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

FREE: Final = 5
"""Wrong tries without a wait."""
FREE_ADDRESS: Final = 20
"""The same for an address, behind which a whole office may sit."""
FIRST, LAST = 2.0, 900.0
"""Seconds of the first wait and of the longest."""
FORGOTTEN: Final = 3600.0
MOST: Final = 10_000
"""Names remembered: a guesser who changes names shall not cost memory."""


class Throttle:
    """``clock`` gives seconds; a test turns it itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, login: str, address: str) -> float:
        """Seconds until the next try counts; 0 for now."""
        with self._lock:
            return max(self._left(name, free) for name, free in _names(login, address))

    def wrong(self, login: str, address: str) -> None:
        """A try that failed."""
        now = self._clock()
        with self._lock:
            for name, _ in _names(login, address):
                count, since = self._wrong.pop(name, (0, now))
                self._wrong[name] = (1 if now - since > FORGOTTEN else count + 1, now)
            while len(self._wrong) > MOST:
                self._wrong.popitem(last=False)

    def right(self, login: str, address: str) -> None:
        """The try that was counted as wrong beforehand succeeded."""
        with self._lock:
            self._wrong.pop(f"login {login[:64]}", None)
            # One less, not none: a guesser with an account of their own would go on for free.
            count, since = self._wrong.get(f"address {address}", (0, 0.0))
            if count:
                self._wrong[f"address {address}"] = (count - 1, since)

    def _left(self, name: str, free: int) -> float:
        count, since = self._wrong.get(name, (0, 0.0))
        if count < free:
            return 0.0
        pause = min(LAST, FIRST * 2.0 ** min(count - free, 30))
        return max(0.0, since + pause - self._clock())


def _names(login: str, address: str) -> Iterable[tuple[str, int]]:
    return (f"login {login[:64]}", FREE), (f"address {address}", FREE_ADDRESS)

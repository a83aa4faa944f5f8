"""What a server says: a line of JSON an event on standard error, whatever clients wrote into their requests."""

import json
import sys
import time
from collections.abc import Callable
from typing import Final

LONGEST: Final = 500
"""Characters of a value; the rest of a longer one is cut."""


class Log:
    """``write`` takes whole lines; ``clock`` gives seconds since 1970."""

    def __init__(self, write: Callable[[str], object] | None = None, clock: Callable[[], float] = time.time) -> None:
        self._write, self._clock = write or _to_standard_error, clock

    def __call__(self, event: str, **told: str | float | None) -> None:
        """One line: when, what, and the particulars. Control characters come out as JSON has them."""
        now = self._clock()
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03}Z"
        values = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in told.items()}
        self._write(json.dumps({"at": at, "event": event, **values}) + "\n")


def _to_standard_error(line: str) -> None:
    try:
        sys.stderr.write(line)
        sys.stderr.flush()
    except OSError:
        # Whoever read the log is gone; the library is served all the same.
        return

"""How the library grew: by the dates that articles state, and by what Git remembers."""

import datetime
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from responsa.library import git
from responsa.library.library import Library


class Growth(Struct, frozen=True):
    """Articles by the month they state (``2024-12``); ``undated`` state none."""

    months: dict[str, int]
    undated: int


class Month(Struct, frozen=True):
    """What happened in a month: commits that touched articles, and articles' files added, changed and removed."""

    month: str
    commits: int
    added: int
    changed: int
    removed: int


class History(Struct, frozen=True):
    """By month, the oldest first. ``last`` is the day of the last commit that touched an article."""

    months: tuple[Month, ...]
    last: str


def growth(dates: Iterable[str]) -> Growth:
    """``dates`` are ISO or empty."""
    counts = Counter(date[:7] for date in dates)
    undated = counts.pop("", 0)
    return Growth(dict(sorted(counts.items())), undated)


def history(library: Library) -> History | None:
    """From Git; ``None`` where the library is in none, or nothing of it was ever committed."""
    if not git.is_kept(library.folder):
        return None
    sums: dict[str, list[int]] = {}
    last = ""
    for step in git.steps(library.folder, library.content):
        day = _day(step.on)
        sums.setdefault(day[:7], [0, 0, 0, 0])
        for at, number in enumerate((1, step.added, step.changed, step.removed)):
            sums[day[:7]][at] += number
        last = max(last, day)
    return History(tuple(Month(month, *counts) for month, counts in sorted(sums.items())), last) if sums else None


def _day(moment: datetime.datetime) -> str:
    """In UTC, so that it is the same for everyone."""
    return moment.astimezone(datetime.UTC).date().isoformat()

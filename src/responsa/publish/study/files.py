"""Where the pages of study aids lie, and the two files that they share."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.library.config import Config
from responsa.library.subjects import SubjectInfo
from responsa.publish.assets import Asset, hashed, minified
from responsa.publish.search.script import script

STATIC: Final = Path(__file__).parents[1] / "static/study"
FOLDER: Final = "study/"
ALL: Final = "/study"


class Beside(Struct, frozen=True):
    """The style sheet and the script of study pages."""

    style: Asset
    script: Asset


@cache
def beside() -> Beside:
    """Both under names that hold their hashes; only study pages ask for them."""
    style = minified((STATIC / "study.css").read_text(encoding="utf-8"))
    parts = (script(STATIC / name).content for name in ("fsrs.js", "study.js"))
    return Beside(hashed("study", ".css", style.encode() + b"\n"), hashed("study", ".js", b";\n".join(parts)))


def deck_url(slug: str, page: int = 1) -> str:
    """The page of a deck, or of one of its files."""
    return f"{ALL}/{slug}" if page == 1 else f"{ALL}/{slug}/page/{page}"


def print_url(slug: str, page: int = 1) -> str:
    """The sheet for paper."""
    return f"{ALL}/{slug}/print" if page == 1 else f"{ALL}/{slug}/print/page/{page}"


def data_path(slug: str, number: int) -> str:
    """The cards of a file, from 0, for the script."""
    return f"{FOLDER}{slug}/{number}.json"


def decks(config: Config, shelves: Iterable[SubjectInfo], named: Iterable[str]) -> frozenset[str]:
    """The slugs of the subjects that have a deck; ``named`` are those of the setting, where it names some."""
    if not config.study.cards:
        return frozenset()
    wanted = set(named)
    return frozenset(one.slug for one in shelves if one.listed and (not wanted or one.slug in wanted))


def addresses(slugs: Iterable[str]) -> Iterator[str]:
    """Those that no article can have; pages behind them are reserved with them."""
    for slug in slugs:
        yield from (ALL, deck_url(slug), print_url(slug))

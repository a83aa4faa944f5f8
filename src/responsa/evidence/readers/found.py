"""What every reader gives, and how it says that it cannot."""

from msgspec import Struct

from responsa.article import Source
from responsa.errors import ResponsaError
from responsa.evidence.passages import Paragraph


class SourceError(ResponsaError):
    """A file that is no readable source. The message says what is wrong and what to do, without the path."""


class Found(Struct, frozen=True):
    """One source as a file holds it. ``meta.id`` may be empty: the shelf names it after the file then."""

    meta: Source
    paragraphs: tuple[Paragraph, ...]
    licence: str = ""


RETRACTED = ("retracted:", "retracted article", "[retracted]", "retraction:", "withdrawn:")


def is_retracted(title: str) -> bool:
    """Whether publishers' own mark stands at the head of the title."""
    return title.strip().casefold().startswith(RETRACTED)


def year_of(text: str) -> int | None:
    """The first year that a date names."""
    digits = "".join(sign if sign.isascii() and sign.isdigit() else " " for sign in text).split()
    return next((int(part[:4]) for part in digits if len(part) in {4, 6, 8} and part[0] in "12"), None)

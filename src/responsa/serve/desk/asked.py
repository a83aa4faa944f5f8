"""A request as the desk's pages see it, and what they answer: plain values, so that a page is a function."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.serve.login.door import Person
from responsa.serve.login.visit import Visit

MOST_FIELDS: Final = 3000
LONGEST: Final = 4 * 1024 * 1024
"""Bytes of a form."""
HOME: Final = "/desk"


class FormError(ResponsaError):
    """A form that no page of ours sent."""


class NotThereError(ResponsaError):
    """An address of the desk that leads to nothing."""


class Fields(Struct, frozen=True):
    """Names with their values, in order; a name may stand more than once."""

    pairs: tuple[tuple[str, str], ...] = ()

    def __call__(self, name: str, default: str = "") -> str:
        """The first value of a name."""
        return next((value for key, value in self.pairs if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of a name."""
        return [value for key, value in self.pairs if key == name]

    def text(self, name: str) -> str:
        """A text of several lines: browsers send CRLF whatever was typed."""
        return self(name).replace("\r\n", "\n").replace("\r", "\n")

    def number(self, name: str, default: int = 0) -> int:
        """A whole number, not negative and of a size that a list can have."""
        found = self(name)
        return min(int(found), 10_000_000) if found.isascii() and found.isdigit() and len(found) < 10 else default  # noqa: PLR2004


class Asked(Struct, frozen=True):
    """``form`` is empty for what is only read; ``cookies`` are the browser's."""

    path: str
    query: Fields
    visit: Visit
    person: Person | None = None
    form: Fields = Fields()
    cookies: Mapping[str, str] = {}


class Answer(Struct, frozen=True):
    """``body`` is a page, or empty where ``location`` leads on; ``cookie`` is a whole header."""

    body: str = ""
    status: int = 200
    location: str = ""
    cookie: str = ""
    kind: str = "text/html; charset=utf-8"
    headers: Sequence[tuple[str, str]] = ()


def fields(data: bytes) -> Fields:
    """What a form sent. Raises ``FormError``."""
    try:
        text = data.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="utf-8", errors="strict")
    except ValueError as error:
        raise FormError(f"this form cannot be read: {error}") from error
    return Fields(tuple(pairs))


def to(path: str, /, **query: object) -> str:
    """An address of the desk with what is not empty as its query."""
    given = [(key.rstrip("_"), str(value)) for key, value in query.items() if value not in ("", None)]
    return f"{HOME}{path}{'?' + urlencode(given) if given else ''}"


def back(wanted: str) -> str:
    """Where a login leads on to: a page of the desk, whatever else was asked for."""
    parts = urlsplit(wanted) if wanted.isprintable() and "\\" not in wanted else None
    if parts is None or parts.scheme or parts.netloc or not (f"{parts.path}/").startswith(f"{HOME}/"):
        return HOME
    if parts.path.startswith("//") or ".." in parts.path:
        return HOME
    return wanted


def seen(path: str) -> Answer:
    """After a form: the page that shows what it did."""
    return Answer(status=303, location=path)

"""Crossref's REST interface: https://www.crossref.org/documentation/retrieve-metadata/rest-api/."""

import re
from html import unescape
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from responsa.evidence.readers.found import SourceError, is_retracted, year_of
from responsa.evidence.readers.jats import of_jats
from responsa.evidence.remote.client import Client
from responsa.evidence.remote.item import Item

ADDRESS: Final = "https://api.crossref.org"
RETRACTIONS: Final = frozenset({"retraction", "withdrawal", "removal"})
LONGEST: Final = 100_000
"""Characters of an abstract."""


_TAG: Final = re.compile(r"</?[A-Za-z][\w:]{0,20}(?:\s[^<>]{0,200})?/?>")


class Crossref:
    """``about`` is what Crossref wants to know of who asks: mailto."""

    def __init__(self, client: Client, about: dict[str, str], address: str = ADDRESS) -> None:
        self.client, self.about, self.address = client, about, address.rstrip("/")

    def item(self, doi: str) -> Item | None:
        """What Crossref knows under ``doi``, and whether any notice retracts it. Raises ``SourceError``."""
        data = self.client.get(self._url(f"works/{quote(doi, safe='')}", {}))
        if data is None:
            return None
        item = read_work(data, doi)
        if item.retracted:
            return item
        # Older records do not say that they were retracted: only the notice names them.
        notices = self.client.get(self._url("works", {"filter": f"updates:{doi}", "select": "DOI,update-to"}))
        notice = _notice(notices, doi) if notices else ""
        return msgspec.structs.replace(item, retracted=True, notice=f"doi:{notice}") if notice else item

    def _url(self, path: str, wanted: dict[str, str]) -> str:
        query = urlencode({**wanted, **self.about})
        return f"{self.address}/{path}" + (f"?{query}" if query else "")


def read_work(data: bytes, doi: str) -> Item:
    """One work. Raises ``SourceError`` for what is none."""
    work = _message(data)
    if not isinstance(work.get("DOI"), str):
        raise SourceError(_NO_WORK)
    title = _words(work.get("title"))
    retraction = next((str(note.get("DOI", "")) for note in _retractions(work.get("updated-by"))), None)
    notice = any(True for _ in _retractions(work.get("update-to")))
    licence = next((str(entry.get("URL", "")) for entry in _dicts(work.get("license"))), "")
    return Item(
        "", title, tuple(_names(work.get("author"))), _year(work), _words(work.get("container-title")),
        _text(work.get("volume")), _text(work.get("page")), doi, "", f"https://doi.org/{doi}", licence[:300],
        retraction is not None or notice or is_retracted(title), f"doi:{retraction}" if retraction else "",
        of_jats(_text(work.get("abstract"))),
    )  # fmt: skip


_NO_WORK: Final = "Crossref sent an answer that is no work; run the command again later"


def _message(data: bytes) -> dict[str, Any]:
    try:
        held = msgspec.json.decode(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(_NO_WORK) from error
    message = held.get("message") if isinstance(held, dict) else None
    if not isinstance(message, dict):
        raise SourceError(_NO_WORK)
    return message


def _notice(data: bytes, doi: str) -> str:
    for work in _dicts(_message(data).get("items")):
        if any(str(note.get("DOI", "")).casefold() == doi for note in _retractions(work.get("update-to"))):
            return str(work.get("DOI", "")) or "a notice"
    return ""


def _retractions(value: object) -> list[dict[str, Any]]:
    return [note for note in _dicts(value) if str(note.get("type", "")).casefold() in RETRACTIONS]


def _dicts(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _first(value: object) -> object:
    return (value[0] if value else "") if isinstance(value, list) else value


def _text(value: object) -> str:
    return value[:LONGEST].strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _words(value: object) -> str:
    """A title without the marks and references of characters that publishers leave in it."""
    return " ".join(unescape(_TAG.sub("", _text(_first(value)))).split())


def _names(value: object) -> list[tuple[str, str]]:
    found = []
    for name in _dicts(value)[:200]:
        family, given = _text(name.get("family")), _text(name.get("given"))
        initials = "".join(part[0] for part in re.split(r"[\s.-]+", given) if part)
        found.append((family or _text(name.get("name")), initials if family else ""))
    return [name for name in found if name[0]]


def _year(work: dict[str, Any]) -> int | None:
    for key in ("published-print", "published", "issued", "published-online"):
        date = work.get(key)
        parts = _first(date.get("date-parts")) if isinstance(date, dict) else None
        if isinstance(parts, list) and parts and (year := year_of(str(parts[0]))):
            return year
    return None

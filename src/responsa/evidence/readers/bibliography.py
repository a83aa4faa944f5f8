"""Files of references: RIS, NBIB (MEDLINE) and CSL-JSON. Abstracts are the passages."""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from responsa.article import Source
from responsa.evidence.readers.found import Found, SourceError, is_retracted, year_of
from responsa.evidence.readers.jats import of_jats
from responsa.evidence.readers.text import decoded

Fields = dict[str, list[str]]
_LINE: Final = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")


def read_ris(data: bytes) -> list[Found]:
    """A source an entry. Raises ``SourceError`` where there is none."""
    found = [_of_ris(entry) for entry in _entries(decoded(data), opening="TY", closing="ER")]
    return _some(found, "RIS", "an entry opens with `TY  - JOUR` and closes with `ER  - `")


def read_nbib(data: bytes) -> list[Found]:
    """A source an entry, as PubMed exports them."""
    found = [_of_nbib(entry) for entry in _entries(decoded(data), opening="PMID", closing="")]
    return _some(found, "NBIB", "an entry opens with `PMID- 12345`")


def read_csl(data: bytes) -> list[Found]:
    """A source an item of CSL-JSON, as Zotero and Crossref export them."""
    try:
        held = msgspec.json.decode(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"no JSON: {error}") from error
    items = held if isinstance(held, list) else [held]
    return _some([_of_csl(item) for item in items if isinstance(item, dict)], "CSL-JSON", "expected a list of items")


def _some(found: list[Found], kind: str, expected: str) -> list[Found]:
    if not found:
        raise SourceError(f"no {kind} entry found; {expected}")
    return found


def _entries(text: str, opening: str, closing: str) -> Iterator[Fields]:
    entry: Fields = {}
    last = ""
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            if last and line.strip() and entry:
                entry[last][-1] += " " + line.strip()
            continue
        last, value = match[1], match[2].strip()
        if last == opening and entry:
            yield entry
            entry = {}
        if last == closing:
            if entry:
                yield entry
            entry, last = {}, ""
        elif entry or last == opening:
            entry.setdefault(last, []).append(value)
    if entry:
        yield entry


def _first(entry: Fields, *keys: str) -> str:
    return next((value for key in keys for value in entry.get(key, []) if value), "")


def _of_ris(entry: Fields) -> Found:
    title = _first(entry, "TI", "T1", "CT", "BT")
    authors = ", ".join(entry.get("AU", []) + entry.get("A1", []))
    meta = Source(
        _first(entry, "ID"), title, authors, year_of(_first(entry, "PY", "Y1", "DA")), _venue_of_ris(entry),
        _first(entry, "DO").removeprefix("https://doi.org/"), _pmid_of_ris(entry), _first(entry, "UR"),
        _first(entry, "TY") == "RTRCT" or is_retracted(title),
    )  # fmt: skip
    return _found(meta, _first(entry, "AB", "N2"))


def _venue_of_ris(entry: Fields) -> str:
    journal = _first(entry, "T2", "JO", "JF", "JA", "J2", "PB")
    volume, start, end = _first(entry, "VL"), _first(entry, "SP"), _first(entry, "EP")
    return _venue(journal, volume, f"{start}-{end}" if end and end != start else start)


def _pmid_of_ris(entry: Fields) -> str:
    number = _first(entry, "AN") if "pubmed" in _first(entry, "DB", "DP").casefold() else ""
    return number if number.isdigit() else ""


def _venue(journal: str, volume: str, pages: str) -> str:
    return f"{journal} {volume}{':' if volume and pages else ''}{pages}".strip()


def _of_nbib(entry: Fields) -> Found:
    title = _first(entry, "TI")
    ids = [value for key in ("LID", "AID") for value in entry.get(key, [])]
    doi = next((value.removesuffix("[doi]").strip() for value in ids if value.endswith("[doi]")), "")
    kinds = {value.casefold() for value in entry.get("PT", [])}
    meta = Source(
        "", title, ", ".join(entry.get("AU", [])), year_of(_first(entry, "DP")),
        _venue(_first(entry, "TA", "JT"), _first(entry, "VI"), _first(entry, "PG")), doi, _first(entry, "PMID"),
        retracted="retracted publication" in kinds or "RIN" in entry or is_retracted(title),
    )  # fmt: skip
    return _found(meta, _first(entry, "AB"))


def _of_csl(item: dict[str, Any]) -> Found:
    def text(key: str) -> str:
        value = item.get(key)
        if isinstance(value, list):
            value = value[0] if value else ""
        return str(value) if isinstance(value, str | int | float) else ""

    title = text("title")
    meta = Source(
        text("id"), title, ", ".join(_csl_names(item.get("author"))), _csl_year(item.get("issued")),
        _venue(text("container-title"), text("volume"), text("page")), text("DOI"), text("PMID"), text("URL"),
        item.get("retracted") is True or is_retracted(title)
        or any(_is_retraction(note) for key in ("update-to", "updated-by") for note in _dicts(item.get(key))),
    )  # fmt: skip
    licence = next((str(entry.get("URL", "")) for entry in _dicts(item.get("license"))), "") or text("license")
    return _found(meta, text("abstract"), licence[:300])


_RETRACTIONS: Final = frozenset({"retraction", "withdrawal", "removal"})


def _is_retraction(note: dict[str, Any]) -> bool:
    return str(note.get("type", "")).casefold() in _RETRACTIONS


def _dicts(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _csl_names(value: object) -> Iterator[str]:
    for name in _dicts(value):
        literal = str(name.get("literal") or "")
        yield literal or f"{name.get('family') or ''} {str(name.get('given') or '')[:1]}".strip()


def _csl_year(value: object) -> int | None:
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    return year_of(str(first[0])) if isinstance(first, list) and first else None


def _found(meta: Source, abstract: str, licence: str = "") -> Found:
    return Found(meta, of_jats(abstract), licence)

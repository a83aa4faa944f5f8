"""What is known about a fetched reference, and the file that keeps it: one item of CSL-JSON, as Zotero reads it.

A section of the abstract is `<jats:title>Methods</jats:title><jats:p>...</jats:p>`, as Crossref writes it.
"""

from html import escape

import msgspec
from msgspec import Struct

from responsa.evidence.passages import Paragraph


class Item(Struct, frozen=True):
    """A reference. ``authors`` are (family name, given names or initials); a group has no second part."""

    id: str
    title: str = ""
    authors: tuple[tuple[str, str], ...] = ()
    year: int | None = None
    venue: str = ""
    volume: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    licence: str = ""
    retracted: bool = False
    notice: str = ""
    abstract: tuple[Paragraph, ...] = ()


def encode(item: Item) -> bytes:
    """A file of sources: a fact a line, so that a retraction changes one line."""
    held = {
        "id": item.id,
        "type": "article-journal" if item.venue else "document",
        "title": item.title,
        "author": [
            {"family": family, "given": given} if given else {"literal": family} for family, given in item.authors
        ],
        "issued": {"date-parts": [[item.year]]} if item.year else None,
        "container-title": item.venue,
        "volume": item.volume,
        "page": item.pages,
        "DOI": item.doi,
        "PMID": item.pmid,
        "URL": item.url,
        "license": item.licence,
        "retracted": item.retracted or None,
        "note": f"Retraction: {item.notice}" if item.notice else None,
        "abstract": "".join(_marked(paragraph) for paragraph in item.abstract),
    }
    kept = {key: value for key, value in held.items() if value}
    return msgspec.json.format(msgspec.json.encode([kept]), indent=2) + b"\n"


def _name(family: str, given: str) -> dict[str, str]:
    return {"family": family, "given": given} if given else {"literal": family}


def _marked(paragraph: Paragraph) -> str:
    head = f"<jats:title>{escape(paragraph.section)}</jats:title>" if paragraph.section else ""
    return f"{head}<jats:p>{escape(paragraph.text)}</jats:p>"

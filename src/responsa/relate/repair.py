"""What mends one thing in a library: edits, and files that may go once the edits are written."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.article import Edit, Url
from responsa.library.catalogue import Catalogue
from responsa.relate.duplicates import duplicates
from responsa.relate.links import chosen
from responsa.relate.merge import merges
from responsa.relate.related import Relations, edits

FEW: Final = 3


class Repair(Struct, frozen=True):
    """``about`` is the article it is for; ``note`` says in a sentence what is done."""

    about: Url
    note: str
    edits: tuple[Edit, ...]
    gone: tuple[PurePosixPath, ...] = ()


def of_related(relations: Relations, catalogue: Catalogue) -> Iterator[Repair]:  # noqa: ARG001 - one shape of all rules
    """One an article whose related links are not those it should have, by path."""
    for page in relations.table.by_url.values():
        if page.listed:
            found = tuple(edits(page, chosen(page, relations.table, relations.found), relations))
            if found:
                yield Repair(page.url, f"{len(found)} of its related links", found)


def of_duplicates(relations: Relations, catalogue: Catalogue) -> Iterator[Repair]:
    """One a cluster of articles that ask one question, by the address of the one that stays."""
    for merge in merges(duplicates(relations, catalogue), catalogue):
        copies = merge.cluster.copies
        named = _named(copy.page.url for copy in copies)
        note = f"stays ({merge.cluster.reason}); {named} merged into it: {copies[0].why}"
        yield Repair(merge.cluster.canonical.url, note, merge.edits, merge.gone)


def _named(urls: Iterable[Url]) -> str:
    listed = list(urls)
    rest = f" and {len(listed) - FEW} more" if len(listed) > FEW else ""
    return f"{', '.join(listed[:FEW])}{rest}"

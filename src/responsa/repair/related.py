"""Repairs that need the neighbours of every question: related links, and articles that ask one question."""

from collections.abc import Iterable, Iterator
from typing import Final

from responsa.article import Url
from responsa.relate.duplicates import duplicates
from responsa.relate.links import chosen
from responsa.relate.merge import Merge, merges
from responsa.relate.related import edits
from responsa.repair.neighbourhood import Neighbourhood
from responsa.repair.repair import Repair
from responsa.repair.scene import Scene

FEW: Final = 3


def related(scene: Scene, held: Neighbourhood) -> Iterator[Repair]:  # noqa: ARG001 - one shape of all rules
    """One an article whose related links are not those it should have, by path."""
    relations = held.relations
    for page in relations.table.by_url.values():
        if page.listed:
            found = tuple(edits(page, chosen(page, relations.table, relations.found), relations))
            if found:
                yield Repair(page.url, f"{len(found)} of its related links", found)


def merged(scene: Scene, held: Neighbourhood) -> Iterator[Repair]:
    """One a cluster of articles that ask one question, by the address of the one that stays."""
    yield from map(repair_of, merges(duplicates(held.relations, scene.catalogue), scene.catalogue))


def repair_of(merge: Merge) -> Repair:
    """The merging of one cluster."""
    copies = merge.cluster.copies
    named = _named(copy.page.url for copy in copies)
    note = f"stays ({merge.cluster.reason}); {named} merged into it: {copies[0].why}"
    return Repair(merge.cluster.canonical.url, note, merge.edits, merge.gone)


def _named(urls: Iterable[Url]) -> str:
    listed = list(urls)
    rest = f" and {len(listed) - FEW} more" if len(listed) > FEW else ""
    return f"{', '.join(listed[:FEW])}{rest}"

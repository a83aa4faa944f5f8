"""Repairs carried out, batch by batch: what files held is kept first, then edits are written, then files removed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from responsa.article import Url
from responsa.errors import EditError
from responsa.library.catalogue import Catalogue
from responsa.library.library import Change, Library, apply
from responsa.library.remove import Removal, remove
from responsa.library.write import write
from responsa.repair.journal import Batch, Before, Run, digest
from responsa.repair.repair import Repair

BATCH: Final = 200
"""Repairs written together: an interruption costs no more than these."""


class Planned(Struct, frozen=True):
    """What a batch of repairs makes of its files. ``left`` says why repairs were left out, a line each."""

    repairs: list[Repair]
    changes: list[Change]
    removals: list[Removal]
    left: list[str]

    @property
    def paths(self) -> list[PurePosixPath]:
        """All files that it touches."""
        return [*(change.path for change in self.changes), *(removal.path for removal in self.removals)]


def planned(library: Library, catalogue: Catalogue, batch: Sequence[Repair]) -> Planned:
    """All of them together, or where one cannot be done without harm, all but those that cannot."""
    find, done = catalogue.path_of, [*batch]
    left: list[str] = []
    try:
        changes = changed(library, done, find)
    except EditError:
        done, left = _sorted_out(library, batch, find)
        changes = changed(library, done, find)
    removals = [
        removal
        for repair in done
        for path in repair.gone
        for removal in (_removal(library, catalogue, path, repair.note), *_ledger(library, path, repair.note))
    ]
    gone = {removal.path for removal in removals}
    return Planned(done, [change for change in changes if change.path not in gone], removals, left)


def changed(library: Library, batch: Iterable[Repair], find: Callable[[Url], PurePosixPath | None]) -> list[Change]:
    """What the edits of repairs make of their files."""
    return apply(library, [edit for repair in batch for edit in repair.edits], find)


def carry_out(library: Library, plan: Planned, run: Run, rule: str) -> None:
    """At no moment is a question in neither place, nor a byte lost that was there."""
    if not plan.paths:
        return
    edited = [Before(str(one.path), one.before, digest(one.after)) for one in plan.changes]
    run.keep(Batch(rule, [*edited, *(Before(str(one.path), one.before, b"") for one in plan.removals)]))
    write(library, plan.changes)
    remove(library, plan.removals)


def _sorted_out(
    library: Library, batch: Sequence[Repair], find: Callable[[Url], PurePosixPath | None]
) -> tuple[list[Repair], list[str]]:
    done: list[Repair] = []
    left: list[str] = []
    for repair in batch:
        try:
            changed(library, [repair], find)
        except EditError as error:
            left.append(f"{repair.about}: left as it is: {error}")
        else:
            done.append(repair)
    return done, left


def _removal(library: Library, catalogue: Catalogue, path: PurePosixPath, reason: str) -> Removal:
    data = library.data(path)
    card = catalogue.card_at(path)
    if card is None or digest(data).hex() != card.digest:
        raise EditError(f"{path}: was changed meanwhile; run the command again")
    return Removal(path, data, reason)


def _ledger(library: Library, path: PurePosixPath, reason: str) -> Iterator[Removal]:
    """A ledger without its article says nothing to anybody."""
    data = library.evidence(path)
    if data:
        yield Removal(library.ledger(path), data, reason)


def of_subject(catalogue: Catalogue, found: Iterable[Repair], slug: str, size: int = BATCH) -> Iterator[Repair]:
    """Those about articles of one subject."""
    batch: list[Repair] = []
    for repair in found:
        batch.append(repair)
        if len(batch) == size:
            yield from _on_shelf(catalogue, batch, slug)
            batch = []
    yield from _on_shelf(catalogue, batch, slug)


def _on_shelf(catalogue: Catalogue, batch: list[Repair], slug: str) -> Iterator[Repair]:
    cards = catalogue.lookup(repair.about for repair in batch)
    return (one for one in batch if one.about in cards and cards[one.about].subject_slug == slug)

"""What relating knows, brought up to date with the catalogue: as if all were worked out anew."""

import numpy as np
from msgspec import Struct

from responsa.library.catalogue import Catalogue
from responsa.relate.known import Known
from responsa.relate.neighbours import Before, all_anew, brought_up, marks
from responsa.relate.pages import Page, changes
from responsa.relate.questions import NONE, Embed, renewed
from responsa.relate.roll import NOWHERE, Places, Roll
from responsa.relate.table import Table


class Now(Struct, frozen=True):
    """The questions as the catalogue is now.

    ``moved``: where the old ones are that nobody touched; ``changes``: how many articles came, went or changed.
    """

    table: Table
    moved: Places
    changes: int


def questions_now(known: Known | None, catalogue: Catalogue, embed: Embed) -> Now:
    """All questions, with what is known of those that did not change."""
    old = known.roll if known else Roll.of(())
    roll, moved = _roll(old, catalogue, known.stamp if known else "")
    renewal = renewed(known.questions if known else NONE, old, roll, moved, embed)
    return Now(Table(roll, renewal.questions), renewal.moved, int(len(roll) + len(old) - 2 * (moved >= 0).sum()))


def known_now(known: Known | None, now: Now, stamp: str) -> Known:
    """The neighbours of all questions at the catalogue's stamp."""
    table, marked = now.table, marks(now.table)
    if known is None:
        found = all_anew(table)
    else:
        found = brought_up(table, marked, Before(known.questions, known.marks, known.found), now.moved)
    return Known(stamp, table.roll, table.questions, marked, found)


def _roll(old: Roll, catalogue: Catalogue, stamp: str) -> tuple[Roll, Places]:
    """All articles now, and where the old ones are that did not change."""
    gone, new = changes(catalogue, stamp)
    if gone is not None:
        return old.replaced(gone, new)
    if not len(old):
        return Roll.of(new), np.zeros(0, np.int64)
    # The catalogue was made anew, which says nothing of what changed: what is the same to us did not.
    there = {page.path for page in new}
    other = [page for page in new if not _is_in(old, page)]
    return old.replaced((page.path for page in old if page.path not in there), other)


def _is_in(roll: Roll, page: Page) -> bool:
    place = roll.place(page.path)
    return place != NOWHERE and roll[place] == page

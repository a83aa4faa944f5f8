"""An import into a folder, and what came of it."""

from responsa.cli.importing import homed
from responsa.exchange.imports.intake import Known, Made, Wishes, take_in
from responsa.exchange.imports.kinds import Request, found_in, kind_of
from responsa.exchange.imports.taken import Taken
from responsa.library.library import read


def take(folder, start, spool, *, write=True, kind="", wishes=None, **request):
    """Outcomes of importing ``start`` into the library in ``folder``, which is made where it is missing."""
    folder.mkdir(exist_ok=True)
    library = homed(read(folder))
    asked = Request(kind_of(start, kind), start, start, **request)
    spool.unlink(missing_ok=True)
    with Taken() as taken:
        taken.learn(library)
        return list(take_in(library, found_in(asked, spool), taken, wishes or Wishes(), write=write))


def made(outcomes):
    return [one for one in outcomes if isinstance(one, Made)]


def known(outcomes):
    return [one for one in outcomes if isinstance(one, Known)]


def untaken(outcomes):
    """``(record, reason)`` of everything that was not taken."""
    return [(one.place.record, one.reason) for one in outcomes if hasattr(one, "reason")]


def articles(folder):
    return list(homed(read(folder)).articles())

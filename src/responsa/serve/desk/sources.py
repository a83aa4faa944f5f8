"""The shelf at hand: passages by their id, a source from end to end, and a check of words that are being typed."""

from threading import Lock

from msgspec import Struct

from responsa.article import Article, Source
from responsa.evidence.check import check
from responsa.evidence.judges import ByPassages
from responsa.evidence.passages import Passage
from responsa.evidence.report import Report
from responsa.evidence.retrieval import Nearest
from responsa.evidence.stock import opened, references, stocked
from responsa.library.library import Library


class Opened(Struct, frozen=True):
    """The shelf as its files are: a search, where each source's passages lie in it, and what the sources are."""

    block: str
    nearest: Nearest
    places: dict[str, range]
    references: dict[str, Source]

    def passage(self, id: str) -> Passage | None:  # noqa: A002 - the name everywhere
        """The passage with this id; none where its source changed since."""
        return next((one for one in self.source(id.partition("#")[0]) if one.id == id), None)

    def source(self, name: str) -> list[Passage]:
        """All passages of a source, in its order."""
        return [self.nearest.postings.passage(number) for number in self.places.get(name, range(0))]

    def check(self, article: Article, before: Report | None = None) -> Report:
        """Verdicts of the embedded checker; none is written."""
        return check(article, self.nearest, ByPassages(), before=before)


class Sources:
    """One library's; read anew only where a file of the shelf changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: Opened | None = None

    def open(self, library: Library) -> Opened:
        """The shelf as it is now."""
        with self._lock:
            stock = stocked(library)
            if self._held is None or self._held.block != stock.block:
                nearest = opened(library, stock.block)
                self._held = Opened(stock.block, nearest, _places(nearest), references(library))
            return self._held


def _places(nearest: Nearest) -> dict[str, range]:
    """Sources follow one another; a passage's id begins with its source's."""
    found: dict[str, range] = {}
    for number in range(nearest.postings.count):
        name = nearest.postings.passage(number).source
        known = found.get(name, range(number, number))
        found[name] = range(known.start, number + 1)
    return found


def by_embedded(report: Report | None) -> bool:
    """Whether the embedded checker may renew what the ledger says: a model's verdicts are not replaced by it."""
    name = ByPassages.name.partition("/")[0]
    return report is None or report.judge.partition("/")[0] == name

"""The library's sources, ready to be searched: found again where a file of ``sources/`` changed."""

from threading import Lock

from responsa.draft.shelves import study_of
from responsa.draft.writing import Study
from responsa.evidence.shelf import FOLDER
from responsa.evidence.stock import stocked
from responsa.library.library import Library


class Shelf:
    """Sources by words and meaning. Who asks while they are being read gets what there was before."""

    def __init__(self) -> None:
        self._reading = Lock()
        self._kept: tuple[str, Study] | None = None

    def study(self, library: Library) -> Study | None:
        """What answers are drawn from; nothing where the library has no sources, or they are still being read."""
        if not (library.folder / FOLDER).is_dir():
            return None
        if not self._reading.acquire(blocking=False):
            return self._kept[1] if self._kept else None
        try:
            stock = stocked(library)
            if self._kept is None or self._kept[0] != stock.block:
                self._kept = (stock.block, study_of(library, stock=stock))
            return self._kept[1]
        finally:
            self._reading.release()

"""What drafts of a library are made with: its sources, found by words and by meaning, and who judges."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Final

from responsa.draft.rank import Alike
from responsa.draft.writing import Study
from responsa.evidence.judge import Judge
from responsa.evidence.judges import ByPassages
from responsa.evidence.retrieval import Nearest
from responsa.evidence.stock import Stock, opened, references, stocked
from responsa.index.encoder import Encoder
from responsa.library.library import Library

MOST: Final = 20_000
"""Sentences that are remembered: 30 MB."""
Progress = Callable[[int, int], None]


def study_of(
    library: Library, judge: Judge | None = None, *, meaning: bool = True, mark: bool = False,
    stock: Stock | None = None, progress: Progress = lambda _done, _all: None,
) -> Study:  # fmt: skip
    """The library's sources as they are now. ``meaning`` needs the extra `search`; ``judge`` is what a ledger gets.

    A judge model is shown passages found by meaning too, as `responsa verify` shows them.
    """
    stock = stock or stocked(library)
    by_words = opened(library, stock.block)
    finding, alike = (_by_meaning(library, by_words, progress)) if meaning else (by_words, None)
    checking = finding if judge is not None else by_words
    return Study(finding, checking, judge or ByPassages(), references(library), alike, mark)


def _by_meaning(library: Library, by_words: Nearest, progress: Progress) -> tuple[Nearest, Alike]:
    from responsa.evidence.hybrid import hybrid  # noqa: PLC0415 - parts of an extra

    found = hybrid(library, by_words, progress)

    return found, _Remembered(found.encoder)


class _Remembered:
    """Nearness in meaning; the sentences of a shelf are encoded once, whatever question they come up for."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.rows: dict[str, Any] = {}
        self._lock = Lock()

    def __call__(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        with self._lock:
            if len(self.rows) > MOST:
                self.rows.clear()
            new = [text for text in dict.fromkeys([question, *texts]) if text not in self.rows]
            self.rows.update(zip(new, self.encoder.encode(new), strict=True))
            asked = self.rows[question]
            return [round(float(self.rows[text] @ asked), 4) for text in texts]

"""What drafts of a library are made with: its sources, found by words and by meaning, and who judges."""

from collections.abc import Callable, Sequence

from responsa.draft.rank import Alike
from responsa.draft.writing import Study
from responsa.evidence.judge import Judge
from responsa.evidence.judges import ByPassages
from responsa.evidence.retrieval import Nearest
from responsa.evidence.stock import Stock, opened, references, stocked
from responsa.library.library import Library

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

    def alike(question: str, texts: Sequence[str]) -> Sequence[float]:
        rows = found.encoder.encode([question, *texts])
        return [round(float(row @ rows[0]), 4) for row in rows[1:]]

    return found, alike

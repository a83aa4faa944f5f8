"""When a sentence may stand in a draft: the rule that decides what is kept and what is cut (docs/decisions/020)."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from responsa.draft.safety import is_order
from responsa.evidence.passages import Passage
from responsa.evidence.report import Checked
from responsa.evidence.retrieval import windows
from responsa.evidence.verdict import CARRIED, Verdict
from responsa.evidence.words import Word, words

LEFT_OUT: Final = 0.2
"""Share of a sentence's telling words that a rewording may leave out."""
_TELLING: Final = 0.3
"""Weight from which a word is no function word; signs such as `%` and `<` weigh that."""
_HEDGES: Final = frozenset(
    "about almost all always any approximately at can could every few first least likely mainly many may might "
    "mostly most much never nearly no none not often only or over perhaps possibly probably rarely "
    "seldom should some sometimes suggest suggests than typically under unless up usually until when if without".split()
)
"""Words that say how far a sentence holds: a rewording has just those of its passage."""


class Proposed(Struct, frozen=True):
    """A sentence as a writer puts it, resting on ``quote`` of ``passage``. ``run``: its paragraph or item.

    ``passage`` is empty where the writer named none that was shown to it.
    """

    text: str
    passage: Passage | None
    quote: str
    run: int
    label: str = ""
    listed: bool = False
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def verbatim(self) -> bool:
        """Whether it stands in its passage as it is."""
        return self.passage is not None and _flat(self.text) in _flat(self.passage.text)


def unfounded(sentence: Proposed) -> str:
    """What is wrong with a sentence before any judge sees it: no citation, an invented one, an order, markup."""
    if sentence.passage is None:
        return "names no passage that was shown"
    quote = _flat(sentence.quote)
    if not quote:
        return "quotes nothing of its passage"
    if quote.casefold() not in _flat(sentence.passage.text).casefold():
        return "quotes words that its passage does not hold"
    if is_order(sentence.text):
        return "speaks to a model and not to a reader"
    return ""


def uncarried(sentence: Proposed, checked: Checked | None) -> str:
    """Why the sentence may not stand; nothing where it may.

    It may where it is quoted or judged supported. `wording` may where it is a sentence of the very passage that it
    cites with some words taken out. All else is cut, however likely it is.
    """
    if checked is None or not checked.claim.checkable:
        return "" if sentence.verbatim else "says nothing that a source could carry"
    finding = checked.finding
    if finding.verdict in CARRIED:
        return ""
    if sentence.verbatim and finding.verdict is not Verdict.CONTRADICTED:
        return ""
    if finding.verdict is Verdict.WORDING:
        return _reworded(sentence, checked)
    return finding.tension or finding.reason or finding.verdict.value


def _reworded(sentence: Proposed, checked: Checked) -> str:
    """Without a judge model only a sentence that takes words out: none added, none moved, none that limits it lost."""
    passage, finding = sentence.passage, checked.finding
    if passage is None or finding.passage != passage.id:
        return "is near another passage than the one it cites"
    own = words(sentence.text)
    if any(_shortens(own, window.words) for window in windows(passage.text)):
        return ""
    return "says in other words what only a judge model could find in its passage"


def _shortens(own: Sequence[Word], theirs: Sequence[Word]) -> bool:
    ours, held = _telling(own), _telling(theirs)
    rest = iter(held)
    in_order = all(key in rest for key in ours)
    return in_order and len(ours) >= (1 - LEFT_OUT) * len(held) and _limits(own) == _limits(theirs)


def _telling(text: Sequence[Word]) -> list[str]:
    return [word.key for word in text if word.weight >= _TELLING]


def _limits(text: Sequence[Word]) -> list[str]:
    return sorted(word.lower for word in text if word.negation or word.lower in _HEDGES)


def _flat(text: str) -> str:
    return " ".join(text.split())

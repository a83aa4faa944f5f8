"""When a sentence may stand in a draft: the rule that decides what is kept and what is cut (docs/decisions/020)."""

from typing import Final

from msgspec import Struct

from responsa.draft.safety import is_order
from responsa.evidence.check import Checked
from responsa.evidence.coverage import NAMES, features
from responsa.evidence.passages import Passage
from responsa.evidence.retrieval import Hit
from responsa.evidence.verdict import CARRIED, Verdict

NEAR_COPY: Final = 0.8
"""Confidence of `wording` from which a sentence is the passage's own in another order or length."""
WHOLE: Final = 0.75
"""Share of a sentence's weight of words that the best window of its passage must hold."""


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

    It may where it is quoted or judged supported. `wording` may where it is a near-copy of the very passage that it
    cites, with every number and name of its own in it and the same negations. All else is cut, however likely it is.
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
    passage, finding = sentence.passage, checked.finding
    if passage is None or finding.passage != passage.id:
        return "is near another passage than the one it cites"
    if finding.confidence < NEAR_COPY:
        return f"is not near enough to its passage without a judge model ({finding.confidence:.2f})"
    seen = dict(zip(NAMES, features(sentence.text, [Hit(passage, 0.0, 0.0)]), strict=True))
    if seen["numbers lacking"] or seen["names lacking"]:
        return "has a number or a name that its passage lacks"
    if seen["negation"]:
        return "denies what its passage says, or the other way round"
    return "" if seen["window"] >= WHOLE else "says more than its passage"


def _flat(text: str) -> str:
    return " ".join(text.split())

"""How near a claim is to a sentence of a source, and in what the two differ.

Near-copies are compared, meaning is not judged: a difference is reported only where the words around it agree.
"""

from typing import Final

from msgspec import Struct

from responsa.evidence.differences.direction import opposites
from responsa.evidence.differences.laid import Laid, Text, content, shown
from responsa.evidence.differences.names import members, named, swaps
from responsa.evidence.differences.negation import negated, prefixes, weighed
from responsa.evidence.differences.population import narrowed, turned
from responsa.evidence.differences.quantity import formulas, measures, numbers, units, unseen_numbers
from responsa.evidence.differences.recommendation import advised
from responsa.evidence.verdict import Difference

_MOVED: Final = 0.35
"""What a word counts that the sentence has at another place."""
_BESIDE: Final = 0.6
"""What a word counts that stands around the sentence: the subject of which it goes on to speak."""

_DRAWN_IN: Final = 2


class Alignment(Struct, frozen=True):
    """``frame``: share of the claim's words, exchanged ones aside, that the source has in the same order.

    ``added``: share of words that the source has between them. ``changed``: words replaced otherwise, in pairs.
    ``unseen``: numbers and names of the claim that the sentence does not hold.
    """

    frame: float
    added: float
    differences: tuple[Difference, ...]
    changed: tuple[tuple[str, str], ...]
    unseen: tuple[str, ...]
    frame_words: int


def align(
    claim: Text, source: Text, names: frozenset[str] = frozenset(), beside: frozenset[str] = frozenset()
) -> Alignment:
    """Lay ``claim`` beside ``source``; ``names`` are words that the sources write with a capital.

    ``beside``: words that stand around ``source``; a claim may take its subject from there.
    """
    laid = Laid(claim, source, names, beside)
    for sort, start, end, begin, stop in laid.codes:
        if sort == "replace":
            _replaced(laid, range(start, end), range(begin, stop))
        if sort == "delete":
            narrowed(laid, range(start, end))
        if sort != "equal":
            negated(laid, start, end, begin, stop)
    units(laid)
    swaps(laid)
    turned(laid)
    advised(laid)
    laid.differences += weighed(laid)
    frame, count = _frame(laid)
    return Alignment(frame, _added(laid), tuple(laid.differences), tuple(laid.changed), _unseen(laid), count)


def _replaced(laid: Laid, ours: range, theirs: range) -> None:
    for look in (numbers, formulas, measures, opposites, prefixes, members):
        look(laid, ours, theirs)
    if laid.exchanged.intersection(ours):
        _drawn_in(laid, ours)
    elif not named(laid, ours, theirs):
        mine, other = content(laid.ours, ours), content(laid.theirs, theirs)
        if mine and other:
            laid.changed.append((shown(laid.ours, mine), shown(laid.theirs, other)))


def _drawn_in(laid: Laid, ours: range) -> None:
    """`Well` in `well known` for `unknown`: few plain words beside an exchanged one are part of the exchange."""
    beside = [at for at in content(laid.ours, ours) if at not in laid.exchanged]
    if len(beside) <= _DRAWN_IN:
        laid.exchanged.update(at for at in beside if not laid.ours[at].name)


def _frame(laid: Laid) -> tuple[float, int]:
    """The share, and how many words of content match."""
    total = kept = 0.0
    count = 0
    for at, word in enumerate(laid.ours):
        if at in laid.exchanged:
            continue
        total += word.weight
        if at in laid.matched:
            kept += word.weight
        elif word.key in laid.held:
            kept += _MOVED * word.weight
        elif at in laid.unanswered and word.key in laid.beside:
            kept += _BESIDE * word.weight
        count += at in laid.matched and word.weight >= 1
    return (kept / total if total else 0.0), count


def _added(laid: Laid) -> float:
    begin, stop = laid.window
    places = {at for sort, _, _, first, last in laid.codes if sort == "equal" for at in range(first, last)}
    extra = sum(laid.theirs[at].weight for at in range(begin, stop) if at not in places)
    return extra / (sum(word.weight for word in laid.theirs[begin:stop]) or 1.0)


def _unseen(laid: Laid) -> tuple[str, ...]:
    lacking = unseen_numbers(laid)
    lacking |= {at: word.text for at, word in enumerate(laid.ours) if word.value is None and word.name}
    known = laid.exchanged | laid.matched
    return tuple(lacking[at] for at in sorted(lacking) if at not in known and laid.ours[at].key not in laid.held)

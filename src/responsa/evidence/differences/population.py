"""Whom a statement is about, and who is compared with whom."""

from typing import Final

from msgspec import Struct

from responsa.evidence.differences.laid import Laid, Text
from responsa.evidence.lexicon import POPULATIONS
from responsa.evidence.verdict import Difference
from responsa.evidence.words import Word

_OF: Final = frozenset({"in", "for", "among", "by", "to"})


def is_person(word: Word) -> bool:
    """Whether the word names a group of people."""
    return word.lower in POPULATIONS or word.lower.removesuffix("s") in POPULATIONS


def narrowed(laid: Laid, ours: range) -> None:
    """People whom the claim puts in and the passage speaks of nowhere: `recommended in children`."""
    if any(is_person(word) for word in laid.theirs):
        return
    for at in ours:
        if is_person(laid.ours[at]) and at > 0 and laid.ours[at - 1].lower in _OF and not _told(laid, at):
            laid.found(Difference("population", laid.ours[at].text, ""), at)


def _told(laid: Laid, at: int) -> bool:
    return laid.ours[at].key in laid.beside


def turned(laid: Laid) -> None:
    """`Men more often than women` for `women more often than men`: who is compared changed sides."""
    mine, other = _compared(laid.ours), _compared(laid.theirs)
    if mine is None or other is None or mine.against.key == other.against.key:
        return
    if mine.against.key not in other.before or other.against.key not in mine.before:
        return
    sides = {mine.against.text, other.against.text}
    directions = [one for one in laid.differences if one.kind == "direction" and one.claim not in sides]
    people = [one for one in laid.differences if one.kind == "population"]
    laid.differences = [one for one in laid.differences if one.kind not in {"direction", "population"}]
    if not directions:  # with the sides and the direction turned the sentence says the same
        swapped = Difference("population", f"than {mine.against.text}", f"than {other.against.text}")
        laid.differences.extend(people or [swapped])


class _Compared(Struct, frozen=True):
    """``against``: the first word of content behind `than`; ``before``: the words before it."""

    before: frozenset[str]
    against: Word


def _compared(text: Text) -> _Compared | None:
    places = [at for at, word in enumerate(text) if word.lower == "than"]
    if len(places) != 1:
        return None
    against = next((word for word in text[places[0] :] if word.weight >= 1 and word.value is None), None)
    before = frozenset(word.key for word in text[: places[0]])
    return _Compared(before, against) if against else None

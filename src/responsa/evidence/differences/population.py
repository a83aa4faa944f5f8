"""Whom a statement is about, and who is compared with whom."""

from typing import Final

from responsa.evidence.differences.laid import Laid
from responsa.evidence.lexicon import POPULATIONS
from responsa.evidence.verdict import Difference
from responsa.evidence.words import Word

_SIDES: Final = 2
_OF: Final = frozenset({"in", "for", "among", "by", "to"})


def is_person(word: Word) -> bool:
    """Whether the word names a group of people."""
    return word.lower in POPULATIONS


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
    if not ({"than"} <= {word.lower for word in laid.ours} & {word.lower for word in laid.theirs}):
        return
    mine, other = ([word for word in text if is_person(word)] for text in (laid.ours, laid.theirs))
    if len(mine) != _SIDES or len(other) != _SIDES or mine[0].key == mine[1].key:
        return
    if [word.key for word in mine] != [word.key for word in other][::-1]:
        return
    directions = [one for one in laid.differences if one.kind == "direction"]
    people = [one for one in laid.differences if one.kind == "population"]
    laid.differences = [one for one in laid.differences if one.kind not in {"direction", "population"}]
    if not directions:  # with the sides and the direction turned the sentence says the same
        laid.differences.extend(people or [Difference("population", mine[0].text, other[0].text)])

"""Negations that one of two sentences has alone, as a word (`not`) or as a prefix (`unable`)."""

from typing import Final

from responsa.evidence.differences.laid import CONTENT, Laid, Negation, Text, shown
from responsa.evidence.lexicon import NEGATING
from responsa.evidence.verdict import Difference
from responsa.evidence.words import stem

_KEEPING: Final = frozenset(stem(word) for word in "prevent stop keep hinder preclude impede refuse prohibit".split())


def negated(laid: Laid, start: int, end: int, begin: int, stop: int) -> None:
    """Words of negation in a stretch that does not match, unless the other sentence denies the same elsewhere."""
    for at in range(start, end):
        if laid.ours[at].negation and not _denies(laid.theirs, _denied(laid.ours, at)):
            beside = shown(laid.theirs, range(begin, stop)) or _around(laid.theirs, begin)
            laid.negations.append(
                Negation(ours=True, at=at, told=Difference("negation", _around(laid.ours, at), beside))
            )
    for place in range(begin, stop):
        if start == end and not laid.window[0] - 1 <= place < laid.window[1]:
            continue  # the source goes on before or after what the claim takes from it
        if laid.theirs[place].negation and not _denies(laid.ours, _denied(laid.theirs, place)):
            beside = shown(laid.ours, range(start, end)) or "without it"
            laid.negations.append(
                Negation(ours=False, at=place, told=Difference("negation", beside, _around(laid.theirs, place)))
            )


def prefixes(laid: Laid, ours: range, theirs: range) -> None:
    """`Able` for `unable`, `harmless` for `harmful`."""
    for at in ours:
        for place in theirs:
            one, two = laid.ours[at], laid.theirs[place]
            if one.lower and two.lower and at not in laid.exchanged and _negates(one.lower, two.lower):
                if not (one.negation or two.negation):  # `unable` counts as a word of negation already
                    laid.reversed.append(Negation(ours=True, at=at, told=Difference("negation", one.text, two.text)))
                laid.exchanged.add(at)


def weighed(laid: Laid) -> list[Difference]:
    """What negations come to: an even number of them takes itself back, reversals that differ do not."""
    found = [*laid.reversed, *laid.negations]
    if len(found) % 2:
        return [] if _kept_from(laid, ours=not found[0].ours) else [found[0].told]
    return [one.told for one in laid.reversed] if len(laid.reversed) > 1 and not laid.negations else []


def _kept_from(laid: Laid, *, ours: bool) -> bool:
    """`Prevents clots from forming` for `clots cannot form`: whether the other sentence denies by a verb."""
    text = laid.ours if ours else laid.theirs
    held = {word.key for word in (laid.theirs if ours else laid.ours)}
    return any(word.key in _KEEPING and word.key not in held for word in text)


def _denied(text: Text, at: int) -> str:
    """The word of content behind a negation."""
    return next((word.key for word in text[at + 1 :] if word.weight >= CONTENT), "")


def _denies(text: Text, key: str) -> bool:
    """Whether the same is denied there, at another place of the sentence."""
    return bool(key) and any(word.negation and _denied(text, at) == key for at, word in enumerate(text))


def _around(text: Text, at: int) -> str:
    return " ".join(word.text for word in text[max(0, at - 1) : at + 3])


def _negates(one: str, two: str) -> bool:
    longer, shorter = (one, two) if len(one) > len(two) else (two, one)
    if len(shorter) < 4:  # noqa: PLR2004 - `to`, `into`
        return False
    if any(longer == prefix + shorter for prefix in NEGATING):
        return True
    return (
        {one[-4:], two[-4:]} == {"less", "eful"}
        or (one[:-4] == two[:-3] and {one[-4:], two[-3:]} == {"less", "ful"})
        or (two[:-4] == one[:-3] and {two[-4:], one[-3:]} == {"less", "ful"})
    )

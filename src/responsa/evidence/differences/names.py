"""Names: of drugs, genes, trials, organs, diseases; one of a family in another's place is another statement."""

import re
from typing import Final

from responsa.evidence.differences.laid import CONTENT, LONGEST_EXCHANGE, Laid, Text, content, shown
from responsa.evidence.differences.population import is_person
from responsa.evidence.kinds import are_two
from responsa.evidence.lexicon import FAMILIES
from responsa.evidence.verdict import Difference, Kind
from responsa.evidence.words import Word


def members(laid: Laid, ours: range, theirs: range) -> None:
    """One of a family in the place of another: a drug, a disease, an organ, a group of people; `II` for `III`."""
    if max(len(ours), len(theirs)) > LONGEST_EXCHANGE:
        return
    alone = len(ours) == len(theirs) == 1
    held = {word.key for word in laid.ours}
    for at in ours:
        moved = laid.ours[at].key in laid.held and not (alone and is_person(laid.ours[at]))
        if at in laid.exchanged or moved:
            continue
        others = (w for place in theirs if (w := laid.theirs[place]).key not in held or (alone and is_person(w)))
        kinds = ((two, _kind(laid.ours[at], two)) for two in others)
        if told := next(((two, kind) for two, kind in kinds if kind), None):
            laid.found(Difference(told[1], laid.ours[at].text, told[0].text), at)


_ROMAN: Final = re.compile(r"[IVX]+")


def _kind(one: Word, two: Word) -> Kind | None:
    if _ROMAN.fullmatch(one.text) and _ROMAN.fullmatch(two.text):
        return "number"
    if is_person(one) and is_person(two) and not _alike(one.text, two.text):
        return "population"
    return "name" if _family(one) & _family(two) or are_two(one.lower, two.lower) else None


def named(laid: Laid, ours: range, theirs: range) -> bool:
    """Whether names stand in the place of other names."""
    mine, other = content(laid.ours, ours), content(laid.theirs, theirs)
    if not mine or not other or max(len(mine), len(other)) > LONGEST_EXCHANGE:
        return False
    own = _names_enough(laid, laid.ours, mine) and not _follows(laid.ours, mine, laid.theirs)
    if not (own and _names_enough(laid, laid.theirs, other)):
        return False
    one, two = shown(laid.ours, mine), shown(laid.theirs, other)
    if _is_short_for(one, two) or _is_short_for(two, one) or _alike(one, two):
        return False
    laid.found(Difference("name", one, two), *mine)
    return True


def swaps(laid: Laid) -> None:
    """Names exchanged with each other inside one sentence: both stand in the source, each at the other's place."""
    moved = [(a, b) for sort, a, e, b, s in laid.codes if sort == "replace" and e - a == 1 == s - b]
    for index, (at, place) in enumerate(moved):
        for later, there in moved[index + 1 :]:
            crossed = laid.ours[at].key == laid.theirs[there].key and laid.ours[later].key == laid.theirs[place].key
            if crossed and at not in laid.exchanged and laid.ours[at].weight >= 1:
                kind: Kind = "number" if laid.ours[at].value is not None else "name"
                one, two = laid.ours[at].text, laid.theirs[place].text
                laid.found(Difference(kind, f"{one} where {two} stands", two), at, later)


def _names_enough(laid: Laid, text: Text, places: list[int]) -> bool:
    """Half of the words: `due to the success of HomeCorp` is no name."""
    return 2 * sum(_is_name(laid, text[at]) for at in places) >= len(places)


def _is_name(laid: Laid, word: Word) -> bool:
    return word.name or bool(_family(word)) or (word.key in laid.names and not word.text.islower())


def _family(word: Word) -> frozenset[int]:
    return FAMILIES.get(word.lower) or FAMILIES.get(word.lower.removesuffix("s")) or frozenset()


def _follows(text: Text, places: list[int], other: Text) -> bool:
    """Whether the words stand one behind the other in ``other`` too: then they only moved."""
    keys = [text[at].key for at in places]
    held = [word.key for word in other if word.weight >= CONTENT]
    return any(held[at : at + len(keys)] == keys for at in range(len(held) - len(keys) + 1))


def _is_short_for(short: str, long: str) -> bool:
    """`HCC` for `hepatocellular carcinoma`, `US` for `United States`; no abbreviation is short for another."""
    if " " not in long and not long[1:].islower():
        return False
    letters = [sign.casefold() for sign in short if sign.isupper()]
    initials = [part[0].casefold() for part in long.split()]
    if len(letters) <= 1 or letters[0] != initials[0]:
        return False
    return letters == initials or all(letter in long.casefold() for letter in letters)


def _alike(one: str, two: str) -> bool:
    """One name in two forms: `Kantian`, `Kant's`; `Alzheimer`, `Alzheimers`; never `FGFR2` and `FGFR3`."""
    if [sign for sign in one if sign.isdigit()] != [sign for sign in two if sign.isdigit()]:
        return False
    first, second = one.casefold().replace(" ", ""), two.casefold().replace(" ", "")
    shared = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return shared >= max(4, 0.6 * max(len(first), len(second)))

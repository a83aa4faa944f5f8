"""Without a model: sentences of the sources, word for word, in an order that reads: the answer, then its sides."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from responsa.draft.asks import Ask
from responsa.draft.facets import FACETS, Facet
from responsa.draft.outcome import Reason, Refusal
from responsa.draft.rank import Found, Ranked, covered, overlap
from responsa.draft.units import Unit
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.judge import Judge
from responsa.evidence.retrieval import Hit
from responsa.evidence.terms import keys_of
from responsa.evidence.verdict import Finding, Verdict

NAME: Final = "digest/2"
MOST: Final = 10
"""Units of one answer."""
WORDS: Final = 330
REPEATS: Final = 0.72
"""Share of shared words from which a unit says what another said."""
GOOD: Final = 0.85
"""Share of what speaks for the lead below which a unit is beside the point."""
NEAR_BEST: Final = 0.62
"""Share of the best score of a unit that may name what the lead does not."""
NAMED: Final = 0.5
"""Share of what the question is about that the first sentence must name, or mean."""
MEANT: Final = 0.6
"""Nearness in meaning that makes up for words that differ."""
LEAST_NEAR: Final = 0.42
LOOKED_AT: Final = 25
"""Units of which one may open the answer."""
WHOLE: Final = 0.6
"""Share of the question that a row must name, with what stands around it, to open an answer."""
ROW: Final = 0.3
"""So much better than the best sentence must a row be to open an answer."""
NAMES_ALL: Final = 0.9
"""Share of the question that a sentence names which need not be near to it in meaning."""
LABELLED: Final = 4
"""Units beside the opening from which labels help, where several facets are asked for."""
LISTED: Final = 3
"""Units beside the opening from which they are items of a list."""
TURNED: Final = 3
"""Units that say `after X` as the question does, from which on only such units are wanted."""
BESIDE: Final = 0.6
"""What speaks for a sentence that stands next to the lead: it goes on with it."""
SIDE: Final = 0.7
"""The same for the best unit of each of several sides that are asked for, and for what has the one telling word."""
_APART: Final = frozenset({"number", "unit", "negation", "direction"})
SURE: Final = 0.8
HALF: Final = 0.5
KNOWN: Final = 0.34
"""Share of a question's words, few of which a library on another subject knows."""


class Piece(Struct, frozen=True):
    """A unit at its place in the answer, below ``label``, as an item where it is ``listed``."""

    unit: Unit
    label: str
    listed: bool = False


def digest(asked: Ask, ranked: Ranked, judge: Judge, *, near_articles: float = 0.0) -> list[Piece] | Refusal:
    """The pieces in their order, or why there are none. ``near_articles``: how near the library's questions are."""
    seen = tuple(hit.passage.id for hit in ranked.hits[:5])
    lead = _lead(asked, ranked)
    if lead is None:
        return _nothing(asked, ranked, near_articles, seen)
    against = _against(lead, ranked.hits, judge)
    if against is not None:
        told = f"{lead.unit.passage.id} says “{lead.unit.own}”; {against.passage} says “{against.quote}”"
        return Refusal(asked.question, Reason.DISAGREE, told, NAME, (lead.unit.passage.id, against.passage))
    chosen = _chosen(asked, lead, ranked, judge)
    return list(_ordered(asked, chosen))


def _lead(asked: Ask, ranked: Ranked) -> Found | None:
    """The first unit that answers: it names what is asked for, and shows a facet that is asked for."""
    if not asked.about or (ranked.unknown and not _close(ranked)):
        return None
    fitting = [one for one in _by_answer(ranked)[:LOOKED_AT] if _opens(asked, one) and _complete(asked, one, ranked)]
    sentence = next((one for one in fitting if not one.unit.cells), None)
    row = next((one for one in fitting if one.unit.cells and one.covers >= NAMED and one.around >= WHOLE), None)
    if row is not None and (sentence is None or row.answers >= sentence.answers + ROW):
        return row
    return sentence


def _opens(asked: Ask, one: Found) -> bool:
    """Whether a unit is on what is asked about, by its words or by what it means, and of the kind that is asked for."""
    near = max(one.near, one.titled)
    names = (
        one.covers >= NAMED
        or (one.around >= NAMED and near >= LEAST_NEAR)
        or (near >= MEANT and one.around >= NAMED / 2)
    )
    shows = one.defines or not asked.facets or bool(one.facets) or asked.amount is not None
    counts = asked.amount is None or asked.amount.search(one.unit.own) is not None
    return names and shows and counts and (near >= LEAST_NEAR or one.covers >= NAMES_ALL or not one.near)


def _close(ranked: Ranked) -> bool:
    """A word that no source has is forgiven where one means nearly the same as the whole question."""
    return len(ranked.unknown) == 1 and any(one.near >= MEANT + 0.08 and one.facets for one in ranked.found[:5])


def _complete(asked: Ask, lead: Found, ranked: Ranked) -> bool:
    """Whether every word of the question is met in what would be quoted with this lead."""
    beside = [one for one in ranked.found[:MOST] if one.score >= NEAR_BEST * ranked.found[0].score]
    met = covered(asked, [lead, *beside], ranked.names)
    return all(sure > 0 for sure in met.values()) or _close(ranked)


def beside_the_point(asked: Ask, ranked: Ranked, near_articles: float) -> Refusal | None:
    """A refusal where the question says nothing, or neither sources nor articles are about it."""
    if not asked.about:
        return Refusal(asked.question, Reason.UNCLEAR, "no word of it says what is asked", NAME)
    known = len(asked.about) - len(ranked.unknown)
    nearest = max((one.near for one in ranked.found), default=0.0)
    if known / len(asked.about) < KNOWN and max(nearest, near_articles) < LEAST_NEAR:
        told = "neither a source nor an article is about this"
        return Refusal(asked.question, Reason.OFF_SUBJECT, told, NAME, tuple(hit.passage.id for hit in ranked.hits[:5]))
    return None


def _nothing(asked: Ask, ranked: Ranked, near_articles: float, seen: tuple[str, ...]) -> Refusal:
    if ranked.unknown:
        told = f"no source speaks of {', '.join(ranked.unknown)}"
    else:
        told = "passages are on the topic, none answers what is asked"
    return beside_the_point(asked, ranked, near_articles) or Refusal(
        asked.question, Reason.NO_SOURCES, told, NAME, seen
    )


def _chosen(asked: Ask, lead: Found, ranked: Ranked, judge: Judge) -> list[Found]:
    """The lead and what else belongs to the answer: on topic, nothing twice, nothing that another source disputes."""
    chosen = [lead]
    said = len(lead.unit.text.split())
    for one in _wanted(asked, lead, ranked):
        if len(chosen) == MOST:
            break
        if said + len(one.unit.text.split()) > WORDS or _again(one, chosen):
            continue
        if one.unit.cells or _against(one, ranked.hits, judge) is None:
            chosen.append(one)
            said += len(one.unit.text.split())
    return _without_inner(chosen)


def _wanted(asked: Ask, lead: Found, ranked: Ranked) -> list[Found]:
    """The best of every side, where several are asked for, then all that answer nearly as well as the lead."""
    fitting = [one for one in _by_answer(ranked) if one.core == 1 or (one.core is None and _opens(asked, one))]
    if not asked.facets:
        fitting = [one for one in fitting if one.head >= lead.head]
    turned = [one for one in fitting if one.turned]
    if lead.turned and len(turned) >= TURNED:
        # `After sorafenib` is asked for: what is said of sorafenib itself is beside the point.
        fitting = turned
    sides = [
        next((one for one in fitting if facet.name in one.facets and one.answers >= SIDE * lead.answers), None)
        for facet in (asked.facets if len(asked.facets) > 1 else ())
    ]
    good = [one for one in fitting if one.answers + _next(lead, one) >= (SIDE if one.core else GOOD) * lead.answers]
    return list({id(one): one for one in (*sides, *good) if one}.values())


def _next(lead: Found, one: Found) -> float:
    near = one.unit.passage.id == lead.unit.passage.id and abs(one.unit.at - lead.unit.at) <= 1
    return BESIDE if near else 0.0


def _by_answer(ranked: Ranked) -> list[Found]:
    return sorted(ranked.found, key=lambda one: (-one.answers, one.unit.passage.id, one.unit.at))


def _again(one: Found, chosen: Sequence[Found]) -> bool:
    return any(one.unit.own in other.unit.texts or _says_again(one, other) for other in chosen)


def _says_again(one: Found, other: Found) -> bool:
    if one.unit.cells and other.unit.cells:
        return one.unit.text == other.unit.text
    if one.unit.passage.id == other.unit.passage.id and set(one.unit.texts) & set(other.unit.texts):
        return False  # sentences that lean on the same one are joined
    return overlap(one.keys, other.keys) >= REPEATS


def _without_inner(chosen: list[Found]) -> list[Found]:
    """Without units whose sentences all stand in a longer one, which takes the place of the first of them."""
    kept: list[Found] = []
    for one in chosen:
        texts = set(one.unit.texts)
        longer = max((other for other in chosen if texts <= set(other.unit.texts)), key=lambda it: len(it.unit.texts))
        if longer not in kept:
            kept.append(longer)
    return kept


def _against(one: Found, hits: Sequence[Hit], judge: Judge) -> Finding | None:
    """What another source says otherwise: the same sentence with another amount, or with a not."""
    text = one.unit.own
    others = [hit for hit in hits if hit.passage.source != one.unit.passage.source]
    near = [hit for hit in others if overlap(one.keys, keys_of(hit.passage.text)) >= HALF][:8]
    if not near:
        return None
    found = judge.judge(Claim(0, len(text), text, Kind.STATEMENT), near)
    if found.verdict is Verdict.CONTRADICTED:
        return found
    kinds = {difference.kind for difference in found.differences}
    disputed = found.verdict is Verdict.DIFFERS and found.confidence >= SURE and bool(kinds) and kinds <= _APART
    return found if disputed else None


def _ordered(asked: Ask, chosen: list[Found]) -> Iterator[Piece]:
    """The lead with its passage's own continuation, then facet by facet in the question's order."""
    lead, rest = chosen[0], chosen[1:]
    opening = [lead, *(one for one in rest if _continues(lead, one))]
    rest = [one for one in rest if one not in opening]
    labels = {one.unit: _label(asked, one) for one in rest}
    order = list(dict.fromkeys([*(facet.label for facet in asked.facets), *(facet.label for facet in FACETS)]))
    named = len(rest) >= LABELLED and len(asked.facets) > 1 and len(set(labels.values())) > 1
    listed = named or len(rest) >= LISTED
    yield from (Piece(one.unit, "") for one in opening)
    for label in order:
        group = [one for one in rest if labels[one.unit] == label]
        yield from (Piece(one.unit, label if named else "", listed) for one in _by_passage(group))


def _continues(lead: Found, one: Found) -> bool:
    return one.unit.passage.id == lead.unit.passage.id and not one.unit.cells


def _by_passage(group: list[Found]) -> list[Found]:
    """Sentences of one passage together and in its order, rows at the end, like with like."""
    first: dict[str, int] = {}
    for place, one in enumerate(group):
        first.setdefault(one.unit.passage.id, place)
    return sorted(
        group,
        key=lambda one: (
            bool(one.unit.cells),
            tuple(head for head, _ in one.unit.cells),
            first[one.unit.passage.id],
            one.unit.at,
        ),
    )


def _label(asked: Ask, one: Found) -> str:
    """Of the first facet that the question asks for and the sentence shows, else of any that it shows."""
    shown = next((facet for facet in (*asked.facets, *FACETS) if _shows(facet, one.unit)), FACETS[-1])
    return shown.label


def _shows(facet: Facet, unit: Unit) -> bool:
    return facet.told.search(unit.own) is not None

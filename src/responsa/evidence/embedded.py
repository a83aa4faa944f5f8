"""The embedded checker: the nearest sentence of the nearest passages, and how the claim differs from it."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import structs

from responsa.evidence.claims import Claim
from responsa.evidence.coverage import covered
from responsa.evidence.differences.alignment import Alignment, align
from responsa.evidence.retrieval import MEANT, Hit, Window, windows
from responsa.evidence.verdict import Difference, Finding, Verdict
from responsa.evidence.words import stem, words

NAME: Final = "embedded/6"
"""Another number makes every verdict in a ledger stale: raise it with the rules."""
NEAR: Final = 0.75
"""Frame from which a claim is a near-copy: below it a difference of words says nothing about one of meaning."""
NEARER: Final = 0.83
"""The same for all but amounts: words move more freely than numbers."""
_AMOUNTS: Final = frozenset({"number", "unit"})
WORDED: Final = 0.6
QUOTED_FRAME: Final = 0.985
QUOTED_ADDED: Final = 0.06
RELATED: Final = 0.3
"""Share of a claim's weight of words from which a passage is on its topic."""
LOOKED_AT: Final = 6
SHOWN: Final = 3
_OVERLAP: Final = 0.45
_FEWEST: Final = 3
_AS_NEAR: Final = 0.1


class Embedded:
    """Compares near-copies; ``names`` are the words that the sources write with a capital.

    The confidence of `quoted`, `wording` and `differs` is how near the copy is, that of `related` and `none` the
    chance that the passages carry the claim.
    """

    name = NAME

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self.names = names

    def judge(self, claim: Claim, hits: Sequence[Hit]) -> Finding:
        """The verdict on ``claim``; deterministic, and quick enough for a keystroke."""
        if not hits:
            return Finding(Verdict.NONE, 0.0, NAME, reason="no source shares a word with it")
        found = self._found(claim, _candidates(claim.text, hits))
        best = min((finding for finding in found if finding), key=_rank, default=None)
        best = _kept(best, found) if best else _on_topic(claim, hits)
        return structs.replace(best, nearest=tuple(hit.passage.id for hit in hits))

    def _found(self, claim: Claim, candidates: Sequence[tuple[Hit, Window]]) -> list[Finding | None]:
        """A sentence that alone is a near-copy is not looked at again together with its neighbour."""
        found: list[Finding | None] = []
        near: list[Finding] = []
        for hit, window in sorted(candidates, key=lambda one: len(one[1].words)):
            alone = [one for one in near if one.passage == hit.passage.id and one.quote in window.text]
            if any(one.quote != window.text for one in alone):
                continue
            laid = self._laid(claim, hit, window)
            found.append(laid)
            if laid and laid.confidence >= NEARER:
                near.append(laid)
        return found

    def _laid(self, claim: Claim, hit: Hit, window: Window) -> Finding | None:
        own = words(claim.text)
        beside = frozenset(word.key for word in words(hit.passage.text))
        laid = align(own, window.words, self.names, beside)
        if laid.frame < WORDED or laid.frame_words < min(_FEWEST, max(1, len(own) // 3)):
            return None
        verdict, reason, differences = _verdict(laid)
        if verdict is None:
            return None
        sure = round(laid.frame * (1 - laid.added / 4), 3)
        return Finding(verdict, sure, NAME, hit.passage.id, window.text, differences, reason)


def _verdict(laid: Alignment) -> tuple[Verdict | None, str, tuple[Difference, ...]]:
    if laid.differences:
        told = tuple(one for one in laid.differences if laid.frame >= (NEAR if one.kind in _AMOUNTS else NEARER))
        return (Verdict.DIFFERS, "; ".join(map(str, told)), told) if told else (None, "", ())
    if laid.unseen:
        return None, "", ()
    if laid.frame >= QUOTED_FRAME and laid.added <= QUOTED_ADDED and not laid.changed:
        return Verdict.QUOTED, "the same words", ()
    words_changed = "; ".join(f"{theirs} became {ours}" for ours, theirs in laid.changed[:4])
    return Verdict.WORDING, words_changed or "the same statement in another order or length", ()


_ORDER: Final = {Verdict.QUOTED: 0, Verdict.WORDING: 1, Verdict.DIFFERS: 1}


def _rank(finding: Finding) -> tuple[int, float, int, int, str]:
    worded = finding.verdict is Verdict.DIFFERS
    return _ORDER[finding.verdict], -round(finding.confidence, 2), len(finding.differences), worded, finding.passage


def _kept(best: Finding, found: Sequence[Finding | None]) -> Finding:
    """A difference gives way to another passage that says the same thing without one."""
    if best.verdict is not Verdict.DIFFERS:
        return best
    nearly = max(NEAR, best.confidence - _AS_NEAR)
    others = [one for one in found if one and one.verdict is Verdict.WORDING and one.confidence >= nearly]
    return min(others, key=_rank) if others else best


def _candidates(text: str, hits: Sequence[Hit]) -> list[tuple[Hit, Window]]:
    """Windows that share enough words with the claim, the nearest first."""
    own = {word.key: word.weight for word in words(text)}
    total = sum(own.values()) or 1.0
    scored: list[tuple[float, int, int, Hit, Window]] = []
    for place, hit in enumerate(hits):
        for number, window in enumerate(windows(hit.passage.text)):
            # Rounded: a set's order, and with it the last digit of a sum, changes from process to process.
            shared = round(sum(own[key] for key in window.keys & own.keys()) / total, 6)
            if shared >= _OVERLAP:
                scored.append((-shared, place, number, hit, window))
    scored.sort(key=lambda entry: entry[:3])
    return [(hit, window) for _, _, _, hit, window in scored[:LOOKED_AT]]


def _on_topic(claim: Claim, hits: Sequence[Hit]) -> Finding:
    near = max(hits, key=lambda hit: hit.cover)
    hit, why = _tense(claim, _telling(hits)) or (near, "")
    chance = covered(claim.text, hits)
    if why or near.cover >= RELATED:
        reason = "on the topic; not verified"
        return Finding(Verdict.RELATED, chance, NAME, hit.passage.id, hit.passage.text, reason=reason, tension=why)
    return Finding(Verdict.NONE, chance, NAME, reason="no passage carries it")


def _telling(hits: Sequence[Hit]) -> list[Hit]:
    """The first three, and what else the nearest source says: its own limits stand in another paragraph."""
    source = hits[0].passage.source
    return [hit for place, hit in enumerate(hits) if place < SHOWN or hit.passage.source == source]


def _tense(claim: Claim, hits: Sequence[Hit]) -> tuple[Hit, str] | None:
    """The first passage that may correct the claim, the gravest hint first."""
    for hint, least in ((_opposed, 0.06), (_limited, 0.1), (_misfiled, 0.1)):
        for hit in hits:
            if hit.cover >= least and (why := hint(claim.text, hit.passage.text)):
                return hit, why
    return None


_RULED_OUT: Final = re.compile(
    r"\bnot (?:\w+ ){0,2}?(?:an? (?:\w+ )?option|recommended|indicated|possible|suitable|appropriate|viable|feasible|"
    r"used|performed|advised|curative|curable)\b|\bcontraindicated\b|\bno role\b|\b(?:should|must) not\b|"
    r"\brather than\b|\bcannot be\b|\bis (?:avoided|obsolete)\b",
    re.IGNORECASE,
)
_ADVISED: Final = re.compile(
    r"\b(?:treatment|method|therapy|test) of choice\b|\b(?:is|are|remains?) (?:\w+ )?(?:standard|recommended|indicated|"
    r"established|preferred|curative|offered|advised)\b|\bcurative intent\b|\bfirst[- ]line\b",
    re.IGNORECASE,
)
_LIMITED: Final = re.compile(
    r"\b(?:were|was|is|are) not (?:studied|included|tested|examined)\b"
    r"|\b(?:applies|apply|valid|holds?) only (?:to|in|for)\b"
    r"|\bnot to\b|\bexcluded\b|\bsays? nothing about\b|\bnot a \w+ (?:one|treatment)\b",
    re.IGNORECASE,
)


def _opposed(said: str, held: str) -> str:
    if _RULED_OUT.search(said) and _ADVISED.search(held):
        return "the answer rules out what the passage advises"
    if _ADVISED.search(said) and _RULED_OUT.search(held):
        return "the answer advises what the passage rules out"
    return ""


def _limited(said: str, held: str) -> str:
    return "the passage limits whom it holds for" if _LIMITED.search(held) and not _LIMITED.search(said) else ""


_SUCH_AS: Final = re.compile(r"\b([A-Za-z-]{4,}),? such as ([A-Za-z-]{4,})")


def _misfiled(said: str, held: str) -> str:
    """`Chemotherapy, such as chemoembolisation`: the passage knows the member and never the class."""
    filed = _SUCH_AS.search(said)
    if filed is None:
        return ""
    kind, member = (stem(word.casefold()) for word in filed.groups())
    keys = {word.key for word in words(held)}
    if member not in keys or kind in keys or kind in MEANT:
        return ""
    return f"the passage does not call {filed[2]} {filed[1].casefold()}"

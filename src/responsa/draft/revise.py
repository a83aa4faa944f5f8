"""An article mended by its ledger: the smallest changes that repair what its sources say otherwise, or do not say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct, structs

from responsa.article import Article, Edit
from responsa.draft.markdown import escaped
from responsa.draft.safety import is_order
from responsa.draft.units import leans
from responsa.draft.writing import Study
from responsa.evidence.check import K, check
from responsa.evidence.claims import Kind
from responsa.evidence.passages import fingerprint
from responsa.evidence.report import Checked, Report
from responsa.evidence.verdict import CARRIED, Verdict

WRONG: Final = frozenset({Verdict.CONTRADICTED, Verdict.DIFFERS})
NEAR: Final = CARRIED | WRONG | {Verdict.WORDING}
"""Verdicts of claims that some source speaks of, right or wrong."""
_AMOUNTS: Final = frozenset({"number", "unit"})
_MARKER: Final = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])?\s*")
_MARKUP: Final = re.compile(r"[*_`\[\]<>|$\\]")


class Means(StrEnum):
    """How a claim is repaired."""

    AMOUNT = "amount"
    """The source's number or unit in place of the answer's."""
    QUOTE = "quote"
    """The source's sentence in place of the answer's."""
    REMOVE = "remove"
    """The sentence goes: no source carries it."""


class Repair(Struct, frozen=True):
    """``answer[start:end]`` becomes ``after``. ``about`` is the claim with what was found about it."""

    means: Means
    start: int
    end: int
    after: str
    reason: str
    about: Checked

    @property
    def mark(self) -> str:
        """By which an editor names it: another answer or another change is another mark."""
        return fingerprint(f"{self.means}\0{self.start}\0{self.about.claim.text}\0{self.after}")[:4]


class Revision(Struct, frozen=True):
    """``repairs`` in the order of the answer. ``open``: claims that only a person can decide."""

    article: Article
    report: Report
    repairs: tuple[Repair, ...]
    open: tuple[Checked, ...]

    def answer(self, chosen: Iterable[Repair] | None = None) -> str:
        """The answer with the chosen repairs, by default all of them."""
        return mended(self.article.answer, self.repairs if chosen is None else chosen)

    def edit(self, chosen: Sequence[Repair] | None = None) -> Edit | None:
        """The repairs as an edit of the record; none where there are none."""
        repairs = self.repairs if chosen is None else tuple(chosen)
        if not repairs:
            return None
        return Edit(self.article.url, "answer", self.answer(repairs), "; ".join(one.reason for one in repairs))


def revise(article: Article, study: Study, ledger: Report | None) -> Revision:
    """What is wrong by the ledger, where it still stands, and else by a new look. Nothing is written.

    A repair is proposed only if it leaves fewer claims wrong or without a source than before. Nothing is taken out
    where no source speaks of any of it: that says more of the sources than of the answer.
    """
    report = check(article, study.checking, study.judge, before=ledger)
    about = any(entry.finding.verdict in NEAR for entry in report.checked)
    repairs: list[Repair] = []
    undecided: list[Checked] = []
    for entry in report.checked:
        wanted = _wanted(article.answer, entry) if about and not _tainted(article, study, entry) else ()
        found = next((one for one in wanted if _helps(article, study, report, one)), None)
        if found is not None and not _overlap(found, repairs):
            repairs.append(found)
        elif found is None and _is_bad(entry):
            undecided.append(entry)
    return Revision(article, report, tuple(sorted(repairs, key=lambda one: one.start)), tuple(undecided))


def _tainted(article: Article, study: Study, entry: Checked) -> bool:
    """Whether the passage speaks to a model: what else it says is not to be trusted either."""
    if not entry.finding.passage:
        return False
    hits = study.checking.search(entry.claim.text, f"{article.question} {entry.claim.lead}", K)
    return any(is_order(hit.passage.text) for hit in hits if hit.passage.id == entry.finding.passage)


def mended(answer: str, repairs: Iterable[Repair]) -> str:
    """From the end, so that places stay right."""
    for one in sorted(repairs, key=lambda one: -one.start):
        answer = answer[: one.start] + one.after + answer[one.end :]
    return answer


def _wanted(answer: str, entry: Checked) -> Iterator[Repair]:
    """The smallest repair first."""
    finding = entry.finding
    if finding.verdict is Verdict.DIFFERS:
        amount = _amount(answer, entry)
        if amount is not None:
            yield amount
    if finding.verdict in WRONG:
        quoted = _quoted(answer, entry)
        if quoted is not None:
            yield quoted
    if finding.verdict is Verdict.NONE:
        yield _removed(answer, entry)


def _amount(answer: str, entry: Checked) -> Repair | None:
    """Every difference is an amount that stands once in the sentence: only its signs change."""
    claim, finding = entry.claim, entry.finding
    if not finding.differences or not {one.kind for one in finding.differences} <= _AMOUNTS:
        return None
    text = answer[claim.start : claim.end]
    said: list[str] = []
    for one in finding.differences:
        if not one.claim or not one.source or text.count(one.claim) != 1 or one.source not in finding.quote:
            return None
        text = text.replace(one.claim, one.source)
        said.append(f"{one.claim} became {one.source}")
    start, end, after = _narrowed(answer, claim.start, claim.end, text)
    return Repair(Means.AMOUNT, start, end, after, f"{', '.join(said)}: so says {finding.passage}", entry)


def _quoted(answer: str, entry: Checked) -> Repair | None:
    """The source's sentence, where the answer's holds no markup or citation that would be lost with it."""
    claim, finding = entry.claim, entry.finding
    text = answer[claim.start : claim.end]
    quote = " ".join(finding.quote.split())
    plain = not claim.citations and not _MARKUP.search(text) and claim.kind is Kind.STATEMENT
    sentence = quote.endswith((".", "!")) and quote[:1].isupper() and not leans(quote) and not is_order(quote)
    if not plain or not sentence:
        return None
    start, end, after = _narrowed(answer, claim.start, claim.end, escaped(quote))
    return Repair(Means.QUOTE, start, end, after, f"in the words of {finding.passage}", entry)


def _removed(answer: str, entry: Checked) -> Repair:
    """With its item, row or paragraph where nothing else is left of that."""
    start, end = entry.claim.start, entry.claim.end
    first = answer.rfind("\n", 0, start) + 1
    last = answer.find("\n", end)
    last = len(answer) if last < 0 else last
    alone = _MARKER.fullmatch(answer[first:start].strip("|* ")) and not answer[end:last].strip(" |*")
    if alone:
        start, end = first, min(len(answer), last + 1)
        if answer[:start].endswith("\n\n") and (answer[end : end + 1] == "\n" or end == len(answer)):
            end, start = (end + 1, start) if answer[end : end + 1] == "\n" else (end, start - 2)
    elif answer[end : end + 1] == " ":
        end += 1
    elif answer[start - 1 : start] == " ":
        start -= 1
    following = answer[end : end + 200].lstrip()
    told = "; look at the next sentence, which may lean on it" if following and leans(following) else ""
    return Repair(Means.REMOVE, start, end, "", f"no source carries “{entry.claim.text[:100]}”{told}", entry)


def _narrowed(answer: str, start: int, end: int, after: str) -> tuple[int, int, str]:
    """Only what differs: common beginnings and ends stay as they are."""
    before = answer[start:end]
    head = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    most = min(len(before), len(after)) - head
    tail = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    return start + head, end - tail, after[head : len(after) - tail]


def _helps(article: Article, study: Study, report: Report, repair: Repair) -> bool:
    after = structs.replace(article, answer=mended(article.answer, [repair]))
    left = check(after, study.checking, study.judge, before=report)
    bad = sum(map(_is_bad, left.checked))
    return bad < sum(map(_is_bad, report.checked)) and len(left.checked) >= len(report.checked) - 1


def _is_bad(entry: Checked) -> bool:
    return entry.finding.verdict in WRONG or entry.finding.verdict is Verdict.NONE


def _overlap(one: Repair, others: Iterable[Repair]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)

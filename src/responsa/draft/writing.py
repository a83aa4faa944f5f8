"""A question becomes a draft or a refusal: found, written, read back as claims, judged; what is not carried is cut."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, Protocol

from msgspec import Struct

from responsa.article import Article, Source, Url
from responsa.draft.asks import Ask, ask
from responsa.draft.carried import Proposed, uncarried, unfounded
from responsa.draft.digest import NAME, Piece, beside_the_point, digest
from responsa.draft.markdown import Line, compared, faithful, markdown
from responsa.draft.outcome import Cut, Draft, Reason, Refusal, Sentence
from responsa.draft.rank import Alike, Ranked, ranked, spoken
from responsa.draft.safety import danger, is_order
from responsa.draft.units import leans
from responsa.evidence.check import check
from responsa.evidence.judge import Judge
from responsa.evidence.report import Checked, Report
from responsa.evidence.retrieval import Hit, Nearest
from responsa.evidence.verdict import Verdict

SHOWN: Final = 12
"""Passages that a model writes from."""
ON_TOPIC: Final = 0.5
"""Share of the question's words that what is left of a model's text must speak of."""


class Study(Struct, frozen=True):
    """What drafts are made with. ``finding`` may search by meaning; ``checking`` is what the ledger's judge is shown.

    ``mark``: sentences that nothing carries stay and are marked, instead of being cut; such a draft is not accepted.
    """

    finding: Nearest
    checking: Nearest
    judge: Judge
    references: Mapping[str, Source] = {}
    alike: Alike | None = None
    mark: bool = False


class Declined(Struct, frozen=True):
    """A writer says that the passages give no answer."""

    reason: Reason
    message: str


class Writer(Protocol):
    """Writes sentences from passages and says of each which one it rests on."""

    @property
    def name(self) -> str:
        """With the version of what it is asked."""
        ...

    def write(self, question: str, hits: Sequence[Hit]) -> Sequence[Proposed] | Declined:
        """Raises ``EndpointError`` or ``SpentError`` where no answer comes."""
        ...


def draft(question: str, study: Study, writer: Writer | None = None, *, near_articles: float = 0.0) -> Draft | Refusal:
    """One question. ``near_articles`` is how near the library's nearest question is, 0 to 1, where that is known.

    Without a ``writer`` all sentences are quoted. Whoever writes, the text is cut into claims and judged.
    """
    question = " ".join(question.split())
    by = writer.name if writer else NAME
    harm = danger(question)
    if harm:
        return Refusal(question, Reason.UNSAFE, f"{harm}; a page is no help here", "rules/1")
    asked = ask(question)
    found = ranked(asked, study.finding, study.alike)
    if writer is None:
        pieces = digest(asked, found, study.judge, near_articles=near_articles)
        return pieces if isinstance(pieces, Refusal) else _finished(question, _quoted(pieces), study, by)
    none = beside_the_point(asked, found, near_articles)
    if none is not None or not found.hits:
        return none or Refusal(question, Reason.NO_SOURCES, "no passage shares a word with it", NAME)
    hits = [hit for hit in found.hits if not is_order(hit.passage.text)][:SHOWN]
    written = writer.write(question, hits)
    if isinstance(written, Declined):
        return Refusal(question, written.reason, written.message, by, tuple(hit.passage.id for hit in hits[:5]))
    return _answering(asked, found, _finished(question, written, study, by))


def _quoted(pieces: Sequence[Piece]) -> list[Proposed]:
    """Each sentence once, those that read on in one paragraph."""
    said: set[str] = set()
    sentences: list[Proposed] = []
    for run, piece in enumerate(pieces):
        joined = bool(sentences) and not piece.listed and _reads_on(sentences[-1], piece)
        here = sentences[-1].run if joined else run
        for text in piece.unit.texts:
            if text not in said:
                sentences.append(
                    Proposed(text, piece.unit.passage, text, here, piece.label, piece.listed, piece.unit.cells)
                )
                said.add(text)
    return sentences


def _reads_on(last: Proposed, piece: Piece) -> bool:
    return last.passage is not None and last.passage.id == piece.unit.passage.id and not piece.unit.cells


def _finished(question: str, written: Sequence[Proposed], study: Study, by: str) -> Draft | Refusal:
    """Cuts until everything that is left is carried; then the report is that of the answer as it stands."""
    cut = [Cut(one.text, bad, passage=_id(one), quote=one.quote) for one in written if (bad := unfounded(one))]
    left = [one for one in written if not unfounded(one)]
    report: Report | None = None
    while left:
        answer = markdown(map(_line, left))
        report = check(_article(question, answer), study.checking, study.judge, before=report)
        found = {compared(entry.claim.text): entry for entry in report.checked}
        why = _reasons(left, answer, found)
        if study.mark or not any(why):
            return _draft(question, answer, left, why, found, study, report, by, cut)
        cut += [_cut(one, reason, found) for one, reason in zip(left, why, strict=True) if reason]
        left = [one for one, reason in zip(left, why, strict=True) if not reason]
    told = f"of {len(cut)} sentences none is carried" if cut else "nothing was written"
    return Refusal(
        question, Reason.UNSUPPORTED, told, by, tuple(dict.fromkeys(one.passage for one in cut if one.passage))
    )


def _reasons(left: Sequence[Proposed], answer: str, found: Mapping[tuple[str, ...], Checked]) -> list[str]:
    """Why each sentence must go, or nothing; one that leans on a sentence that goes, goes with it."""
    read = faithful([_line(one) for one in left], answer)
    reasons: list[str] = []
    for place, (one, same) in enumerate(zip(left, read, strict=True)):
        why = (
            uncarried(one, found.get(compared(one.text))) if same else "cannot be written so that it reads as it stands"
        )
        if not why and place and reasons[-1] and left[place - 1].run == one.run and leans(one.text):
            why = "leans on a sentence that is cut"
        reasons.append(why)
    return reasons


def _draft(  # noqa: PLR0917 - the parts of one value
    question: str, answer: str, left: Sequence[Proposed], why: Sequence[str], found: Mapping[tuple[str, ...], Checked],
    study: Study, report: Report, by: str, cut: Sequence[Cut],
) -> Draft:  # fmt: skip
    sentences = tuple(_sentence(one, found, reason) for one, reason in zip(left, why, strict=True))
    names = dict.fromkeys(one.source for one in sentences if one.carried)
    sources = tuple(study.references.get(name, Source(name)) for name in names)
    return Draft(question, answer, sentences, sources, report, by, tuple(cut))


def _sentence(one: Proposed, found: Mapping[tuple[str, ...], Checked], why: str) -> Sentence:
    """Cited where it rests: at the passage that the judge found, else at the one that the writer named."""
    checked = found.get(compared(one.text))
    verdict = checked.finding.verdict if checked else Verdict.QUOTED
    sure = checked.finding.confidence if checked else 1.0
    passage = one.passage
    if passage is None:
        return Sentence(one.text, "", "", "", "", one.label, verdict, sure, carried=False)
    return Sentence(
        one.text, passage.source, passage.id, one.quote, passage.place, one.label, verdict, sure, carried=not why
    )  # fmt: skip


def _cut(one: Proposed, why: str, found: Mapping[tuple[str, ...], Checked]) -> Cut:
    checked = found.get(compared(one.text))
    verdict = checked.finding.verdict.value if checked else ""
    return Cut(one.text, why, verdict, _id(one), one.quote)


def _answering(asked: Ask, found: Ranked, made: Draft | Refusal) -> Draft | Refusal:
    """Where the sentences that answered were cut, the rest is no answer."""
    if isinstance(made, Refusal):
        return made
    held = " ".join(sentence.text for sentence in made.sentences)
    if spoken(asked, held, found) >= ON_TOPIC:
        return made
    told = f"what is left after {len(made.cut)} cuts does not answer the question"
    return Refusal(made.question, Reason.UNSUPPORTED, told, made.by, tuple(one.passage for one in made.sentences))


def _article(question: str, answer: str) -> Article:
    return Article(Url(""), PurePosixPath("draft.md"), question, answer, "")


def _line(one: Proposed) -> Line:
    return Line(one.text, one.run, one.label, one.listed, one.cells)


def _id(one: Proposed) -> str:
    return one.passage.id if one.passage else ""

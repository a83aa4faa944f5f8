"""What becomes of a question: a draft whose every sentence names its passage, or a refusal with its reason."""

from enum import StrEnum

from msgspec import Struct

from responsa.article import Score, Source
from responsa.evidence.report import Report
from responsa.evidence.verdict import Verdict


class Reason(StrEnum):
    """Why there is no draft."""

    NO_SOURCES = "no-sources"
    """No passage of the shelf answers the question."""
    DISAGREE = "sources-disagree"
    """Two sources say different things where the answer would stand."""
    OFF_SUBJECT = "off-subject"
    """Neither the sources nor the articles are about this."""
    UNSAFE = "unsafe"
    """Somebody may be in danger, or wants to harm: a page is no help."""
    UNSUPPORTED = "unsupported"
    """What a model wrote is not carried by the passages it was given."""
    UNCLEAR = "unclear"
    """The words do not say what is asked."""


class Refusal(Struct, frozen=True):
    """``message`` is for editors, in a sentence. ``seen`` are passages that were looked at, ``by`` who looked."""

    question: str
    reason: Reason
    message: str
    by: str
    seen: tuple[str, ...] = ()


class Sentence(Struct, frozen=True):
    """``text`` as the answer says it; ``quote`` as passage ``passage`` of ``source`` says it."""

    text: str
    source: str
    passage: str
    quote: str
    place: str = ""
    label: str = ""
    verdict: Verdict = Verdict.QUOTED
    confidence: float = 1.0
    carried: bool = True


class Cut(Struct, frozen=True):
    """A sentence that a writer wanted and no passage carries, with why."""

    text: str
    why: str
    verdict: str = ""
    passage: str = ""
    quote: str = ""


class Draft(Struct, frozen=True):
    """``answer`` is Markdown made of ``sentences`` alone, under labels. ``report`` is what the judge found.

    ``report.url`` is empty until the draft has an address. ``by`` names the writer and its version.
    """

    question: str
    answer: str
    sentences: tuple[Sentence, ...]
    sources: tuple[Source, ...]
    report: Report
    by: str
    cut: tuple[Cut, ...] = ()

    @property
    def score(self) -> Score | None:
        """The ledger's: see ``evidence.check.score_of``."""
        return self.report.score

    @property
    def unsupported(self) -> tuple[Sentence, ...]:
        """Sentences that were only marked: none of them may be accepted."""
        return tuple(sentence for sentence in self.sentences if not sentence.carried)

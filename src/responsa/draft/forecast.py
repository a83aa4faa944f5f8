"""What a batch would cost, before it starts: from requests made up for some of its questions, and from past answers."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from responsa.draft.asks import ask
from responsa.draft.model import Model
from responsa.draft.rank import ranked
from responsa.draft.store import Usual
from responsa.draft.writing import SHOWN, Study, Writer
from responsa.evidence.budget import Purse

SAMPLE: Final = 12
SIGNS: Final = 4
"""Characters a token, about."""


class Forecast(Struct, frozen=True):
    """``money`` is 0 where no price is known. ``enough``: how many of the questions the budget allows."""

    questions: int
    asked: int
    answered: int
    minutes: float
    money: float
    enough: int
    written: bool

    def __str__(self) -> str:
        if not self.questions:
            return "Nothing is to be drafted."
        if not self.written:
            return f"{self.questions:,} to draft from quotations; nothing is asked or paid."
        paid = f", about {self.money:.2f} of money" if self.money else ""
        text = (
            f"{self.questions:,} to draft: about {self.asked:,} tokens asked, {self.answered:,} answered{paid}, "
            f"{self.minutes:.0f} minutes."
        )
        short = self.enough < self.questions
        return f"{text} The budget ends it after about {self.enough:,}." if short else text


def forecast(  # noqa: PLR0917 - what a forecast rests on
    questions: Sequence[str], study: Study, writer: Writer | None, usual: Usual, purse: Purse, jobs: int
) -> Forecast:
    """A sample of the questions, spread over the file, tells how long a request is."""
    count = len(questions)
    if not isinstance(writer, Model) or not count:
        return Forecast(count, 0, 0, 0.0, 0.0, count, writer is not None)
    sample = questions[:: max(1, count // SAMPLE)][:SAMPLE]
    each = sum(_length(question, study, writer) for question in sample) / len(sample)
    answered = usual.answered
    minutes = count * usual.seconds / max(1, min(jobs, count)) / 60
    limits = purse.limits
    price = (each * limits.price[0] + answered * limits.price[1]) / 1e6
    bounds = [
        limits.requests or count,
        limits.tokens / (each + answered) if limits.tokens else count,
        limits.minutes / (minutes / count) if limits.minutes else count,
        limits.money / price if limits.money and price else count,
    ]
    enough = int(min(bounds))
    return Forecast(
        count, round(each * count), round(answered * count), minutes, price * count, min(enough, count), written=True
    )  # fmt: skip


def _length(question: str, study: Study, writer: Model) -> float:
    hits = ranked(ask(question), study.finding).hits[:SHOWN]
    return len(writer.request(question, hits)) / SIGNS

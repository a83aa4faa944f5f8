"""What ``responsa draft`` does with a file of questions: forecast, run, progress, summary."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import typer
from msgspec import Struct

from responsa.cli.drafting import Result, Wish, as_dict, kept, known_already, limits, means
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.draft.drafts import Saved, SavedRefusal, swept
from responsa.draft.filing import Around, around
from responsa.draft.forecast import Forecast, forecast
from responsa.draft.outcome import Draft, Refusal
from responsa.draft.questions import questions
from responsa.draft.store import Store, stored
from responsa.draft.writing import Study, Writer, draft
from responsa.errors import LockedError
from responsa.evidence.budget import Purse, SpentError
from responsa.evidence.chat import EndpointError
from responsa.evidence.threads import Threads
from responsa.library.library import Library
from responsa.library.lock import lock

FAILED: Final = 3
GIVEN_UP: Final = 5
"""Questions in a row without an answer: the endpoint is down, and asking on would only fail them all."""
PATIENCE: Final = 60
"""Seconds to wait for another command that is writing the library."""
LINES: Final = 20
"""Lines of progress where there is no terminal."""


class _Failed(Struct, frozen=True):
    why: str
    lost: bool = False


class _Task(Struct, frozen=True):
    question: str
    near: float


def run(library: Library, file: Path, wish: Wish, *, shown: bool) -> None:
    """All questions of a file. What is done is kept at every moment: the same command goes on where it ended."""
    asked = questions(file)
    asked = asked[: wish.limit] if wish.limit else asked
    with lock(library.folder, "draft.lock"), Meter("Indexing", shown=shown) as meter:
        swept(library)
        with around(library, meter.advance) as held, stored(library) as store:
            purse = Purse(limits(library, wish))
            study, writer = means(library, wish, store, purse, meter)
            batch = _Batch(held, study, writer, wish, store, purse, meter, shown=shown)
            batch.run(asked)
    batch.finish()


class _Batch:
    """One run over a file."""

    def __init__(  # noqa: PLR0917 - the parts of one run
        self, held: Around, study: Study, writer: Writer | None, wish: Wish, store: Store, purse: Purse, meter: Meter,
        *, shown: bool,
    ) -> None:  # fmt: skip
        self.held, self.study, self.writer, self.wish = held, study, writer, wish
        self.store, self.purse, self.meter, self.shown = store, purse, meter, shown
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.scores: list[float] = []
        self.failed: list[tuple[str, str]] = []
        self.spent = self.down = ""
        self.lost = 0
        self.began = time.monotonic()

    def run(self, asked: Sequence[str]) -> None:
        tasks = list(self._new(asked))
        jobs = self.wish.jobs or self.held.library.config.draft.jobs
        told = forecast([one.question for one in tasks], self.study, self.writer, self.store.usual(), self.purse, jobs)
        self._foretell(told, len(asked))
        if self.wish.forecast:
            return
        self.began = time.monotonic()
        # Quoting is all work and no waiting: threads would only take turns.
        results = Threads(jobs if self.writer else 1).map(self._drafted, self._open(tasks))
        for done, (task, made) in enumerate(zip(tasks, results, strict=False), 1):
            self._take(task, made)
            self._progress(done, len(tasks))
            if self.down:
                break

    def _new(self, asked: Sequence[str]) -> Iterator[_Task]:
        """What was asked or drafted before is counted on the way."""
        for place, question in enumerate(asked, 1):
            self.meter.of("Asked before?")(place, len(asked))
            known = known_already(self.held, question, self.wish)
            if known is None:
                yield _Task(question, self.held.near(question))
            else:
                self._count(known)

    def _open(self, tasks: Sequence[_Task]) -> Iterator[_Task]:
        for task in tasks:
            if self.spent or self.down:
                return
            yield task

    def _drafted(self, task: _Task) -> Draft | Refusal | _Failed | SpentError:
        """In a thread: nothing here writes but the store of answers."""
        try:
            return draft(task.question, self.study, self.writer, near_articles=task.near)
        except SpentError as error:
            return error
        except EndpointError as error:
            return _Failed(str(error), "no answer" in str(error) or "refused the request" in str(error))

    def _take(self, task: _Task, made: Draft | Refusal | _Failed | SpentError) -> None:
        if isinstance(made, SpentError):
            self.spent = str(made)
            self.counts["left"] += 1
            return
        if isinstance(made, _Failed):
            self.failed.append((task.question, made.why))
            self.store.note(task.question, "failed", made.why, None)
            self.lost = self.lost + 1 if made.lost else 0
            if self.lost >= GIVEN_UP:
                self.down = f"{made.why}, {self.lost} questions in a row"
            if self.wish.as_json:
                typer.echo(json.dumps({"question": task.question, "outcome": "failed", "why": made.why}))
            return
        self.lost = 0
        listed = _patiently(self.held, made)
        self._count(Result(task.question, held=listed, made=made))
        score = made.score if isinstance(made, Draft) else None
        outcome = "drafted" if isinstance(made, Draft) else "refused"
        self.store.note(task.question, outcome, "" if isinstance(made, Draft) else made.reason.value, score)

    def _count(self, result: Result) -> None:
        name = "before" if result.why == "drafted before" else result.kind
        self.counts[name] += 1
        if result.held is not None and isinstance(result.held.entry, SavedRefusal):
            self.reasons[result.held.entry.reason.value] += 1
        if result.held is not None and isinstance(result.held.entry, Saved):
            self.scores.append(result.held.entry.score)
        if self.wish.as_json:
            typer.echo(json.dumps(as_dict(result), ensure_ascii=False))

    def _foretell(self, told: Forecast, total: int) -> None:
        self._say(
            f"{total:,} questions: {self.counts['asked']:,} asked before, {self.counts['before']:,} drafted before."
        )
        self._say(str(told))
        if self.store.lost and self.writer:
            again = "they are left out" if self.wish.skip_lost else "what is still wanted is sent again (--skip-lost)"
            self._say(f"{len(self.store.lost)} requests were under way at a kill and may be paid in vain; {again}.")
            if not (self.wish.skip_lost or self.wish.forecast):
                self.store.forget_underway()

    def _progress(self, done: int, total: int) -> None:
        gone = time.monotonic() - self.began
        rate = done / gone if gone else 0.0
        left = _span((total - done) / rate) if rate else "?"
        self.meter.of(f"{rate:.1f} a second, {left} left")(done, total)
        if not self.shown and (done % max(1, total // LINES) == 0 or done == total):
            self._say(f"{done:,} of {total:,}, {rate:.1f} a second, {left} left")

    def _say(self, text: str) -> None:
        """Beside the results, so that lines of JSON stay alone on standard output."""
        typer.echo(plain(text), err=True)

    def finish(self) -> None:
        """The summary, and how the run ended."""
        if not self.wish.forecast:
            self._summary()
        if self.down:
            raise EndpointError(f"{self.down}; what is done is kept, the same command goes on")
        if self.spent:
            raise SpentError(f"{self.spent}; what is done is kept, the same command goes on")
        if self.failed:
            raise typer.Exit(FAILED)

    def _summary(self) -> None:
        told = {
            "drafted": self.counts["drafted"], "refused": self.counts["refused"], "failed": len(self.failed),
            "asked before": self.counts["asked"], "drafted before": self.counts["before"],
        }  # fmt: skip
        self._say(", ".join(f"{count:,} {name}" for name, count in told.items()) + ".")
        if self.reasons:
            self._say("Refused: " + ", ".join(f"{count:,} {name}" for name, count in self.reasons.most_common()) + ".")
        if self.scores:
            self._say(f"Scores: {_distribution(self.scores)}.")
        for question, why in self.failed[:LINES]:
            self._say(f"failed: {question}: {why}")
        if self.writer:
            self._say(f"Spent: {self.purse}.")


def _patiently(held: Around, made: Draft | Refusal) -> Any:  # noqa: ANN401 - what ``kept`` gives
    """Another command may be writing: it is waited for, an answer that was paid is not dropped."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return kept(held, made)
        except LockedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _distribution(scores: Sequence[float]) -> str:
    bounds = ((1.0, "1"), (0.9, "0.9 and more"), (0.75, "0.75 and more"), (0.5, "0.5 and more"), (-1.0, "less"))
    counts: Counter[str] = Counter(next(name for least, name in bounds if score >= least) for score in scores)
    return ", ".join(f"{counts[name]:,} {name}" for _, name in bounds if counts[name])


def _span(seconds: float) -> str:
    if seconds < 100:  # noqa: PLR2004 - seconds are readable up to here
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3600:.1f} h"  # noqa: PLR2004 - 100 minutes

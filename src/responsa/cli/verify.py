"""``responsa verify``: a verdict for every claim, kept in the ledger, and the score that they give."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from heapq import nsmallest
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer
from msgspec import Struct

from responsa.cli.log import logged
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import MissingExtraError, UsageError
from responsa.evidence.budget import Purse, SpentError, budget
from responsa.evidence.judges import judge_of, wanted
from responsa.evidence.ledger import recall
from responsa.evidence.report import Checked, harm
from responsa.evidence.retrieval import Nearest
from responsa.evidence.stock import Stock, opened, stocked
from responsa.evidence.threads import Threads
from responsa.evidence.verified import Kept, Summary, remembered, summary_of
from responsa.evidence.verified import Verified as Past
from responsa.evidence.verify import Job, Outcome, Setting, Verified, digest, verified, verify_shard
from responsa.index.extra import required
from responsa.library.catalogue import refresh
from responsa.library.library import Library, apply, read
from responsa.library.lock import PRIVATE, lock
from responsa.library.write import write as write_records
from responsa.shards import Executor, Here, Processes, cores

SHARD = 32
MANY = 256
"""Articles from which starting processes pays."""
KEY = "RESPONSA_JUDGE_KEY"
ANSWERS = "judge"
"""Folder below `.responsa/` of what an endpoint answered."""
UNREAD = 3


class Wish(Struct, frozen=True):
    """What is asked for beside the articles themselves."""

    stale: bool
    limit: int
    write: bool
    queue: int
    as_json: bool


def verify(  # noqa: PLR0917 - every parameter is an option by name
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    subject: Annotated[str, typer.Option(help="Only articles of this subject.")] = "",
    article: Annotated[str, typer.Option(help="Only the article with this address or path.")] = "",
    stale: Annotated[
        bool, typer.Option("--stale", help="Show only articles with a verdict that was made anew.")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="Look at so many articles at most; 0 for all.")] = 0,
    judge: Annotated[
        str,
        typer.Option(
            help="onnx:FOLDER, hub:OWNER/NAME, or an OpenAI-compatible endpoint such as http://localhost:11434/v1."
        ),
    ] = "",
    model: Annotated[str, typer.Option(help="The model that the endpoint shall ask.")] = "",
    stream: Annotated[bool, typer.Option("--stream", help="Let the endpoint answer in a stream.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Articles that a judge model has in hand at once.")] = 4,
    spend: Annotated[
        str, typer.Option("--budget", help="requests=500,tokens=200000,minutes=30 or money=2,price=0.15/0.60.")
    ] = "",
    log: Annotated[Path | None, typer.Option(help="A file for what the endpoint did: limits, failures.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the ledger and the scores; without this nothing is written.")
    ] = False,
    cite: Annotated[
        bool, typer.Option("--cite", help="Also list the sources that carry claims in the record: pages cite those.")
    ] = False,
    queue: Annotated[int, typer.Option(min=0, max=1000, help="Claims shown, the most harmful first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON an article.")] = False,
) -> None:
    """Check every claim of every answer against the sources; keep the verdicts and the score.

    A verdict that stands is not made again, so that an interrupted run goes on where it ended.
    """
    choice = wanted(judge, model, stream=stream)
    purse = Purse(budget(spend))
    library = read(folder)
    paths = _paths(library, article)
    with Meter("reading the sources", shown=sys.stderr.isatty()):
        stock = stocked(library)
    for path, message in stock.problems:
        typer.echo(plain(f"{path}: {message}"), err=True)
    slug = _slug(library, subject) if subject else ""
    setting = Setting(str(library.folder), stock.block, choice, slug, write, cite)
    wish = Wish(stale, limit, write, queue, as_json)
    with logged(log, "responsa.evidence"), lock(library.folder, "verify.lock") if write else nullcontext():
        tally = _run(library, paths, stock, setting, wish, jobs, purse)
    _finish(library, tally, wish, purse if choice.endpoint else None)


def _slug(library: Library, subject: str) -> str:
    slug = library.subject_of(subject).slug
    with refresh(library) as catalogue:
        known = {shelf.info.slug: shelf.info.title for shelf in catalogue.subjects()}
    if slug not in known:
        raise UsageError(f"--subject {subject}: no article has this subject; known are {', '.join(known.values())}")
    return slug


def _paths(library: Library, article: str) -> list[PurePosixPath]:
    if not article:
        return library.paths()
    given = PurePosixPath(article)
    if article.endswith(".md") and given in library.paths():
        return [given]
    with refresh(library) as catalogue:
        found = catalogue.path_of(article)
    if found is None:
        raise UsageError(f"{article}: no article has this address or path")
    return [found]


def _run(  # noqa: PLR0917 - the parts of one run
    library: Library, paths: list[PurePosixPath], stock: Stock, setting: Setting, wish: Wish, jobs: int, purse: Purse
) -> "Tally":
    judge = judge_of(setting.judge, library.folder / PRIVATE / ANSWERS, purse, os.environ.get(KEY, ""))
    if setting.judge.judge:
        nearest = _nearest(library, stock)
        context = {"shelf": stock.fingerprint, "judge": judge.name, "found": nearest.name}
        executor: Executor = Threads(jobs)
        stage: Callable[[Job], Outcome] = partial(verified, library=library, nearest=nearest, judge=judge)
    else:
        context = {"shelf": stock.fingerprint, "judge": judge.name, "found": Nearest.name}
        executor = Processes() if len(paths) > MANY and cores() > 1 else Here()
        stage = verify_shard
    if setting.cite:
        # What was found before says nothing about sources: they are looked at again.
        context["cite"] = "yes"
    meter = Meter("articles", shown=sys.stderr.isatty())
    with remembered(library, context) as past, meter:
        tally = Tally(library, wish, past, meter, len(paths))
        # With a judge that costs something, an article is a shard: what is done is kept at once.
        shards = tally.shards(paths, setting, 1 if setting.judge.judge else SHARD)
        with _settled(tally):
            for outcome in executor.map(stage, shards):
                tally.take(outcome)
    return tally


def _nearest(library: Library, stock: Stock) -> Nearest:
    """For a judge model by words and meaning: it sees through paraphrases, which share few words."""
    by_words = opened(library, stock.block)
    try:
        required()
    except MissingExtraError as error:
        typer.echo(f"passages are found by words alone, paraphrases may be missed: {error}", err=True)
        return by_words
    from responsa.evidence.hybrid import hybrid  # noqa: PLC0415 - parts of an extra

    with Meter("passages", shown=sys.stderr.isatty()) as meter:
        return hybrid(library, by_words, meter.advance)


@contextmanager
def _settled(tally: "Tally") -> Iterator[None]:
    """Whatever ends the run, what is done is remembered."""
    try:
        yield
    finally:
        tally.settle()


class Tally:
    """Gathers what a run found, and remembers of each article no more than it needs."""

    def __init__(self, library: Library, wish: Wish, past: Past, meter: Meter, total: int) -> None:
        self.library, self.wish, self.past, self.meter, self.total = library, wish, past, meter, total
        self.counts: Counter[str] = Counter()
        self.articles = self.asked = self.edits = self.looked = self.seen = self.left = 0
        self.spent = ""
        self.unread: list[tuple[str, str]] = []
        self.worst: list[tuple[tuple[int, float], str, int, PurePosixPath, Checked | None]] = []
        self.pending: list[Kept] = []

    def shards(self, paths: list[PurePosixPath], setting: Setting, size: int) -> Iterator[Job]:
        """Jobs of what has to be looked at; what is known is counted on the way."""
        some: list[PurePosixPath] = []
        known: set[PurePosixPath] = set()
        for path in paths:
            summary = self.past.known(path)
            if summary is not None and setting.subject in {"", summary.subject}:
                if self.wish.stale or not self.wish.as_json:
                    self.know(path, summary)
                    continue
                known.add(path)
            elif summary is not None or self.spent or 0 < self.wish.limit <= self.looked:
                self.seen += 1
                self.left += summary is None and not self.wish.limit
                continue
            else:
                self.looked += 1
            some.append(path)
            if len(some) >= size:
                yield Job(setting, tuple(some), frozenset(known))
                some, known = [], set()
        if some:
            yield Job(setting, tuple(some), frozenset(known))

    def know(self, path: PurePosixPath, summary: Summary) -> None:
        """An article that did not change."""
        self.seen += 1
        if self.wish.stale:
            return
        self.articles += 1
        self.counts.update(summary.counts)
        self.worst += [((p.level, p.weight), summary.url, p.start, path, None) for p in summary.worst]
        self._prune()

    def take(self, outcome: Outcome) -> None:
        """A shard that is done."""
        self.unread += outcome.unread
        if outcome.spent:
            self.spent = outcome.spent
            self.left += 1
        kept = self._rescored(outcome.done) if self.wish.write else []
        # What the last shard left has settled by now.
        ready, self.pending = self.pending, kept
        self.past.keep(ready)
        for one in outcome.done:
            self._count(one)
        self.seen += len(outcome.done) + len(outcome.unread)
        self.meter.advance(self.seen, self.total)

    def settle(self) -> None:
        """Remember what is still pending."""
        if self.pending:
            self.past.wait()
            self.past.keep(self.pending)
            self.pending = []

    def _count(self, one: Verified) -> None:
        if self.wish.stale and not one.report.asked:
            return
        self.articles += 1
        self.asked += one.report.asked
        self.edits += bool(one.edits)
        self.counts.update(entry.finding.verdict.value for entry in one.report.checked)
        if self.wish.as_json:
            typer.echo(json.dumps(_shown(one)))
            return
        entries = ((harm(entry), one.report.url, entry.claim.start, one.path, entry) for entry in one.report.checked)
        self.worst += nsmallest(self.wish.queue, entries, key=lambda entry: entry[:3])
        self._prune()

    def _prune(self, above: int = 2_000) -> None:
        if len(self.worst) > above:
            self.worst = nsmallest(self.wish.queue, self.worst, key=lambda entry: entry[:3])

    def _rescored(self, done: tuple[Verified, ...]) -> list[Kept]:
        """Write scores and sources; an article that changed since it was read waits for the next run."""
        held = {one.path: one.held for one in done}
        changes = [
            change
            for one in done
            for change in apply(self.library, one.edits, {one.report.url: one.path}.get)
            if digest(change.before) == one.held
        ]
        write_records(self.library, changes)
        held.update({change.path: digest(change.after) for change in changes})
        return [
            Kept(one.path, (held[one.path], one.ledger), summary_of(one.report, one.subject))
            for one in done
            if not one.known and _is_judged(one)
        ]

    def first(self) -> Iterator[tuple[Checked, PurePosixPath]]:
        """The editor's queue; what is known is read from its ledger."""
        for _, url, start, path, entry in nsmallest(self.wish.queue, self.worst, key=lambda entry: entry[:3]):
            found = entry or _from_ledger(self.library, path, url, start)
            if found is not None:
                yield found, path


def _is_judged(one: Verified) -> bool:
    """Whether the judge answered about every claim; where it did not, the next run asks again."""
    return all(entry.finding.judge == one.report.judge for entry in one.report.checked)


def _from_ledger(library: Library, path: PurePosixPath, url: str, start: int) -> Checked | None:
    report = recall(library, library.article(path))
    if report is None or report.url != url:
        return None
    return next((entry for entry in report.checked if entry.claim.start == start), None)


def _finish(library: Library, tally: Tally, wish: Wish, purse: Purse | None) -> None:
    if not wish.as_json:
        _print(library, tally, wish, purse)
    for path, message in tally.unread:
        typer.echo(plain(f"{path}: {message}"), err=True)
    if tally.spent:
        raise SpentError(f"{tally.spent}; {tally.left} articles are left: the same command goes on")
    if tally.unread:
        raise typer.Exit(UNREAD)


def _print(library: Library, tally: Tally, wish: Wish, purse: Purse | None) -> None:
    for checked, path in tally.first():
        finding = checked.finding
        typer.echo(plain(f"{path}: {finding.verdict.value} {finding.confidence:.2f}: {checked.claim.text}"))
        if finding.passage:
            typer.echo(plain(f"    {finding.passage}: {finding.quote[:300]}"))
        typer.echo(plain(f"    {finding.tension or finding.reason}"))
    total = sum(tally.counts.values())
    told = ", ".join(f"{count:,} {name}" for name, count in sorted(tally.counts.items())) or "no claim"
    typer.echo(f"{tally.articles:,} articles, {total:,} claims: {told}; {tally.asked:,} verdicts made anew.")
    if purse is not None:
        typer.echo(f"Spent: {purse}.")
    if not wish.write:
        typer.echo(f"{tally.edits:,} records would change in {library.folder}. Nothing was written; --write does it.")


def _shown(one: Verified) -> dict[str, Any]:
    claims = [
        {
            "start": checked.claim.start, "end": checked.claim.end, "text": checked.claim.text,
            "verdict": checked.finding.verdict.value, "confidence": checked.finding.confidence,
            "passage": checked.finding.passage, "quote": checked.finding.quote, "reason": checked.finding.reason,
            "tension": checked.finding.tension, "judge": checked.finding.judge,
        }
        for checked in sorted(one.report.checked, key=harm)
    ]  # fmt: skip
    score = one.report.score
    return {
        "path": str(one.path),
        "url": one.report.url,
        "score": -1.0 if score is None else score,
        "judge": one.report.judge,
        "anew": one.report.asked,
        "claims": claims,
    }

"""``responsa verify``: a verdict for every claim, kept in the ledger, and the score that they give."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer
from msgspec import Struct

from responsa.article import Article, Edit, Url
from responsa.cli.plain import plain
from responsa.cli.sources import shelf_of
from responsa.errors import UnreadableError, UsageError
from responsa.evidence.check import Checked, Report, check, harm, rescore
from responsa.evidence.embedded import Embedded
from responsa.evidence.endpoint import Endpoint, http, kept
from responsa.evidence.judge import Judge
from responsa.evidence.ledger import recall, record
from responsa.evidence.retrieval import Nearest
from responsa.library.library import Library, apply, read
from responsa.library.lock import PRIVATE
from responsa.library.write import write as write_records
from responsa.shards import Executor, Here, Processes, cores, shards

SHARD = 64
MANY = 256
"""Articles from which starting processes pays."""
KEY = "RESPONSA_JUDGE_KEY"


class Job(Struct, frozen=True):
    """A shard: articles' paths of the library in ``folder``."""

    folder: str
    paths: tuple[PurePosixPath, ...]
    subject: str
    judge: str
    model: str
    write: bool


class Verified(Struct, frozen=True):
    """One article: its report, the edit of its score if that changed, and whether its ledger changes."""

    path: PurePosixPath
    question: str
    report: Report
    edit: Edit | None


def verify(  # noqa: PLR0917 - every parameter is an option by name
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    subject: Annotated[str, typer.Option(help="Only articles of this subject.")] = "",
    article: Annotated[str, typer.Option(help="Only the article with this address or path.")] = "",
    stale: Annotated[
        bool, typer.Option("--stale", help="Show only articles with a verdict that was made anew.")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="At most so many articles; 0 for all.")] = 0,
    judge: Annotated[
        str, typer.Option(help="Address of an OpenAI-compatible endpoint, such as http://localhost:11434/v1.")
    ] = "",
    model: Annotated[str, typer.Option(help="The model that the endpoint shall ask.")] = "",
    write: Annotated[
        bool, typer.Option("--write", help="Keep the ledger and the scores; without this nothing is written.")
    ] = False,
    queue: Annotated[int, typer.Option(min=0, help="Claims shown, the most harmful first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check every claim of every answer against the sources; keep the verdicts and the score.

    A verdict that stands is not made again, so that an interrupted run goes on where it ended.
    """
    library = read(folder)
    if bool(judge) != bool(model):
        raise UsageError("--judge and --model belong together: the address of an endpoint and the model to ask")
    paths = _paths(library, article)
    found: list[Verified] = []
    for batch in _verified(library, paths, subject, judge, model, write=write):
        found += [one for one in batch if one.report.asked or not stale]
        if write:
            _rescore(library, batch)
        if limit and len(found) >= limit:
            break
    found = found[: limit or None]
    _print_json(found, write=write) if as_json else _print(library, found, queue, write=write)


def _paths(library: Library, article: str) -> list[PurePosixPath]:
    if not article:
        return library.paths()
    found = [one.path for one in library.articles() if article in {one.url, str(one.path)}]
    if not found:
        raise UsageError(f"{article}: no article has this address or path")
    return found[:1]


def _verified(
    library: Library, paths: list[PurePosixPath], subject: str, judge: str, model: str, *, write: bool
) -> Iterator[list[Verified]]:
    many = len(paths) > MANY and cores() > 1 and not judge
    executor: Executor = Processes() if many else Here()
    jobs = (Job(str(library.folder), tuple(part), subject, judge, model, write) for part in shards(paths, SHARD))
    return iter(executor.map(verify_shard, jobs))


@lru_cache(maxsize=2)
def _prepared(folder: str) -> tuple[Library, Nearest]:
    """Once a process: the sources in memory."""
    library = read(Path(folder))
    return library, Nearest(shelf_of(library).passages())


def verify_shard(job: Job) -> list[Verified]:
    """The stage: reports of a shard; with ``write`` each article's ledger is kept as soon as it is whole."""
    library, nearest = _prepared(job.folder)
    judge = _judge(library, nearest, job)
    return [
        _one(library, entry, nearest, judge, write=job.write)
        for entry in library.entries(job.paths)
        if not isinstance(entry, UnreadableError) and _is_of(library, entry, job.subject)
    ]


def _is_of(library: Library, article: Article, subject: str) -> bool:
    return not subject or library.subject_of(article.subject).slug == library.subject_of(subject).slug


def _judge(library: Library, nearest: Nearest, job: Job) -> Judge:
    embedded = Embedded(nearest.names)
    if not job.judge:
        return embedded
    transport = http(job.judge, os.environ.get(KEY, ""))
    return Endpoint(job.model, kept(library.folder / PRIVATE / "judge", transport), embedded)


def _one(library: Library, article: Article, nearest: Nearest, judge: Judge, *, write: bool) -> Verified:
    report = check(article, nearest, judge, before=recall(library, article))
    if write:
        record(library, article, report)
    edit = rescore(report)
    now = -1.0 if article.score is None else article.score
    return Verified(article.path, article.question, report, None if edit.after == now else edit)


def _rescore(library: Library, batch: list[Verified]) -> None:
    places: dict[Url, PurePosixPath] = {one.report.url: one.path for one in batch}
    edits = [one.edit for one in batch if one.edit]
    write_records(library, apply(library, edits, places.get))


def _print(library: Library, found: list[Verified], queue: int, *, write: bool) -> None:
    counts = Counter(checked.finding.verdict.value for one in found for checked in one.report.checked)
    worst = sorted(((checked, one) for one in found for checked in one.report.checked), key=_by_harm)
    for checked, one in worst[:queue]:
        finding = checked.finding
        typer.echo(plain(f"{one.path}: {finding.verdict.value} {finding.confidence:.2f}: {checked.claim.text}"))
        if finding.passage:
            typer.echo(plain(f"    {finding.passage}: {finding.quote[:300]}"))
        typer.echo(plain(f"    {finding.tension or finding.reason}"))
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "no claim"
    asked = sum(one.report.asked for one in found)
    edits = sum(one.edit is not None for one in found)
    typer.echo(f"{len(found)} articles, {sum(counts.values())} claims: {told}; {asked} verdicts made anew.")
    if not write:
        typer.echo(f"{edits} scores would change in {library.folder}. Nothing was written; --write does it.")


def _by_harm(entry: tuple[Checked, Verified]) -> tuple[tuple[int, float], str, int]:
    checked, one = entry
    return harm(checked), one.report.url, checked.claim.start


def _print_json(found: list[Verified], *, write: bool) -> None:
    typer.echo(json.dumps({"written": write, "articles": [_shown(one) for one in found]}, indent=2, ensure_ascii=False))


def _shown(one: Verified) -> dict[str, Any]:
    claims = [
        {
            "start": checked.claim.start, "end": checked.claim.end, "text": checked.claim.text,
            "verdict": checked.finding.verdict.value, "confidence": checked.finding.confidence,
            "passage": checked.finding.passage, "quote": checked.finding.quote, "reason": checked.finding.reason,
            "tension": checked.finding.tension,
        }
        for checked in sorted(one.report.checked, key=harm)
    ]  # fmt: skip
    score = one.report.score
    return {
        "url": one.report.url,
        "score": -1.0 if score is None else score,
        "judge": one.report.judge,
        "claims": claims,
    }

"""``responsa contradictions``: what articles of one library say against each other."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer
from msgspec import Struct

from responsa.article import Article
from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import UnreadableError
from responsa.evidence.budget import Purse, SpentError, budget
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.contradictions import Conflict, Statement, statements
from responsa.evidence.judge import Judge
from responsa.evidence.judges import judge_of, wanted
from responsa.evidence.passages import Passage
from responsa.evidence.retrieval import Hit
from responsa.evidence.siblings import NAME, Read, Siblings, compare, siblings
from responsa.evidence.verdict import Finding, Verdict
from responsa.library.library import Library, read
from responsa.library.lock import PRIVATE, lock, private
from responsa.shards import Executor, Here, Processes, cores, shards

SHARD = 128
MANY = 512
"""Articles from which starting processes pays."""
ASKED = 5
"""Conflicts shown to a judge for each that shall be listed."""
KEY = "RESPONSA_JUDGE_KEY"


class Job(Struct, frozen=True):
    """A shard of the library in ``folder``, and the fingerprints of those files whose statements are known."""

    folder: str
    paths: tuple[PurePosixPath, ...]
    known: dict[str, str]


def contradictions(  # noqa: PLR0917 - every parameter is an option by name
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    subject: Annotated[str, typer.Option(help="Only where one of the two articles is of this subject.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the surest first.")] = 40,
    judge: Annotated[
        str, typer.Option(help="Decides which are real: onnx:FOLDER, hub:OWNER/NAME, or an OpenAI-compatible endpoint.")
    ] = "",
    model: Annotated[str, typer.Option(help="The model that the endpoint shall ask.")] = "",
    spend: Annotated[str, typer.Option("--budget", help="As for verify: requests=500,tokens=200000,minutes=30.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show where articles of one library contradict each other: amounts first, then advice.

    Nothing is written but what was read and compared, in .responsa: an interrupted run goes on where it ended.
    """
    library = read(folder)
    choice = wanted(judge, model)
    purse = Purse(budget(spend))
    with (
        lock(library.folder, "contradictions.lock"),
        siblings(private(library.folder) / NAME) as known,
        Meter("articles", shown=sys.stderr.isatty() and not as_json) as meter,
    ):
        _read_all(library, known, meter)
        _compare_all(known, meter)
        found = _of_subject(library, known.ranked(), subject)
        answers = library.folder / PRIVATE / "judge"
        chosen = judge_of(choice, answers, purse, os.environ.get(KEY, "")) if judge else None
        decided = _decided(found, chosen, limit) if chosen else ((one, None) for one in found)
        _print(list(islice(decided, limit)), known.counts(), as_json=as_json)


def _read_all(library: Library, known: Siblings, meter: Meter) -> None:
    paths = library.paths()
    known.forget_all_but(str(path) for path in paths)
    jobs = (
        Job(str(library.folder), tuple(part), known.marks([str(path) for path in part]))
        for part in shards(paths, SHARD)
    )
    done = 0
    for batch in _executor(len(paths)).map(read_shard, jobs):
        known.keep(batch)
        done += SHARD
        meter.advance(min(done, len(paths)), len(paths))


def _compare_all(known: Siblings, meter: Meter) -> None:
    batches = known.batches()
    for done, (batch, found) in enumerate(_executor(len(batches) * SHARD).map(compare, batches), 1):
        known.record(batch, found)
        meter.advance(done, len(batches))


def _executor(many: int) -> Executor:
    return Processes() if many > MANY and cores() > 1 else Here()


def read_shard(job: Job) -> list[Read]:
    """The stage: what the articles of a shard state; a file that is known is not read as an article again."""
    library = read(Path(job.folder))
    return [found for path in job.paths if (found := _read(library, path, job.known.get(str(path), "")))]


def _read(library: Library, path: PurePosixPath, known: str) -> Read | None:
    try:
        mark = blake2b(library.data(path), digest_size=8).hexdigest()
        if mark == known:
            return Read(str(path), mark, None)
        article = library.article(path)
    except UnreadableError:
        return None
    return Read(str(path), mark, tuple(statements(article, _subject(library, article))))


def _subject(library: Library, article: Article) -> str:
    return library.subject_of(article.subject).slug


def _of_subject(library: Library, found: Iterator[Conflict], subject: str) -> Iterator[Conflict]:
    if not subject:
        return found
    slug = library.subject_of(subject).slug
    return (one for one in found if slug in {one.one.subject, one.other.subject})


Decided = tuple[Conflict, Finding | None]


def _decided(found: Iterator[Conflict], judge: Judge, limit: int) -> Iterator[Decided]:
    """What the judge calls contradicted, then what it could not decide; what it calls supported is no conflict.

    Where the budget is spent, the rest stays undecided.
    """
    open_ones: list[Decided] = []
    for one in islice(found, ASKED * limit):
        try:
            said = judge.judge(_claim(one.one), [_hit(one.other)])
        except SpentError:
            open_ones.append((one, None))
            continue
        if said.verdict is Verdict.CONTRADICTED:
            yield one, said
        elif said.verdict is not Verdict.SUPPORTED:
            open_ones.append((one, said))
    yield from open_ones


def _claim(statement: Statement) -> Claim:
    return Claim(statement.start, statement.end, statement.text, Kind.STATEMENT, statement.lead or statement.question)


def _hit(statement: Statement) -> Hit:
    return Hit(
        Passage(statement.url, statement.url, statement.text, statement.lead, title=statement.question), 1.0, 1.0
    )


def _print(found: Sequence[Decided], counts: tuple[int, int], *, as_json: bool) -> None:
    if as_json:
        entries = [_shown(one, said) for one, said in found]
        told = {"statements": counts[0], "conflicts": counts[1], "shown": entries}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for number, (one, said) in enumerate(found, 1):
        verdict = f" ({said.verdict.value}, says {said.judge})" if said else ""
        typer.echo(f"{number}. {one.kind} {one.rank:.2f}{plain(verdict)}: {plain(_words_of(one))}")
        for part in (one.one, one.other):
            typer.echo(plain(f"   {part.path}: {part.question}"))
            typer.echo(plain(f"      {part.text}"))
    typer.echo(f"{counts[0]} statements compared; {counts[1]} pairs differ, {len(found)} shown.")


def _words_of(one: Conflict) -> str:
    return "; ".join(
        f"{difference.claim or 'without it'} / {difference.source or 'without it'}" for difference in one.differences
    )


def _shown(one: Conflict, said: Finding | None) -> dict[str, Any]:
    judged = {"judge": said.judge, "verdict": said.verdict.value, "reason": said.reason} if said else None
    return {
        "kind": one.kind,
        "rank": one.rank,
        "differences": [[difference.claim, difference.source] for difference in one.differences],
        "passages": [
            {
                "url": part.url, "path": part.path, "subject": part.subject, "question": part.question,
                "text": part.text, "start": part.start, "end": part.end,
            }
            for part in (one.one, one.other)
        ],
        "judged": judged,
    }  # fmt: skip

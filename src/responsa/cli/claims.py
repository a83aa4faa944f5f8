"""``responsa claims``: pairs of a claim and its evidence, judged for a benchmark."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct

from responsa.cli.meter import Meter
from responsa.errors import UsageError
from responsa.evidence.budget import Purse, budget
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.judge import Judge
from responsa.evidence.judges import judge_of, wanted
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest

K = 5
KEY = "RESPONSA_JUDGE_KEY"
SHOWN = 20
"""Broken lines that are named; the others are counted."""
STEP = 100


class Pair(Struct, frozen=True):
    """One line of the file."""

    id: str | int
    claim: str
    evidence: str | list[str]


def claims(  # noqa: PLR0917 - every parameter is an option by name
    pairs: Annotated[Path, typer.Option(help="JSONL of id, claim and evidence (a text or a list).")],
    out: Annotated[Path, typer.Option(help="JSONL of id, verdict, confidence and reason.")],
    judge: Annotated[str, typer.Option(help="onnx:FOLDER, hub:OWNER/NAME, or an OpenAI-compatible endpoint.")] = "",
    model: Annotated[str, typer.Option(help="The model that the endpoint shall ask.")] = "",
    answers: Annotated[
        Path, typer.Option(help="Folder of what an endpoint answered: the same is not asked twice.")
    ] = Path(".responsa/judge"),
    spend: Annotated[str, typer.Option("--budget", help="As for verify: requests=500,tokens=200000,minutes=30.")] = "",
) -> None:
    """Judge pairs of a claim and its evidence from a file, for benchmarks.

    The file is written as a whole at the end: an interrupted run leaves what was there.
    """
    choice = wanted(judge, model)
    total = _checked(pairs)
    chosen = judge_of(choice, answers, Purse(budget(spend)), os.environ.get(KEY, ""))
    half = out.with_name(f".{out.name}.part")
    try:
        with half.open("wb") as file, Meter("pairs", shown=sys.stderr.isatty()) as meter:
            for done, (_, pair) in enumerate(_read(pairs), 1):
                file.write(msgspec.json.encode(verdict_of(pair, chosen)) + b"\n")
                if done % STEP == 0:
                    meter.advance(done, total)
        half.replace(out)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from error
    finally:
        half.unlink(missing_ok=True)
    typer.echo(f"{out}: {total} verdicts by {chosen.name}")


def verdict_of(pair: Pair, judge: Judge) -> dict[str, Any]:
    """What the judge makes of one pair."""
    evidence = [pair.evidence] if isinstance(pair.evidence, str) else pair.evidence
    nearest = Nearest(passages("evidence", (Paragraph(text) for text in evidence)))
    claim = Claim(0, len(pair.claim), pair.claim, Kind.STATEMENT)
    found = judge.judge(claim, nearest.search(pair.claim, k=K))
    return {"id": pair.id, "verdict": found.verdict.value, "confidence": found.confidence, "reason": found.reason}


def _checked(file: Path) -> int:
    """How many pairs there are. Raises ``UsageError`` with every broken line before anything is judged."""
    problems: list[str] = []
    count = broken = 0
    first: dict[str | int, int] = {}
    for number, pair in _read(file):
        count += 1
        problem = pair if isinstance(pair, str) else ""
        if isinstance(pair, Pair) and first.setdefault(pair.id, number) != number:
            problem = f"the id {pair.id!r} is that of line {first[pair.id]} already"
        elif isinstance(pair, Pair) and not pair.claim.strip():
            problem = "the claim is empty"
        if problem:
            broken += 1
            problems += [f"{file}:{number}: {problem}"] if broken <= SHOWN else []
    if broken > SHOWN:
        problems.append(f"{file}: {broken - SHOWN} more lines like these")
    if not count:
        problems.append(f'{file}: no pair in it; expected lines of {{"id": 1, "claim": "...", "evidence": "..."}}')
    if problems:
        raise UsageError("\n".join(problems))
    return count


def _read(file: Path) -> Iterator[tuple[int, Any]]:
    """Line numbers with their pairs, or with what is wrong; one line is in memory at a time."""
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if text.strip():
                    yield number, _pair(text)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error


def _pair(line: bytes) -> Pair | str:
    try:
        return msgspec.json.decode(line, type=Pair)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return f"expected id, claim and evidence: {error}"

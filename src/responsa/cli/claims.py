"""``responsa claims``: pairs of a claim and its evidence, judged for a benchmark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct

from responsa.errors import UsageError
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.embedded import Embedded
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest

K = 5


class Pair(Struct, frozen=True):
    """One line of the file."""

    id: str | int
    claim: str
    evidence: str | list[str]


def claims(
    pairs: Annotated[Path, typer.Option(help="JSONL of id, claim and evidence (a text or a list).")],
    out: Annotated[Path, typer.Option(help="JSONL of id, verdict, confidence and reason.")],
) -> None:
    """Judge pairs of a claim and its evidence from a file, for benchmarks."""
    lines = [msgspec.json.encode(verdict_of(pair)) for pair in _read(pairs)]
    try:
        out.write_bytes(b"".join(line + b"\n" for line in lines))
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from error
    typer.echo(f"{out}: {len(lines)} verdicts")


def verdict_of(pair: Pair) -> dict[str, Any]:
    """The verdict of the embedded checker on one pair."""
    evidence = [pair.evidence] if isinstance(pair.evidence, str) else pair.evidence
    nearest = Nearest(passages("evidence", (Paragraph(text) for text in evidence)))
    claim = Claim(0, len(pair.claim), pair.claim, Kind.STATEMENT)
    found = Embedded(nearest.names).judge(claim, nearest.search(pair.claim, k=K))
    return {"id": pair.id, "verdict": found.verdict.value, "confidence": found.confidence, "reason": found.reason}


def _read(file: Path) -> Iterator[Pair]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    problems: list[str] = []
    found: list[Pair] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line, type=Pair))
            except (msgspec.DecodeError, RecursionError) as error:
                problems.append(f"{file}:{number}: expected id, claim and evidence: {error}")
    if problems:
        raise UsageError("\n".join(problems[:20]))
    return iter(found)

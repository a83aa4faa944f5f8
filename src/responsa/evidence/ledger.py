"""The ledger: one JSON file an article below ``evidence/``, kept in Git, enough for anyone to compute the score again.

Nothing in it depends on the day or the machine: the same inputs give the same bytes. Git says when and by whom.
"""

import os
import stat
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Final

import msgspec
from msgspec import Struct

from responsa.article import Article, Url
from responsa.errors import ResponsaError
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.report import Checked, Report, score_of
from responsa.evidence.verdict import Difference, Finding, Verdict
from responsa.library.library import Library

VERSION: Final = 1
LARGEST: Final = 32 * 1024 * 1024


class Entry(Struct, frozen=True, omit_defaults=True):
    """One claim: ``answer[start:end]`` with its verdict."""

    start: int
    end: int
    text: str
    verdict: Verdict
    confidence: float
    judge: str
    kind: str = Kind.STATEMENT.value
    lead: str = ""
    passage: str = ""
    quote: str = ""
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    tension: str = ""
    nearest: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


class Ledger(Struct, frozen=True):
    """One file. ``of`` is the fingerprint of the answer; ``score`` is ``score_of`` the entries, ``-1.0`` for none."""

    version: int
    url: str
    of: str
    judge: str
    score: float
    claims: tuple[Entry, ...]


def place(library: Library, article: Article) -> PurePosixPath:
    """Where the article's ledger lies, relative to the library's folder: the article's path below ``evidence/``."""
    return library.ledger(article.path)


def encode(report: Report) -> bytes:
    """Stable: keys and claims in a fixed order, two blanks, a line's end at the end."""
    score = report.score
    entries = tuple(_entry(checked) for checked in report.checked)
    ledger = Ledger(VERSION, report.url, report.of, report.judge, -1.0 if score is None else float(score), entries)
    return msgspec.json.format(msgspec.json.encode(ledger), indent=2) + b"\n"


def decode(data: bytes) -> Report:
    """What a ledger says. Raises ``ResponsaError`` for one that is damaged or whose score is not that of its claims."""
    try:
        ledger = msgspec.json.decode(data, type=Ledger)
    except (ValueError, RecursionError) as error:
        raise ResponsaError(f"no ledger: {error}") from error
    if ledger.version != VERSION:
        raise ResponsaError(f"a ledger of version {ledger.version}; this is Responsa for version {VERSION}")
    if not all(0 <= entry.start <= entry.end for entry in ledger.claims):
        raise ResponsaError("a claim ends before it begins; run `responsa verify` again")
    score = score_of(entry.verdict for entry in ledger.claims)
    if ledger.score != (-1.0 if score is None else score):
        raise ResponsaError(f"says score {ledger.score}, its claims say {score}; run `responsa verify` again")
    return Report(Url(ledger.url), ledger.of, ledger.judge, tuple(_checked(entry) for entry in ledger.claims))


def recall(library: Library, article: Article) -> Report | None:
    """The article's ledger; none where it was never checked or the file is damaged (it is made again then)."""
    file = library.folder / place(library, article)
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return None
        report = decode(file.read_bytes())
    except (OSError, ResponsaError):
        return None
    return report if report.url == article.url else None


def record(library: Library, article: Article, report: Report) -> bool:
    """Write the article's ledger as a whole; ``False``: it held the same bytes already."""
    file = library.folder / place(library, article)
    data = encode(report)
    with suppress(OSError):
        if file.read_bytes() == data:
            return False
    try:
        if not file.parent.resolve().is_relative_to(library.folder.resolve()):
            raise ResponsaError(f"{file.parent}: leads out of the library; nothing was written")
        file.parent.mkdir(parents=True, exist_ok=True)
        # One name for every try: what a kill leaves is overwritten by the next run.
        half = file.with_name(f".{file.name[:200]}.part")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        half.replace(file)
    except OSError as error:
        raise ResponsaError(f"{file}: cannot be written: {error.strerror}") from error
    return True


def _entry(checked: Checked) -> Entry:
    claim, found = checked.claim, checked.finding
    return Entry(
        claim.start, claim.end, claim.text, found.verdict, found.confidence, found.judge, claim.kind.value, claim.lead,
        found.passage, found.quote, found.differences, found.reason, found.tension, found.nearest, claim.citations,
    )  # fmt: skip


def _checked(entry: Entry) -> Checked:
    try:
        kind = Kind(entry.kind)
    except ValueError as error:
        raise ResponsaError(f"no kind of claim: {entry.kind}") from error
    return Checked(
        Claim(entry.start, entry.end, entry.text, kind, entry.lead, entry.citations),
        Finding(
            entry.verdict, entry.confidence, entry.judge, entry.passage, entry.quote, entry.differences, entry.reason,
            entry.tension, entry.nearest,
        ),
    )  # fmt: skip

"""What ``responsa import`` does with one thing that is imported, and what it says of it."""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import typer
from msgspec import Struct, field, structs

from responsa.article import Provenance
from responsa.cli.plain import plain
from responsa.describe.description import description
from responsa.errors import UsageError
from responsa.exchange.imports.entry import Place, Remark, Untaken
from responsa.exchange.imports.files import ARCHIVES, unpacked
from responsa.exchange.imports.heads import doubtful
from responsa.exchange.imports.intake import Known, Made, Outcome, Wishes, take_in
from responsa.exchange.imports.kinds import Request, examine, found_in, kind_of
from responsa.exchange.imports.rows import CONVERTERS, Columns
from responsa.exchange.imports.taken import Taken
from responsa.library.config import NAME
from responsa.library.library import Library
from responsa.library.lock import lock, private
from responsa.records.layout import SEED

UNTAKEN: Final = 1
LOCK: Final = "import.lock"
FEW: Final = 3
"""Examples that are shown of a reason."""
_EVERY: Final = 500


class Job(Struct, frozen=True):
    """One thing that is imported, and how."""

    source: Path
    kind: str
    columns: Columns
    site: str


class Tally(Struct):
    """Counts what became of everything; of what was not taken the first examples of each reason."""

    as_json: bool
    write: bool
    made: int = 0
    known: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def untaken(self) -> int:
        """How many were not taken."""
        return self.reasons.total()

    def note(self, outcome: Outcome) -> None:
        """Count it; what was not taken is told at once where lines of JSON are wanted."""
        if isinstance(outcome, Made):
            self.made += 1
        elif isinstance(outcome, Known):
            self.known += 1
        elif isinstance(outcome, Untaken):
            self.reasons[outcome.reason] += 1
            self.example(outcome.reason, outcome.place, outcome.detail)
            self.line({"taken": False, "reason": outcome.reason, "detail": outcome.detail}, outcome.place)
        else:
            self.remark(outcome)

    def remark(self, remark: Remark) -> None:
        """Something of a new article that a person should look at."""
        kind = remark.text.partition("/")[0].strip()
        self.remarks[kind] += 1
        self.example(kind, remark.place, f"{remark.path}: {remark.text}")
        self.line({"taken": True, "remark": remark.text, "path": str(remark.path)}, remark.place)

    def example(self, kind: str, place: Place, detail: str) -> None:
        """Kept while there are few."""
        shown = self.examples.setdefault(kind, [])
        if len(shown) < FEW:
            shown.append(": ".join(filter(None, (", ".join(filter(None, (place.file, place.record))), detail[:120]))))

    def line(self, values: dict[str, Any], place: Place) -> None:
        """One line of JSON, if such are wanted."""
        if self.as_json:
            typer.echo(json.dumps({"file": place.file, "record": place.record, **values}))

    def show(self) -> None:
        """All in all."""
        if self.as_json:
            counts = {"taken": self.made, "there_already": self.known, "not_taken": self.untaken, "written": self.write}
            typer.echo(json.dumps({"summary": counts, "reasons": dict(sorted(self.reasons.items()))}))
            return
        typer.echo(
            f"{self.made:,} articles {'written' if self.write else 'to write'}; {self.known:,} were there already"
        )
        for heading, counts in (("not taken", self.reasons), ("to look at", self.remarks)):
            for reason, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
                typer.echo(plain(f"{heading}: {count:,}, {reason}"))
                for example in self.examples[reason]:
                    typer.echo(plain(f"    {example}"))
        if not self.write:
            typer.echo("Nothing was written: leave --dry-run out to do it.")


def take(library: Library, job: Job, wishes: Wishes, tally: Tally) -> None:
    """Import one thing; one import at a time runs on a library."""
    with lock(library.folder, LOCK), unpacked(job.source, library.folder) as start, Taken() as taken:
        kind = kind_of(start, job.kind)
        taken.learn(library)
        with tempfile.TemporaryDirectory(prefix="import-", dir=private(library.folder)) as spool:
            size = start.stat().st_size if start.is_file() else 0
            request = Request(kind, start, job.source, job.columns, job.site, lambda done: _reading(done, size))
            found = found_in(request, Path(spool) / "posts.sqlite")
            for number, outcome in enumerate(take_in(library, found, taken, wishes, write=tally.write), 1):
                tally.note(outcome)
                if number % _EVERY == 0:
                    _status(f"{number:,} looked at, {tally.made:,} taken")
    _status("")


def examined(jobs: Sequence[Job]) -> None:
    """Before the first of several is taken, all but archives are looked at: these are when they are unpacked."""
    for line in doubtful(jobs[0].columns.mapped):
        typer.echo(f"warning: {plain(line)}", err=True)
    for job in jobs if len(jobs) > 1 else ():
        if not job.source.exists():
            raise UsageError(f"{job.source}: no such file or folder")
        if not job.source.name.lower().endswith(ARCHIVES):
            examine(Request(kind_of(job.source, job.kind), job.source, job.source, job.columns, job.site))


def homed(library: Library) -> Library:
    """An empty folder without settings becomes a library of the usual shape, its articles in a folder of their own."""
    layout = library.config.layout
    if layout.content != "." or (library.folder / NAME).exists() or any(True for _ in library.paths()):
        return library
    config = structs.replace(library.config, layout=structs.replace(layout, content=SEED.content))
    return structs.replace(library, config=config)


def wishes(
    subject: str, subject_of: Sequence[str], author: str, language: str, provenance: str, *, drafts: bool
) -> Wishes:
    """The person's decisions. Raises ``UsageError``."""
    known = [one.value for one in Provenance]
    if provenance and provenance not in known:
        raise UsageError(f"--provenance {provenance}: no such thing; known are {', '.join(known)}")
    return Wishes(subject, dict(_pairs(subject_of)), author, language, provenance, drafts, description)


def columns(chosen: Columns) -> Columns:
    """``chosen``, unless nobody knows how its texts are written."""
    if chosen.text not in CONVERTERS:
        raise UsageError(f"--text {chosen.text}: no such way; known are {', '.join(CONVERTERS)}")
    return chosen


def _pairs(settings: Iterable[str]) -> Iterable[tuple[str, str]]:
    for setting in settings:
        name, equals, title = (part.strip() for part in setting.partition("="))
        if not equals or not name or not title:
            raise UsageError(f"--subject-of {setting}: expected NAME=SUBJECT such as `baking=Cooking`")
        yield name, title


def _reading(done: int, size: int) -> None:
    _status(f"read {done // 1024**2:,} MB of {size // 1024**2:,} MB" if size else f"read {done // 1024**2:,} MB")


def _status(text: str) -> None:
    """A line of a terminal that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

"""``responsa accept``: drafts become articles."""

import datetime
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.index.extra import required
from responsa.library.library import read


def accept(
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")],
    drafts: Annotated[list[str], typer.Argument(help="Drafts by file or name.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON a draft.")] = False,
) -> None:
    """Make drafts articles: the record goes into the content, its ledger into evidence/.

    A refusal cannot be accepted, nor a draft with a sentence that no source carries.
    """
    required()
    from responsa.draft.accepting import accept as accept_one  # noqa: PLC0415 - parts of an extra
    from responsa.draft.drafts import load  # noqa: PLC0415
    from responsa.draft.filing import around  # noqa: PLC0415
    from responsa.draft.shelves import study_of  # noqa: PLC0415

    library = read(folder)
    chosen = [load(library, name) for name in dict.fromkeys(drafts)]
    study = study_of(library, meaning=False)
    today = datetime.datetime.now().astimezone().date()
    with Meter("Indexing", shown=sys.stderr.isatty()) as meter:
        for one in chosen:
            with around(library, meter.advance) as held:
                done = accept_one(library, one, held.taken, held.style, study, today)
            if as_json:
                told = {"draft": str(one.name), "path": str(done.path), "ledger": str(done.ledger), "url": done.url}
                typer.echo(json.dumps({**told, "score": done.score, "edited": done.edited}))
            else:
                typer.echo(plain(f"{done.path}: {done.url}, score {done.score:g}; ledger in {done.ledger}"))

"""``responsa draft``: a question becomes a cited draft, or a refusal that says why not."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from responsa.cli.log import logged
from responsa.index.extra import required
from responsa.library.library import read

REFUSED: Final = 1
"""The exit code where a single question was refused."""


def draft(  # noqa: PLR0917 - every parameter is an option by name
    folder: Annotated[Path, typer.Argument(help="The folder of the library.")],
    what: Annotated[str, typer.Argument(help="A question, or a file of questions (.csv, .jsonl).")] = "",
    revise: Annotated[
        str, typer.Option(metavar="URL", help="Mend the article at this address by its ledger instead.")
    ] = "",
    only: Annotated[
        str,
        typer.Option(
            metavar="MARKS", help="With --revise: only these repairs, by mark or kind (amount, quote, remove)."
        ),
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="With --revise: write what is shown.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also draft what was drafted or refused before.")] = False,
    quote: Annotated[bool, typer.Option("--quote", help="Quote sentences only, whatever the settings say.")] = False,
    endpoint: Annotated[str, typer.Option(help="OpenAI-compatible endpoint; wins over [draft] endpoint.")] = "",
    model: Annotated[str, typer.Option(help="The model that the endpoint shall ask.")] = "",
    judge: Annotated[str, typer.Option(help="As for verify: onnx:FOLDER or an endpoint that judges sentences.")] = "",
    judge_model: Annotated[str, typer.Option(help="The model that the judging endpoint shall ask.")] = "",
    jobs: Annotated[int, typer.Option(min=0, max=64, help="Questions in hand at once; 0: as [draft] jobs.")] = 0,
    spend: Annotated[
        str, typer.Option("--budget", help="requests=500,tokens=200000,minutes=30 or money=2,price=0.15/0.60.")
    ] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many questions of the file; 0 for all.")] = 0,
    skip_lost: Annotated[
        bool, typer.Option("--skip-lost", help="Leave out what was under way when an earlier run was killed.")
    ] = False,
    log: Annotated[Path | None, typer.Option(help="A file for what the endpoint did: limits, failures.")] = None,
    forecast: Annotated[bool, typer.Option("--forecast", help="Say what a file would cost, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON a question.")] = False,
) -> None:
    """Draft answers from the library's sources: every sentence cites the passage that carries it.

    Ends with 0 where a question was drafted or asked before, with 1 where it was refused.
    """
    required()
    from responsa.cli import drafting, drafting_batch, drafting_revision  # noqa: PLC0415 - parts of an extra

    library = read(folder)
    drafting.meant(what, revise, only=only, write=write, forecast=forecast, limit=limit)
    wish = drafting.Wish(
        again, quote, endpoint, model, judge, judge_model, jobs, spend, limit, skip_lost, forecast, as_json
    )
    shown = sys.stderr.isatty() and not as_json
    with logged(log, "responsa.evidence", "responsa.draft"):
        if revise:
            drafting_revision.revise_one(library, revise, wish, only=only, write=write, shown=shown)
        elif drafting.is_file(what):
            drafting_batch.run(library, Path(what), wish, shown=shown)
        elif not drafting.one(library, what, wish, shown=shown):
            raise typer.Exit(REFUSED)

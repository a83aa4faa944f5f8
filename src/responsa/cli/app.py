"""The command line: one table of commands, each loaded when it is called, and one place that prints errors."""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from keyword import iskeyword
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from responsa.cli.plain import plain
from responsa.errors import ResponsaError

COMMANDS = {
    "init": "Write responsa.toml for a folder of articles.",
    "check": "Say everything that is wrong in a library: file, line, rule and what to do.",
    "build": "Publish a library as a static site.",
    "serve": "Serve a library: site, search, questions, an API, and a desk for editors.",
    "mcp": "Give an agent a library as tools, by the Model Context Protocol.",
    "rules": "Explain the rules that check applies.",
    "search": "Find the articles that answer a question, by words and by meaning.",
    "related": "Show which five questions each article should lead to, and why.",
    "duplicates": "Show articles that ask one question, or whether a new question was asked already.",
    "report": "Say how healthy a library is, on one page: problems, scores, evidence, links, history.",
    "fix": "Mend a library by rule: shown first, done with --write.",
    "sources": "List, add or remove the sources that answers are checked against.",
    "verify": "Check every claim of every answer against the sources; keep the verdicts and the score.",
    "claims": "Judge pairs of a claim and its evidence from a file, for benchmarks.",
    "import": "Take articles from tables, Markdown folders, Stack Exchange, MedQuAD and finished sites.",
    "export": "Write a library as JSON lines, Parquet, SQLite, BEIR, Anki, llms-full.txt or EPUB.",
    "draft": "Draft answers to new questions from the sources: every sentence cites its passage, or it is refused.",
    "accept": "Make drafts articles.",
    "contradictions": "Show where articles of one library contradict each other.",
    "users": "List, add or remove those who may sign in to the desk.",
}
"""Every command and what it does. ``name`` is the function ``name`` of ``responsa.cli.name``, see ``module``."""

CRASHED, INTERRUPTED, CUT_OFF, UNWRITTEN = 70, 130, 1, 3


class Commands(TyperGroup):
    """Imports a command when it is called, so that ``--help`` and a small command do not wait for the others."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002
        """In the order of the table."""
        return list(self.commands)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ANN401
        """The loaded command; while help is listed, its line of the table is enough."""
        listed = self.commands.get(cmd_name)
        return listed if listed is None or ctx.resilient_parsing else load(cmd_name)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401, ARG002
        """From the table, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def load(name: str) -> Any:  # noqa: ANN401
    """The command ``name`` as typer makes it from its function."""
    word = module(name)
    function: Callable[..., None] = getattr(import_module(f"responsa.cli.{word}"), word)
    return _single(name, function, COMMANDS[name])


def module(name: str) -> str:
    """What Python calls a command: a keyword of its own takes an underscore (``import_``)."""
    return f"{name}_" if iskeyword(name) else name


def _single(name: str, function: Callable[..., None], line: str) -> Any:  # noqa: ANN401
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name, short_help=line)(function)
    return typer.main.get_command(alone)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"responsa {version('responsa')}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error inside Responsa (or set RESPONSA_DEBUG=1).")
    ] = False,
) -> None:
    """Check and publish a library of questions and answers."""


def _app() -> typer.Typer:
    app = typer.Typer(
        cls=Commands, add_completion=False, rich_markup_mode=None, no_args_is_help=True, pretty_exceptions_enable=False
    )
    app.callback()(_root)
    for name, line in COMMANDS.items():
        app.command(name, short_help=line)(_root)
    return app


def main(arguments: list[str] | None = None) -> int:
    """Run one command line; the exit code is the return value and never a traceback, unless debugging."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given or os.environ.get("RESPONSA_DEBUG", "") not in {"", "0"}
    given = [word for word in given if word != "--debug"]
    try:
        return _run(given)
    except ResponsaError as error:
        return _complain(str(error), error.exit_code, debug)
    except BrokenPipeError:
        return _silence()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever got here is a fault of ours
        return _unforeseen(error, debug)


def _unforeseen(error: Exception, debug: bool) -> int:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
        _silence()
        return _complain(f"the output cannot be written: {error.strerror}", UNWRITTEN, debug)
    word = f"this is a fault in Responsa, not in your files: {type(error).__name__}: {error}"
    return _complain(f"{word}\nPlease report it, with what the same command says under --debug.", CRASHED, debug)


def _run(given: list[str]) -> int:
    try:
        _app()(given, prog_name="responsa")
    except SystemExit as end:
        # There is no standard output where whoever called closed it (>&-).
        if sys.stdout is not None:
            sys.stdout.flush()
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _complain(message: str, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    for line in message.splitlines() or [""]:
        print(f"error: {plain(line)}", file=sys.stderr)  # noqa: T201
    return code


def _silence() -> int:
    """The reader of our output went away (``| head``): end without a word, also from the interpreter's last flush."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CUT_OFF

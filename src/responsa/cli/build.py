"""``responsa build``: a library becomes a site."""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.errors import ResponsaError, UsageError
from responsa.library.library import read
from responsa.publish.build import Build, Wish
from responsa.publish.build import build as publish
from responsa.publish.watch import rebuilds

UNREADABLE = 3
REASONS = {
    "address": "an address that cannot be a page's",
    "draft": "being marked as drafts",
    "refusal": "refusing to answer",
    "score": "a low or missing score",
    "review": "a missing review",
    "sources": "missing sources",
}


def build(  # noqa: PLR0917 - a command's options
    library: Annotated[Path, typer.Argument(help="The folder of the library.")] = Path(),
    out: Annotated[Path | None, typer.Option(help="The site's folder; `site` in the library where not given.")] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Make every page, whatever the last build left.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Show nothing while a file cannot be read.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again at every change, until Ctrl-C.")] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Show the site in a browser, from this machine.")] = False,
    port: Annotated[int, typer.Option(help="The port of --open; 0 takes a free one.", min=0, max=65535)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a build on standard output.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Publish a library as a static site."""
    out = out or library / "site"
    say = Voice(as_json=as_json, quiet=quiet)
    started = time.monotonic()
    with Meter("pages", shown=not quiet and sys.stderr.isatty()) as meter:
        wish = Wish(clean=clean, strict=strict, progress=meter.of("pages"), indexing=meter.of("questions"))
        made = publish(read(library), out, wish)
    say.built(made, time.monotonic() - started)
    if open_it:
        _preview(made.out, port, say, stays=not watch)
    if watch:
        _watch(library, out, Wish(strict=strict), say)
    elif made.unreadable:
        raise typer.Exit(UNREADABLE)


class Voice:
    """What a build says: a sentence for people, or a line of JSON."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json, self.quiet = as_json, quiet

    def built(self, made: Build, seconds: float) -> None:
        """The result, and every file that is no record."""
        for error in made.unreadable:
            typer.echo(f"error: {plain(str(error))}", err=True)
        for line in made.refused:
            typer.echo(f"warning: {plain(line)}", err=True)
        if self.as_json:
            typer.echo(json.dumps(as_json(made, seconds)))
        elif not self.quiet:
            typer.echo(sentence(made, seconds))

    def failed(self, error: ResponsaError) -> None:
        """A build that did not come about."""
        for line in str(error).splitlines():
            typer.echo(f"error: {plain(line)}", err=True)

    def note(self, text: str) -> None:
        """For people alone."""
        if not self.as_json and not self.quiet:
            typer.echo(text)


def as_json(made: Build, seconds: float) -> dict[str, object]:
    """The fields that docs/publishing.md names."""
    return {
        "out": str(made.out),
        "pages": made.pages,
        "held": made.held,
        "why": made.why,
        "hidden": made.hidden,
        "refused": list(made.refused),
        "written": made.written,
        "removed": made.removed,
        "unreadable": [{"path": str(e.path), "line": e.line, "problem": e.problem} for e in made.unreadable],
        "seconds": round(seconds, 3),
    }


def sentence(made: Build, seconds: float) -> str:
    """``site: 35,848 question pages; 12 files written, 0 removed (0.8 s)`` and what is not published."""
    changed = f"{made.written:,} files written, {made.removed:,} removed"
    nothing = "nothing has changed" if not made.written and not made.removed else changed
    lines = [f"{plain(str(made.out))}: {_count(made.pages, 'question page')}; {nothing} ({seconds:.1f} s)"]
    if made.held:
        # Nothing is wrong with a draft: `check` has no word on it.
        where = "" if made.why.keys() == {"draft"} else ": `responsa check` says which"
        lines.append(f"{_count(made.held, 'article')} held back{_reasons(made.why)}{where}")
    if made.hidden:
        hidden = _count(sum(made.hidden.values()), "page")
        lines.append(f"{hidden} kept out of lists and search engines by the policy{_reasons(made.hidden)}")
    if made.unreadable:
        lines.append(f"{_count(len(made.unreadable), 'file')} could not be read and have no page")
    return "\n".join(lines)


def _reasons(counts: dict[str, int]) -> str:
    told = ", ".join(f"{count:,} for {REASONS[name]}" for name, count in counts.items())
    return f" ({told})" if told else ""


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _preview(out: Path, port: int, say: Voice, *, stays: bool) -> None:
    import webbrowser  # noqa: PLC0415 - with an HTTP server, a tenth of a second that other builds need not wait

    from responsa.cli.preview import address, has_browser, server  # noqa: PLC0415

    if not has_browser():
        say.note(f"no browser here; `python -m http.server --directory {plain(str(out))}` serves the site")
        return
    try:
        served = server(out, port)
    except OSError as error:
        raise UsageError(f"--port {port}: {error.strerror}") from error
    webbrowser.open(address(served))
    say.note(f"{address(served)} shows the site; Ctrl-C ends")
    if not stays:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        return
    try:
        served.serve_forever()
    except KeyboardInterrupt:
        say.note("")


def _watch(library: Path, out: Path, wish: Wish, say: Voice) -> None:
    say.note(f"watching {plain(str(library))}; Ctrl-C ends")
    builds = rebuilds(library, out, wish)
    for made in builds:
        if isinstance(made, Build):
            say.built(made, 0.0)
        else:
            say.failed(made)

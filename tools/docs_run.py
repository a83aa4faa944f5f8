"""Runs the commands of documentation pages as a reader would, each page in an empty folder with an example library.

    uv run tools/docs_run.py docs/tutorial.md            # what needs nothing but this checkout
    uv run tools/docs_run.py docs/tutorial.md --whole    # also pip, and whatever else the page says it needs

With ``--whole`` only the ``responsa`` that the page itself installs is there.
"""

# ruff: noqa: INP001  (a script, in no package)

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from docs_blocks import PLACES, ROOT, RUN, Statement, statements

EXAMPLE: Final = ROOT / "examples/liver-cancer"
FILES: Final = ROOT / "tests/docs/files"
"""What pages call by name: a table, a source, questions."""

PAGE_FILES: Final = ROOT / "tests/docs/pages"
"""What one page alone calls by name, in a folder named like it: ``library`` is laid over the library, ``settings.toml``
behind its settings."""

DERIVED: Final = (".responsa", "site", ".site.*")
TYPED: Final = "a few words make one\n" * 2
"""What a person types where a password is asked for."""

PATIENCE: Final = 120
"""Seconds that a statement or the start of a server may take."""

_PLACEHOLDER: Final = re.compile(rf"(?<![\w/'\"-])(?:{'|'.join(map(re.escape, PLACES))})(?=$|[\s/;|&)])")
_GAP: Final = re.compile(r"(?<![\w'\"=/.-])(?:[A-Z][A-Z_]{2,}(?:/[A-Z_]+)*|<[a-z -]+>|\.\.\.)(?![\w=:'\"])")
_SOME_ARTICLE: Final = "/learn/a/questions/b"
_AN_ARTICLE: Final = "/learn/medicine/questions/what-do-the-li-rads-categories-mean"
_PORT: Final = re.compile(r"(?<=127\.0\.0\.1:)8000|(?<=localhost:)8000|(?<=--port )8000")
_COMMIT: Final = "git -c init.defaultBranch=main init -q && git add -A && git commit -q -m 'the library'"


@dataclass(frozen=True)
class StandIns:
    """What a test has in the place of services: ``needs`` that it meets, other ``words`` for addresses and names."""

    needs: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def said(self, text: str) -> str:
        """``text`` with its own words in place of those that stand for what the reader has."""
        if not self.words:
            return text
        known = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, self.words))})(?![\w-])")
        return known.sub(lambda found: self.words[found[0]], text)


def kept_from_running(statement: Statement, has: StandIns = StandIns()) -> str:
    """Why no test runs a statement: what the page says it needs, another's program, a word the reader fills in."""
    if statement.needs and statement.needs not in has.needs:
        return statement.needs
    if statement.program not in RUN:
        return f"{statement.program}, which the reader has"
    gap = (
        _GAP.search(_PLACEHOLDER.sub(lambda found: PLACES[found[0]], has.said(statement.text)))
        if statement.program == "responsa"
        else None
    )
    return f"a value for {gap[0]}" if gap else ""


def here(text: str) -> str:
    """A statement with the reader's library and an article of it in the place of words that stand for them."""
    return _PLACEHOLDER.sub(lambda found: PLACES[found[0]], text).replace(_SOME_ARTICLE, _AN_ARTICLE)


@dataclass
class Sandbox:
    """A reader's folder: an example library called ``library`` under Git, the files pages name, a home of its own."""

    folder: Path
    page: str = ""
    whole: bool = False
    has: StandIns = field(default_factory=StandIns)
    port: int = 0
    servers: list[subprocess.Popen[str]] = field(default_factory=list)

    def prepare(self) -> None:
        """Make the folder."""
        self.port = _free_port()
        work = self.folder / "work"
        work.mkdir(parents=True)
        (self.folder / "home").mkdir()
        (self.folder / "home/.gitconfig").write_text("[user]\nname = A Reader\nemail = reader@example.org\n")
        for name in ("library", "examples/liver-cancer"):
            shutil.copytree(EXAMPLE, work / name, ignore=shutil.ignore_patterns(*DERIVED))
        shutil.copytree(EXAMPLE / "content", work / "articles/content")
        for files in (FILES, PAGE_FILES / self.page):
            if files.is_dir():
                shutil.copytree(files, work, dirs_exist_ok=True)
        if self.whole:
            shutil.copytree(ROOT / "src", work / "src", ignore=shutil.ignore_patterns("__pycache__"))
            for name in ("pyproject.toml", "README.md", "LICENSE"):
                shutil.copy(ROOT / name, work)
        self._settle(work / "library/responsa.toml", PAGE_FILES / self.page / "settings.toml")
        (self.folder / "environment").write_text("")
        (self.folder / "place").write_text(str(work))
        self.shell(f"(cd library && {_COMMIT})")

    def _settle(self, settings: Path, more: Path) -> None:
        """What a page has its reader add to the settings of the library."""
        if more.exists():
            with settings.open("a", encoding="utf-8") as file:
                file.write("\n" + self.has.said(more.read_text(encoding="utf-8")))

    def environment(self) -> dict[str, str]:
        """The reader's: their own home, this checkout's ``responsa`` unless the page installs one."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RESPONSA_", "GIT_", "XDG_"))}
        kept.pop("VIRTUAL_ENV", None)
        path = kept.get("PATH", "") if self.whole else f"{Path(sys.executable).parent}:{kept.get('PATH', '')}"
        own = {"HOME": str(self.folder / "home"), "PATH": path, "COLUMNS": "120", "BROWSER": "true"}
        return {**kept, **own, **self.has.environment}

    def shell(self, text: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run in the page's shell: the folder and the variables of the statement before are there."""
        options = {**self._options(), "input": typed, "timeout": PATIENCE}
        return subprocess.run(self._arguments(text), **options)  # type: ignore[call-overload,no-any-return]  # noqa: PLW1510, S603

    def _arguments(self, text: str) -> list[str]:
        state = self.folder
        begin = f'. "{state}/environment"; cd "$(cat "{state}/place")"; set -o pipefail'
        end = f'code=$?; pwd > "{state}/place"; export -p > "{state}/environment"; exit $code'
        return ["bash", "-c", f"{begin}\n{text}\n{end}"]

    def _options(self) -> dict[str, object]:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return {"env": self.environment(), "text": True, "encoding": "utf-8", "errors": "replace", **streams}

    def run(self, statement: Statement) -> str:
        """Run a statement; what went wrong, or nothing."""
        text = _PORT.sub(str(self.port), self.has.said(here(statement.text)))
        if statement.stays:
            return self._start(statement, text)
        try:
            ended = self.shell(text, TYPED if " users " in text else "")
        except subprocess.TimeoutExpired:
            return f"{statement.where}: `{statement.text}` went on for {PATIENCE} s"
        wanted = {statement.code or 0} | ({1} if "--ask" in text else set())
        if ended.returncode not in wanted:
            return f"{statement.where}: `{statement.text}` ended with {ended.returncode}:\n{ended.stdout[-2000:]}"
        return missing(statement, ended.stdout)

    def _start(self, statement: Statement, text: str) -> str:
        self.stop()
        shown = replace(statement, prints=_PORT.sub(str(self.port), statement.prints))
        serves = text.split()[1:2] == ["serve"]
        if serves and "--port" not in text:
            text += f" --port {self.port}"
        said = self.folder / "said"
        with said.open("w") as out:
            options = self._options() | {"stdin": subprocess.DEVNULL, "stdout": out}
            server = subprocess.Popen(self._arguments(f"exec {text}"), **options, start_new_session=True)  # type: ignore[call-overload]  # noqa: S603
        self.servers.append(server)
        until = time.monotonic() + PATIENCE
        while server.poll() is None and time.monotonic() < until:
            up = _answers(self.port) if serves else said.stat().st_size
            if up and not missing(shown, said.read_text()):
                return ""
            time.sleep(0.1)
        told = said.read_text()[-2000:]
        return f"{statement.where}: `{statement.text}` did not come up, or not say what it should:\n{told}"

    def stop(self) -> list[str]:
        """Ctrl-C to whatever still runs; a complaint about each that does not end well."""
        complaints = []
        for server in self.servers:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGINT)
            try:
                code = server.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                code = server.wait()
            if code not in (0, 130):
                complaints.append(
                    f"a server ended with {code} after Ctrl-C: {self.folder.joinpath('said').read_text()}"
                )
        self.servers.clear()
        return complaints


def missing(statement: Statement, said: str) -> str:
    """Which line that the page shows is not printed; ``...`` in it stands for anything."""
    printed = "\n".join(" ".join(line.split()) for line in said.splitlines())
    for line in filter(str.strip, statement.prints.splitlines()):
        parts = [re.escape(" ".join(part.split())) for part in line.strip().split("...")]
        if not re.search(".*".join(parts), printed):
            return f"{statement.where}: `{statement.text}` does not print\n    {line.strip()}\nbut\n{said[-3000:]}"
    return ""


def run_page(
    page: Path, folder: Path, *, whole: bool = False, tell: bool = False, has: StandIns | None = None
) -> list[str]:
    """Run a page's statements in order; everything that went wrong."""
    has = has or StandIns()
    sandbox = Sandbox(folder, page.stem, whole, has)
    sandbox.prepare()
    wrong = []
    try:
        for statement in statements(page):
            reason = "" if whole else kept_from_running(statement, has)
            if tell:
                shown = f"{statement.where}: {statement.text}" + (f"   [not run: {reason}]" if reason else "")
                print(shown, flush=True)  # noqa: T201
            if not reason and (complaint := sandbox.run(statement)):
                wrong.append(complaint)
    finally:
        wrong += [f"{page.name}: {complaint}" for complaint in sandbox.stop()]
    return wrong


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def main() -> int:
    """Run the pages that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--whole", action="store_true", help="also what needs a registry, a network or a model")
    given = parser.parse_args()
    wrong = []
    for page in given.pages:
        with tempfile.TemporaryDirectory() as folder:
            wrong += run_page(page.resolve(), Path(folder) / "reader", whole=given.whole, tell=True)
    print("\n".join(wrong) or "every statement did what its page says")  # noqa: T201
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

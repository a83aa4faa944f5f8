"""The commands that documentation shows: code blocks of a Markdown page, cut into statements a shell can run.

What a block says beyond its commands stands in comments, where readers see it too:

    responsa verify LIBRARY --judge hub:a/b     # needs the network
    responsa check LIBRARY                      # ends with 1: there are problems

``needs`` is a reason not to run the statement in a test; where it is the first line of a block it counts for the
whole block. A ``text`` block below a block of commands is what they print; ``...`` stands for anything.
"""

# ruff: noqa: INP001  (a script's part, in no package)

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SHELLS: Final = {"sh", "bash", "shell", "console"}
PLACES: Final = {
    "LIBRARY": "library",
    "FOLDER": "library",
    "ARTICLES": "articles",
    "FROM...": "faq.csv",
    "FILES": "faq.csv",
    "DIR": "out",
    "RULE": "link-self",
}
"""What pages call the reader's library, a folder of articles without settings and the like; what a test has there."""

RUN: Final = frozenset(
    {"responsa", "cd", "cp", "mkdir", "mv", "rm", "ls", "cat", "echo", "printf", "sed", "grep", "git", "curl", "head"}
    | {
        "tail",
        "sort",
        "wc",
        "perl",
        "python",
        "test",
        "export",
        "tar",
        "zip",
        "unzip",
        "sqlite3",
        "touch",
        "kill",
        "sleep",
        "comm",
    }
)
"""Programs whose statements a test runs. Others (pip, npm, docker, ssh ...) are what the reader has or has not."""

KNOWN: Final = RUN | frozenset(
    "apt-get aws certbot chown docker git make nginx npm npx pip podman rsync ssh sudo systemctl useradd uv".split()  # noqa: SIM905
)
"""Programs by which a block without a language is known to be one of commands."""

_FENCE: Final = re.compile(r"^( {0,3}|\s+)(`{3,}|~{3,})\s*([\w+-]*)[^`]*$")
_NEEDS: Final = re.compile(r"\s*#\s*needs\s+(.+)")
_ENDS: Final = re.compile(r"#\s*ends with (\d+)")
_SET: Final = re.compile(r"^(?:[A-Z][A-Z0-9_]*=(?:'[^']*'|\"[^\"]*\"|\S*)\s+)+")
_OPTIONAL: Final = re.compile(r"\s\[(-[^\]]*|[A-Z]+)\]")
_HEREDOC: Final = re.compile(r"<<-?\s*'?\"?(\w+)")
_COMMENT: Final = re.compile(r"(?:^|\s)#\s.*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One code block. ``line`` is that of its first text; ``language`` is empty for indented ones."""

    path: Path
    line: int
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a shell takes as one. ``needs`` is why no test runs it; ``code`` what it ends with, None: not said."""

    path: Path
    line: int
    text: str
    needs: str = ""
    code: int | None = None
    prints: str = ""

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path}:{self.line}"

    @property
    def program(self) -> str:
        """The program that runs."""
        return program(self.text)

    @property
    def stays(self) -> bool:
        """Whether it runs until it is told to end."""
        words = self.text.split()
        return words[:2] == ["responsa", "serve"] or "--watch" in words or "--open" in words


def pages() -> list[Path]:
    """Every page of documentation that shows commands."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def program(text: str) -> str:
    """The word that is run, after settings of the environment and a prompt."""
    words = _SET.sub("", text.strip().removeprefix("$ ").lstrip("(")).split()
    return words[0] if words else ""


def blocks(path: Path) -> Iterator[Block]:
    """All code blocks of a page, fenced and indented, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        if fence := _FENCE.match(lines[at]):
            end = _end(lines, at + 1, fence[2])
            inner = [line.removeprefix(fence[1]) for line in lines[at + 1 : end]]
            yield Block(path, at + 2, fence[3] or "none", "\n".join(inner))
            at = end + 1
        elif lines[at].startswith("    ") and (at == 0 or not lines[at - 1].strip()):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith("    ") and lines[n].strip()), None)
            inner = [line[4:] for line in lines[at:end]]
            yield Block(path, at + 1, "", "\n".join(inner).rstrip())
            at = len(lines) if end is None else end
        else:
            at += 1


def _end(lines: list[str], start: int, fence: str) -> int:
    closes = (n for n in range(start, len(lines)) if lines[n].strip().startswith(fence) and not lines[n].strip(" `~"))
    return next(closes, len(lines))


def statements(path: Path) -> list[Statement]:
    """Every statement of every block of commands, with what the page says about it and what it prints."""
    found: list[Statement] = []
    inside = False
    for block in blocks(path):
        if block.language == "text" and inside and found:
            last = found[-1]
            found[-1] = Statement(last.path, last.line, last.text, last.needs, last.code, block.text)
        inside = is_commands(block)
        if inside:
            found += cut(block)
    return found


def is_commands(block: Block) -> bool:
    """Whether a block is for a shell: it says so, or it has no language and begins with a command of ours."""
    first = next((line for line in block.text.splitlines() if line.strip() and not line.startswith("#")), "")
    return block.language in SHELLS or (block.language in {"", "none"} and program(first) in KNOWN)


def cut(block: Block) -> Iterator[Statement]:
    """A block as statements: lines, with those that go on after a backslash or belong to a here-document."""
    lines = block.text.splitlines()
    whole = _NEEDS.fullmatch(lines[0]) if lines else None
    at = 0
    while at < len(lines):
        start, line = at, lines[at]
        while lines[at].endswith("\\") and at + 1 < len(lines):
            at += 1
            line += "\n" + lines[at]
        if ends := _HEREDOC.search(line):
            while at + 1 < len(lines) and (at == start or lines[at] != ends[1]):
                at += 1
                line += "\n" + lines[at]
        at += 1
        if block.language == "console" and not line.startswith("$ "):
            continue
        if text := bare(line):
            needs = whole or _NEEDS.search(line)
            code = _ENDS.search(line)
            yield Statement(
                block.path, block.line + start, text, needs[1].strip() if needs else "", int(code[1]) if code else None
            )


def bare(line: str) -> str:
    """A statement without prompt, comment and the brackets around what may be left out."""
    if "\n" in line:
        return line.removeprefix("$ ")
    return _OPTIONAL.sub(r" \1", _COMMENT.sub("", line)).strip().removeprefix("$ ")


def words(text: str) -> list[str]:
    """The words that Responsa is called with in ``text``; an empty list where it is another program's."""
    plain = _SET.sub("", text.replace("\\\n", " ").split("\n", 1)[0].strip())
    try:
        found = shlex.split(plain)
    except ValueError:
        return []
    end = next((n for n, word in enumerate(found) if word in {"|", "||", "&&", ";", "&", ">", ">>", "2>", "<"}), None)
    found = found[:end]
    return found[1:] if found and found[0] == "responsa" else []


def spans(path: Path) -> Iterator[tuple[int, str]]:
    """Commands in running text: code spans that begin with ``responsa`` and a word, with their line."""
    inside: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if fence := _FENCE.match(line):
            if not inside:
                inside.append(fence[2])
            elif line.strip().startswith(inside[0]) and not line.strip(" `~"):
                inside.clear()
        elif not inside and not line.startswith("    "):
            yield from ((number, span) for span in re.findall(r"`(responsa [a-z][^`]*)`", line))

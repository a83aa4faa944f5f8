"""Links of documentation pages: files and headings that are not there, addresses that cannot be meant.

uv run tools/docs_links.py              # links inside the repository; those elsewhere by their form
uv run tools/docs_links.py --network    # also asks whether those elsewhere are alive
"""

# ruff: noqa: INP001  (a script, in no package)

import argparse
import re
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from docs_blocks import ROOT

PAGES: Final = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
NOT_ASKED: Final = {"localhost", "127.0.0.1", "example.org", "example.com"}

_LINK: Final = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE: Final = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_CODE: Final = re.compile(
    r"^( *)(`{3,}|~{3,}).*?^\1\2[`~]*\s*$|^(?: {4}[^\n]*\n)+|`+[^`\n]*`+", re.MULTILINE | re.DOTALL
)
_FENCED: Final = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2[`~]*\s*$", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_FILE: Final = re.compile(r"`((?:docs|bench|tools|examples|tests|src)/[\w./-]+)`")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page leads. ``target`` as it is written."""

    page: Path
    line: int
    target: str

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Every Markdown page that people read."""
    return [*(ROOT / name for name in PAGES), *sorted((ROOT / "docs").rglob("*.md"))]


def links(page: Path) -> Iterator[Link]:
    """All links of a page that stand outside code."""
    text = without_code(page)
    for found in sorted((*_LINK.finditer(text), *_REFERENCE.finditer(text)), key=re.Match.start):
        yield Link(page, text.count("\n", 0, found.start()) + 1, found[1])


@cache
def without_code(page: Path) -> str:
    """A page's text with code blanked out, every line where it was."""
    return _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), page.read_text(encoding="utf-8"))


@cache
def anchors(page: Path) -> frozenset[str]:
    """What links of a page may end with: its headings, as GitHub and the site name them."""
    text = re.sub(
        r"^( *)(`{3,}|~{3,}).*?^\1\2[`~]*\s*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    seen: dict[str, int] = {}
    names = set()
    for heading in _HEADING.findall(text):
        name = slug(heading)
        count = seen[name] = seen.get(name, -1) + 1
        names.add(f"{name}-{count}" if count else name)
    return frozenset(names)


def slug(heading: str) -> str:
    """A heading's name in an address: small letters, without punctuation, hyphens for spaces."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


def wrong(link: Link) -> str:
    """What is wrong with a link, or nothing."""
    parts = urlsplit(link.target)
    if parts.scheme in {"http", "https"}:
        good = (
            re.fullmatch(r"[a-z0-9.-]+(:\d+)?", parts.netloc) and "." in parts.netloc
        ) or parts.hostname in NOT_ASKED
        return "" if good else f"{link.where}: {link.target} is no address"
    if parts.scheme:
        return "" if parts.scheme == "mailto" else f"{link.where}: {link.target}: unknown kind of address"
    page = (link.page.parent / parts.path).resolve() if parts.path else link.page
    if not page.exists():
        return f"{link.where}: {link.target}: there is no such file"
    if not page.is_relative_to(ROOT):
        return f"{link.where}: {link.target} lies outside the repository"
    if parts.fragment and page.suffix == ".md" and parts.fragment not in anchors(page):
        return f"{link.where}: {link.target}: that page has no such heading; it has {', '.join(sorted(anchors(page)))}"
    return ""


def missing_files(page: Path) -> Iterator[str]:
    """Files of the repository that a page names in code spans and that are not there."""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        for name in _FILE.findall(line):
            if not (ROOT / name).exists():
                yield f"{page.relative_to(ROOT)}:{number}: `{name}` is not there"


def dead(address: str) -> str:
    """Why an address elsewhere does not answer, or nothing."""
    asked = urllib.request.Request(address, method="HEAD", headers={"User-Agent": "responsa-docs"})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=20):  # noqa: S310
            return ""
    except OSError as error:
        return f"{address}: {error}"


def main() -> int:
    """Print everything that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", action="store_true", help="ask whether addresses elsewhere are alive")
    given = parser.parse_args()
    found = [link for page in pages() for link in links(page)]
    complaints = [complaint for link in found if (complaint := wrong(link))]
    complaints += [complaint for page in pages() for complaint in missing_files(page)]
    if given.network:
        away = {link.target for link in found if urlsplit(link.target).scheme in {"http", "https"}}
        asked = sorted(address for address in away if urlsplit(address).hostname not in NOT_ASKED)
        complaints += [complaint for address in asked if (complaint := dead(address))]
    print("\n".join(complaints) or f"{len(found)} links, none wrong")  # noqa: T201
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())

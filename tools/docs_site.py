"""Makes the documentation as a static site: ``docs/``, and the pages at the top of the repository.

    uv run --group docs tools/docs_site.py [--out build/docs/site]

Sphinx with furo (``docs/decisions/050-documentation.md``). A link that leads nowhere, a page that none of the lists
below names or a block that cannot be read ends it with 1. The site asks no other host for anything.
"""

# ruff: noqa: INP001  (a script, in no package)

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docs_blocks import ROOT

DOCS: Final = ROOT / "docs"
SETTINGS: Final = DOCS / "site"
TOP: Final = {
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
"""Pages of the repository that the site has too, and where."""

START: Final = ("tutorial.md", "comparison.md", "faq.md")
GUIDES: Final = (
    *("publish-a-library", "bring-and-take", "add-evidence", "review-at-the-desk", "draft-with-a-model", "deploy"),
    *("from-nextjs", "from-hugo"),
)
LAST: Final = ("performance.md", *TOP.values())

_LINK: Final = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")
_HTML: Final = re.compile(r"<(?:script|link|img|iframe|source|video|form)\b[^>]*>", re.IGNORECASE)
_AWAY: Final = re.compile(r"""\b(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE)


_REPAIRS: Final = (
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All pages">'),
    ('<aside class="toc-drawer">', '<aside class="toc-drawer" aria-label="On this page">'),
    ('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'),
    ('<div class="table-wrapper ', '<div tabindex="0" class="table-wrapper '),
    ('<th class="head"><p></p></th>', '<td class="head"></td>'),
)


def stage(folder: Path) -> list[str]:
    """Copy the pages into ``folder`` as the site has them; the names of all of them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sources = {page.relative_to(DOCS).as_posix(): page for page in sorted(DOCS.rglob("*.md"))}
    sources |= {place: ROOT / name for name, place in TOP.items()}
    sources |= {f"{name}/index.md": None for name in ("decisions", "guides") if f"{name}/index.md" not in sources}
    placed = {page.resolve(): place for place, page in sources.items() if page}
    for place, page in sources.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = _listed(place, folder, sources) if page is None else _led(page, place, placed)
        target.write_text(text + (_contents(sources) if place == "index.md" else ""), encoding="utf-8")
    shutil.copy(SETTINGS / "conf.py", folder)
    (folder / "_static").mkdir()
    shutil.copy(SETTINGS / "site.css", folder / "_static")
    return sorted(sources)


def _listed(place: str, folder: Path, sources: dict[str, Path | None]) -> str:
    """A page that lists those beside it."""
    del folder
    room = place.split("/", maxsplit=1)[0]
    entries = [
        f"- [{_title(page)}]({name.split('/')[1]})"
        for name, page in sources.items()
        if page and name.startswith(f"{room}/")
    ]
    return f"# {room.capitalize()}\n\n" + "\n".join(entries) + "\n"


def _title(page: Path) -> str:
    return next(
        (line[2:].strip() for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("# ")), page.stem
    )


def _led(page: Path, place: str, placed: dict[Path, str]) -> str:
    """A page's text with links led to where the site has what they name; other files of the repository stay words."""
    depth = place.count("/")

    def led(found: re.Match[str]) -> str:
        words, path, heading = found[1], found[2], found[3] or ""
        target = (page.parent / path).resolve()
        if target.is_dir():
            target /= "index.md"
            return (
                f"[{words}]({'../' * depth}{target.relative_to(DOCS).as_posix()})"
                if target.is_relative_to(DOCS)
                else words
            )
        return f"[{words}]({'../' * depth}{placed[target]}{heading})" if target in placed else words

    return _LINK.sub(led, page.read_text(encoding="utf-8"))


def _contents(sources: dict[str, Path | None]) -> str:
    """The lists at the side, in Sphinx's words."""
    named = {*START, *LAST, "index.md", "reference/index.md", "decisions/index.md", "guides/index.md"}
    order = {f"guides/{name}.md": number for number, name in enumerate(GUIDES)}
    guides = [place for place in sources if place.startswith("guides/") and place != "guides/index.md"]
    guides.sort(key=lambda place: order.get(place, len(order)))
    topics = [place for place in sources if "/" not in place and place not in named]
    reference = [
        "reference/index.md",
        *(p for p in sources if p.startswith("reference/") and p != "reference/index.md"),
    ]
    decisions = ["decisions/index.md"]
    parts = {
        "Start": [place for place in START if place in sources],
        "Guides": ["guides/index.md", *guides],
        "Topics": topics,
        "Reference": reference,
        "Project": [*(place for place in LAST if place in sources), *decisions],
    }
    return "".join(_tree(caption, places) for caption, places in parts.items()) + _tree(
        "", [place for place in sources if place.startswith("decisions/") and place not in decisions]
    )


def _tree(caption: str, places: list[str]) -> str:
    options = [":hidden:", f":caption: {caption}"] if caption else [":hidden:"]
    lines = "\n".join((*options, "", *places))
    return f"\n```{{toctree}}\n{lines}\n```\n"


def away(site: Path) -> Iterator[str]:
    """Whatever of a page asks another host for something by itself."""
    for page in sorted(site.rglob("*.html")):
        for tag in _HTML.findall(page.read_text(encoding="utf-8")):
            if _AWAY.search(tag) and 'rel="canonical"' not in tag:
                yield f"{page.relative_to(site)}: {tag}"


def accessible(page: str) -> str:
    """A page of furo with what axe misses in it: names of its parts, and code and tables that the keyboard reaches."""
    for before, after in _REPAIRS:
        page = page.replace(before, after)
    return page


def make(out: Path) -> list[str]:
    """Make the site in ``out``; everything that is wrong with it."""
    source = out.parent / "source"
    stage(source)
    shutil.rmtree(out, ignore_errors=True)
    built = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-q", "-b", "html", source, out],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    shutil.rmtree(out / ".doctrees", ignore_errors=True)
    for page in sorted(out.rglob("*.html")):
        page.write_text(accessible(page.read_text(encoding="utf-8")), encoding="utf-8")
    return [*(built.stderr.splitlines() if built.returncode else []), *away(out)]


def main() -> int:
    """Make it and say where."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "build/docs/site")
    given = parser.parse_args()
    wrong = make(given.out.resolve())
    print("\n".join(wrong) or f"{given.out}/index.html")  # noqa: T201
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

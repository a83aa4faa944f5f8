"""Whether time grows with the number of articles and memory does not: cold builds of ever larger libraries.

    uv run bench/growth.py [--sizes 3600 36000 360000] [--work FOLDER]

The articles are the real library's, repeated with another number in address and file name until there are enough.
"""

import argparse
import shutil
from itertools import cycle, islice
from pathlib import Path

from realdata import real_library

from publish import timed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[3_600, 36_000, 360_000])
    options.add_argument("--work", type=Path, default=Path("build/bench-growth"))
    chosen = options.parse_args()
    work = chosen.work.resolve()
    for size in chosen.sizes:
        shutil.rmtree(work, ignore_errors=True)
        generate(real_library() / "content" / "learn", work / "library" / "content" / "learn", size)
        run = timed(["responsa", "build", "library", "--out", "site", "--quiet"], work)
        each = run.cpu / size * 1e6
        used = f"wall {run.wall:.1f} s, CPU {run.cpu:.1f} s, {each:.0f} us each, peak {run.peak:.0f} MB"
        print(f"{size:>9,} articles: {used}")
    shutil.rmtree(work, ignore_errors=True)


def generate(source: Path, into: Path, size: int) -> None:
    """Article by article; every round over the real ones has its own number."""
    files = sorted(source.rglob("*.md"))
    for place, file in enumerate(islice(cycle(files), size)):
        number = place // len(files)
        target = into / file.parent.name / f"{file.stem}-{number}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes().replace(file.stem.encode(), f"{file.stem}-{number}".encode()))


if __name__ == "__main__":
    main()

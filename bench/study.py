"""What flashcards cost a build: ``python bench/study.py LIBRARY``. Works on a copy; prints CPU seconds and sizes."""

import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.publish.build import Wish, build
from responsa.shards import Here


def built(folder: Path, name: str, settings: str) -> Path:
    (folder / "responsa.toml").write_text(settings)
    before, wall = os.times(), time.perf_counter()
    made = build(read(folder), folder / name, Wish(executor=Here()))
    after = os.times()
    spent = after.user + after.system - before.user - before.system
    print(f"{name:8} {spent:6.1f} s CPU {time.perf_counter() - wall:6.1f} s, {made.written:,} files written")
    return folder / name


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "library"
        shutil.copytree(sys.argv[1], folder, ignore=shutil.ignore_patterns("site"))
        settings = folder / "responsa.toml"
        plain = settings.read_text() if settings.exists() else ""
        settings.write_text(plain)
        with refresh(read(folder)):
            pass
        built(folder, "without", plain)
        site = built(folder, "with", f"{plain}\n[study]\ncards = true\n")
        files = [path.stat().st_size for path in site.rglob("study/**/*.json")]
        print(f"{len(files):,} files of cards, {sum(files) / 1e6:.1f} MB, the largest {max(files) / 1000:.0f} kB")
        article = next(path for path in sorted(folder.glob("content/**/*.md")) if b"answer: " in path.read_bytes())
        article.write_text(
            re.sub(r"(?m)^(answer: (?:[>|][-+]?\n +)?[\"']?)", r"\1Changed. ", article.read_text(), count=1)
        )
        built(folder, "with", f"{plain}\n[study]\ncards = true\n")


if __name__ == "__main__":
    main()

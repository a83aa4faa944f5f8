"""A run of verify over articles of the real library against the example's sources, and a second one over no change.

python bench/evidence/runs.py [SUBJECT FOLDER, or "all"]
"""

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from realdata import real_library

from responsa.cli import main as responsa
from responsa.cli import verify

SOURCES = Path(__file__).parents[2] / "examples" / "liver-cancer" / "sources"


def main(subject: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder)
        inner = Path("content/learn") / ("" if subject == "all" else subject)
        shutil.copytree(real_library() / inner, library / inner)
        shutil.copytree(SOURCES, library / "sources")
        verify.MANY = sys.maxsize  # one process, whose time can be told
        for name in ("first run", "second run"):
            began, spent = time.monotonic(), cpu()
            responsa(["verify", str(library), "--write", "--queue", "0"])
            print(f"{name}: {time.monotonic() - began:.1f} s wall, {cpu() - spent:.1f} s CPU, {memory()} MB")


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "health-studies")

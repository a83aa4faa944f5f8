"""How long after an edit `responsa build --watch` has published it, in milliseconds of wall and of CPU.

    uv run bench/watch.py [--library FOLDER] [--edits 30] [--work FOLDER]

The clock starts before the file is written and stops when the new site is in its place; the watcher's own wait for
further changes (10 ms of quiet) is in it.
"""

import argparse
import shutil
import statistics
import threading
import time
from pathlib import Path

from realdata import real_library

from responsa.library.library import read
from responsa.publish.build import Wish, build
from responsa.publish.watch import rebuilds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--library", type=Path, default=None)
    options.add_argument("--edits", type=int, default=30)
    options.add_argument("--work", type=Path, default=Path("build/bench-watch"))
    chosen = options.parse_args()
    work = chosen.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    library, out = work / "library", work / "site"
    shutil.copytree((chosen.library or real_library()).resolve() / "content", library / "content")
    build(read(library), out, Wish())
    report(measured(library, out, chosen.edits))


def measured(library: Path, out: Path, edits: int) -> list[tuple[float, float]]:
    """Milliseconds of wall and CPU of each edit but the first, which wakes the watcher."""
    files = sorted(library.rglob("*.md"))
    stop = threading.Event()
    results = rebuilds(library, out, Wish(), stop)
    built, woken = threading.Semaphore(0), threading.Event()

    def run() -> None:
        for _ in results:
            woken.set()
            built.release()

    threading.Thread(target=run, daemon=True).start()
    while not woken.wait(0.5):
        change(files[0], time.monotonic_ns())
    time.sleep(1)
    while built.acquire(blocking=False):
        pass
    found = []
    for number in range(edits):
        start, used = time.perf_counter(), time.process_time()
        change(files[(number * 997) % len(files)], number)
        built.acquire()
        found.append(((time.perf_counter() - start) * 1000, (time.process_time() - used) * 1000))
        time.sleep(0.3)
    stop.set()
    return found


def change(path: Path, number: int) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("answer: >-\n    ", f"answer: >-\n    Edit {number}. ", 1), encoding="utf-8")


def report(found: list[tuple[float, float]]) -> None:
    for name, values in (("wall", [wall for wall, _ in found]), ("CPU", [cpu for _, cpu in found])):
        ordered = sorted(values)
        worst = ordered[int(len(ordered) * 0.95)]
        print(
            f"{name}: median {statistics.median(ordered):.0f} ms, 95th percentile {worst:.0f} ms, {len(ordered)} edits"
        )


if __name__ == "__main__":
    main()

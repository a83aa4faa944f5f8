"""Kills `responsa fix --write` and `--undo` at random moments, on a copy of some subjects of the real library in Git.

    .venv/bin/python bench/fix/kills.py [--times 20] [--subjects american-studies] [--seed 1]

A time is one to three runs that are killed (SIGKILL, anywhere from their start to where a whole one would end), then in
turn one that goes on to its end, or none; then `--undo`, which is killed too, until nothing is left to take back. Ends
with 1 where a run that was killed and gone on with leaves other bytes than one that was not, where undo restores not
every byte, or where Git is not as it was.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from before_after import COMMAND, copied, git, hashed

TWICE = 2


def main() -> None:
    wish = argparse.ArgumentParser()
    wish.add_argument("--times", type=int, default=20)
    wish.add_argument("--subjects", default="american-studies")
    wish.add_argument("--seed", type=int, default=1)
    told = wish.parse_args()
    with tempfile.TemporaryDirectory(prefix="responsa-kills-") as folder:
        library = copied(Path(folder), told.subjects.split(","), 10)
        sys.exit(Kills(library, random.Random(told.seed)).run(told.times))


class Kills:
    def __init__(self, library: Path, chance: random.Random) -> None:
        self.library, self.chance = library, chance
        self.before = hashed(library)
        self.tree = self.now()
        began = time.monotonic()
        fix(library, "--write").wait()
        self.long = time.monotonic() - began
        self.after = hashed(library)
        began = time.monotonic()
        fix(library, "--undo").wait()
        self.back = time.monotonic() - began
        self.seen: Counter[str] = Counter()

    def run(self, times: int) -> int:
        files = sum(1 for path in (self.library / "content").rglob("*") if path.is_file())
        print(f"{files:,} files; a whole run takes {self.long:.1f} s, undo {self.back:.1f} s")
        wrong = [line for number in range(times) for line in self.once(number)]
        print(f"{times} times: {', '.join(f'{count} {what}' for what, count in sorted(self.seen.items()))}")
        print("\n".join(wrong) or "every byte as it should be each time")
        return 1 if wrong else 0

    def once(self, number: int) -> list[str]:
        wrong = []
        for _ in range(self.chance.randint(1, 3)):
            self.killed("--write", self.long)
        held = hashed(self.library)
        self.seen["killed between the first and the last byte"] += held not in {self.before, self.after}
        if number % TWICE:
            if fix(self.library, "--write").wait():
                wrong.append(f"time {number}: the run that goes on ended with an error")
            if hashed(self.library) != self.after:
                wrong.append(f"time {number}: not the bytes of a run that was not killed")
        wrong += [f"time {number}: {line}" for line in self.taken_back()]
        return wrong

    def killed(self, option: str, most: float) -> None:
        run = fix(self.library, option)
        time.sleep(self.chance.uniform(0, most))
        self.seen[f"{option} {'killed' if run.poll() is None else 'came to its end before'}"] += 1
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        # What a kill of Git itself leaves, and Git says how to deal with: everybody's own commits have it too.
        lock = self.library / ".git/index.lock"
        if lock.exists():
            self.seen["Git's own lock left"] += 1
            lock.unlink()

    def taken_back(self) -> list[str]:
        if hashed(self.library) != self.before:
            self.killed("--undo", self.back)
        runs = self.library / ".responsa/undo"
        while any(runs.glob("[0-9]*/*.batch")):
            if fix(self.library, "--undo").wait():
                return ["undo ended with an error"]
        wrong = []
        if hashed(self.library) != self.before:
            wrong.append("undo did not restore every byte")
        if git(self.library, "status", "--porcelain").strip() or self.now() != self.tree:
            wrong.append("Git holds other files than before")
        git(self.library, "fsck", "--no-progress")
        return wrong

    def now(self) -> str:
        return git(self.library, "rev-parse", "HEAD^{tree}").strip()


def fix(library: Path, option: str) -> subprocess.Popen[bytes]:
    silent = subprocess.DEVNULL
    return subprocess.Popen([COMMAND, "fix", library, option], stdout=silent, stderr=silent, start_new_session=True)


if __name__ == "__main__":
    main()

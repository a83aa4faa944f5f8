"""Kills indexing at random moments and compares what the next command finds with a fresh index.

uv run bench/quality/kill.py [--library FOLDER] [--articles N] [--kills N] [--seed N]

Each round changes some articles (texts exchanged, files removed and brought back), starts ``responsa search --deep`` on
a copy of the library and sends SIGKILL after a random time. Every fifth round, and after the last, the next command's
run of queries must equal, byte for byte, that of a copy which was never killed.
"""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from realdata import real_library

QUERIES = 40
CHECKED = 5


def command(folder: Path, *rest: str) -> list[str]:
    program = "import sys; from responsa.cli import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", program, "search", str(folder), *rest]


def change(files: list[Path], dice: random.Random) -> None:
    for _ in range(dice.randint(1, len(files) // 10)):
        one, other = dice.sample(files, 2)
        first, second = one.read_bytes(), other.read_bytes()
        at, start = first.find(b"question: "), second.find(b"question: ")
        one.write_bytes(first[:at] + second[start:])
        if dice.random() < 0.2:
            other.write_bytes(second[: len(second) // 2])


def run_of(folder: Path, queries: Path) -> bytes:
    out = queries.with_suffix(".run")
    words = command(folder, "--queries", str(queries), "--run", str(out), "--deep")
    subprocess.run(words, check=True, capture_output=True)
    return out.read_bytes()


def fresh(folder: Path, queries: Path) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(folder / "content", Path(name) / "content")
        return run_of(Path(name), queries)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--library", type=Path, default=None)
    options.add_argument("--articles", type=int, default=400)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    wish = options.parse_args()
    dice = random.Random(wish.seed)
    source = sorted((wish.library or real_library()).joinpath("content/learn").rglob("*.md"))
    with tempfile.TemporaryDirectory() as name:
        folder, queries = Path(name) / "library", Path(name) / "queries.jsonl"
        files = []
        for path in dice.sample(source, wish.articles):
            copy = folder / "content/learn" / path.parent.name / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            files.append(Path(shutil.copyfile(path, copy)))
        asked = [path.stem.replace("-", " ") for path in dice.sample(files, QUERIES)]
        queries.write_text("".join(json.dumps({"qid": n, "query": q}) + "\n" for n, q in enumerate(asked)))
        sys.exit(_rounds(folder, files, queries, wish.kills, dice))


def _rounds(folder: Path, files: list[Path], queries: Path, kills: int, dice: random.Random) -> int:
    start = time.perf_counter()
    subprocess.run(command(folder, "liver"), check=True, capture_output=True)
    usual, wrong, dead = time.perf_counter() - start, 0, 0
    for number in range(1, kills + 1):
        change(files, dice)
        if dice.random() < 0.3:
            shutil.rmtree(folder / ".responsa")
        nowhere = subprocess.DEVNULL
        child = subprocess.Popen(command(folder, "liver", "--deep"), stdout=nowhere, stderr=nowhere)
        time.sleep(dice.random() * usual)
        child.send_signal(signal.SIGKILL)
        dead += child.wait() == -signal.SIGKILL
        if number % CHECKED == 0 or number == kills:
            same = run_of(folder, queries) == fresh(folder, queries)
            wrong += not same
            told = "as a fresh index" if same else "OTHER RESULTS"
            print(f"{number} kills, {dead} of them before the end: {told}", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    main()

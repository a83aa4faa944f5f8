"""Kill a save at the desk at any moment, many times: `python bench/serve/kill_saves.py [TIMES]`.

After each kill the record holds the old or the new words, and after the next start Git is sound and clean.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/serve/desk")]

from desk_library import committed, run  # noqa: E402 - after the path to them

from library_folder import put  # noqa: E402 - after the path to them
from responsa.library.library import Library, read  # noqa: E402 - after the path to them
from responsa.serve.desk.save import at_start  # noqa: E402 - after the path to them

FILE = PurePosixPath("content/learn/medicine/a.md")
SAVER = """
import sys
from pathlib import Path, PurePosixPath
from responsa.library.git import Author
from responsa.library.library import Change, read
from responsa.serve.desk.save import Proposal, carry_out
library, path = read(Path(sys.argv[1])), PurePosixPath(sys.argv[2])
before = library.data(path)
print("ready", flush=True)
change = Change(path, before, before.replace(b"**answer**", b"**answer** again, the"), ())
carry_out(library, Proposal("edit", "Edit: a", (change,)), Author("Ann", "ann@example.org"))
"""


def main(times: int) -> None:
    chance = random.Random(5)
    counts = {"old": 0, "new": 0, "mended at the next start": 0}
    with tempfile.TemporaryDirectory() as name:
        put(Path(name), "a")
        library = read(committed(Path(name)))
        for _ in range(times):
            before = library.data(FILE)
            after = before.replace(b"**answer**", b"**answer** again, the")
            _kill(library, chance.uniform(0, 0.2))
            held = library.data(FILE)
            assert held in {before, after}, "half a record"
            counts["new" if held == after else "old"] += 1
            counts["mended at the next start"] += bool(at_start(library))
            run(library.folder, "fsck", "--strict")
            assert run(library.folder, "status", "--porcelain") == "", "not committed"
    print(f"{times} kills: {counts}; every record whole, every commit whole, git fsck clean")


def _kill(library: Library, seconds: float) -> None:
    command = [sys.executable, "-c", SAVER, str(library.folder), str(FILE)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    with process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)

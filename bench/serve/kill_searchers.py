"""Searchers of a server killed under load while an article is edited: what comes of answers, edit and processes.

    python bench/serve/kill_searchers.py LIBRARY SITE

``LIBRARY`` is a copy: one of its articles is changed and changed back. wrk must be installed.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from load import LUA, RESPONSA, Load, family, lists, running, wrk

WORD = "Quagmirezebra"
KILLS, SECONDS = 4, 25


def found_after(library: Path, seconds: float = 60) -> float:
    """Seconds until an edit is in the answers of a search."""
    file = next(library.glob("content/**/*.md"))
    before = file.read_text()
    file.write_text(before.replace("answer: >-\n    ", f"answer: >-\n    {WORD} explained. ", 1))
    begun = time.monotonic()
    try:
        while time.monotonic() - begun < seconds:
            address = f"http://127.0.0.1:{RESPONSA}/api/search?q={WORD}"
            with urllib.request.urlopen(address, timeout=30) as answer:
                hits = json.loads(answer.read())["hits"]
            if hits and WORD in hits[0]["passage"]["text"]:
                return time.monotonic() - begun
            time.sleep(0.2)
        raise SystemExit("the edit was not found")
    finally:
        file.write_text(before)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("site", type=Path)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    (folder / "load.lua").write_text(LUA)
    lists(given.library, folder)
    serve = [str(Path(sys.executable).with_name("responsa")), "serve", str(given.library), "--out", str(given.site)]
    try:
        with running([*serve, "--port", str(RESPONSA), "--public", "--rate", "0"], RESPONSA, "/healthz") as server:
            wrk(folder, "queries", RESPONSA, 4, 4)
            told: list[Load] = []
            asking = threading.Thread(target=lambda: told.append(wrk(folder, "queries", RESPONSA, 8, SECONDS)))
            asking.start()
            for _ in range(KILLS):
                time.sleep(3)
                for searcher in family(server)[1:2]:
                    os.kill(int(searcher.name), signal.SIGKILL)
            print(f"the edit was found after {found_after(given.library):.1f} s")
            asking.join()
            left = family(server)[1:]
            print(
                f"{KILLS} searchers killed, {len(left)} there at the end, {told[0].errors} errors, {told[0].rate:.0f}/s"
            )
        time.sleep(0.5)
        print(f"{sum(one.exists() for one in left)} left after the server")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

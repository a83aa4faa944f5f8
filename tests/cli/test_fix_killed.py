"""A run that dies at any moment is gone on with, or taken back, and leaves no byte that was not meant."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from library_folder import address, put
from responsa.cli.app import main

ARTICLES = 40
RUN = (
    "import sys; from responsa.repair import work; work.BATCH = 3; from responsa.cli.app import main; "
    "sys.exit(main(['fix', sys.argv[1], '--write']))"
)


def made(folder):
    for number in range(ARTICLES):
        links = [address(f"a{number}"), address("gone"), address(f"a{(number + 1) % ARTICLES}")]
        put(folder, f"a{number}", question=f"What is thing {number % 36}?", answer="One answer for all.", links=links)
    return records(folder)


def records(folder):
    return {path.name: path.read_bytes() for path in (folder / "content").rglob("*") if path.is_file()}


def killed(folder, seconds):
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Counted from the first thing it keeps: how long Python takes to start says nothing.
    while run.poll() is None and not any((folder / ".responsa/undo").glob("*/*.batch")):
        time.sleep(0.002)
    time.sleep(seconds)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()


@pytest.mark.parametrize("seed", range(4))
def test_killed_and_taken_back_every_byte_is_as_before(tmp_path, seed):
    before = made(tmp_path)
    killed(tmp_path, random.Random(seed).uniform(0, 0.5))
    assert main(["fix", str(tmp_path), "--undo"]) == 0
    assert records(tmp_path) == before


@pytest.mark.parametrize("seed", range(4))
def test_killed_and_run_again_all_is_mended_and_can_be_taken_back_as_one(tmp_path, seed):
    whole = tmp_path / "whole"
    before = made(whole)
    assert main(["fix", str(whole), "--write"]) == 0
    cut = tmp_path / "cut"
    made(cut)
    killed(cut, random.Random(100 + seed).uniform(0, 0.5))
    assert main(["fix", str(cut), "--write"]) == 0
    assert records(cut) == records(whole)
    assert main(["fix", str(cut), "--undo"]) == 0
    if records(cut) != before:  # where the first run had come to its end, there are two to take back
        assert main(["fix", str(cut), "--undo"]) == 0
    assert records(cut) == before

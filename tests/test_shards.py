import subprocess
import sys
import time
from pathlib import Path

from responsa.shards import Here, Processes, batches, cores, shards


def test_shards_cut_a_sequence_in_order():
    assert list(shards([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]


def test_batches_take_from_a_stream_only_what_they_yield():
    stream = iter(range(5))
    assert next(batches(stream, 2)) == [0, 1]
    assert list(batches(stream, 2)) == [[2, 3], [4]]


def test_processes_yield_results_in_shard_order():
    assert list(Processes(2).map(sum, shards(list(range(100)), 7))) == list(
        Here().map(sum, shards(list(range(100)), 7))
    )


WORKERS = """
import os
import signal
from responsa.shards import AsNeeded, Processes

def process(_shard):
    return os.getpid()

def sees_interrupts(_shard):
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])

if __name__ == "__main__":
    print(list(Processes(1).map(sees_interrupts, [0])), sees_interrupts(0))
    here = {os.getpid()}
    print(set(AsNeeded().map(process, range(2))) == here, set(AsNeeded().map(process, range(4))) == here)
"""


def test_workers_leave_ctrl_c_to_their_program_and_few_shards_need_none(tmp_path):
    script = tmp_path / "stages.py"
    script.write_text(WORKERS)
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["[False] True", f"True {cores() == 1}"]


STUCK = """
import os, sys, time
from pathlib import Path
from responsa.shards import Processes

def stuck(number):
    (Path(sys.argv[1]) / str(os.getpid())).touch()
    time.sleep(number)
    return number

if __name__ == "__main__":
    list(Processes(2).map(stuck, [0, 0, 60, 60]))
"""


def alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def eventually(fact, seconds=20.0):
    until = time.monotonic() + seconds
    while not fact() and time.monotonic() < until:
        time.sleep(0.05)
    return fact()


def test_no_worker_is_left_when_the_program_is_killed(tmp_path):
    script = tmp_path / "stuck.py"
    script.write_text(STUCK)
    (tmp_path / "pids").mkdir()
    with subprocess.Popen([sys.executable, script, tmp_path / "pids"], stderr=subprocess.DEVNULL) as process:
        assert eventually(lambda: len([*(tmp_path / "pids").iterdir()]) == 2)
        process.kill()
    workers = [one.name for one in (tmp_path / "pids").iterdir()]
    assert eventually(lambda: not any(map(alive, workers)))

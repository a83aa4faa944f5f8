"""A batch that is killed at random moments, again and again, and then left to finish."""

import random
import signal
import subprocess
import sys
import time

RUN = "import sys; from responsa.cli.app import main; sys.exit(main())"


def killed_and_finished(folder, file, address, fake, *, jobs, kills, seed):
    """The last run, once ``kills`` runs were killed: at their start, between an answer and its draft, anywhere."""
    words = ["draft", str(folder), str(file), "--endpoint", address, "--model", "m", "--jobs", str(jobs)]
    command = [sys.executable, "-c", RUN, *words]
    dice = random.Random(seed)
    for _ in range(kills):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted = sum(fake.asked.values()) + dice.choice((0, 1, 3, 8))
        until = time.monotonic() + 120
        while sum(fake.asked.values()) < wanted and run.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(dice.random() * 0.2)
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
        run.wait()
    return subprocess.run(command, capture_output=True, text=True, check=False)

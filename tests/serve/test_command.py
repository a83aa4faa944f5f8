import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from library_folder import put
from responsa.cli import main

COMMAND = "import sys; from responsa.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def started(tmp_path):
    put(tmp_path, "a")
    command = [sys.executable, "-c", COMMAND, "serve", str(tmp_path), "--port", "0", "--access-log"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    yield process, re.match(r"(http://127\.0\.0\.1:\d+)/ serves the library; Ctrl-C ends\n", line)[1]
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_within_seconds_also_where_browsers_listen(started, number):
    process, address = started
    with urllib.request.urlopen(f"{address}/_responsa/changes", timeout=10) as stream:
        assert stream.readline() == b"retry: 1000\n"
        begun = time.monotonic()
        os.kill(process.pid, number)
        assert process.wait(15) == 0
    assert time.monotonic() - begun < 10
    lines = [json.loads(line) for line in process.stderr.read().splitlines()]
    assert [line["event"] for line in lines] == ["request"]


def test_others_than_this_machine_need_public(tmp_path, capsys):
    put(tmp_path, "a")
    assert main(["serve", str(tmp_path), "--host", "0.0.0.0"]) == 2
    assert "needs --public" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(tmp_path, capsys, started):
    port = started[1].rpartition(":")[2]
    put(tmp_path, "a")
    assert main(["serve", str(tmp_path), "--port", port]) == 2
    assert f"--port {port}: Address already in use" in capsys.readouterr().err


def test_a_missing_extra_is_named(tmp_path, capsys, monkeypatch):
    put(tmp_path, "a")
    monkeypatch.setattr("responsa.cli.serve.find_spec", lambda name: None if name == "uvicorn" else object())
    assert main(["serve", str(tmp_path)]) == 2
    assert "pip install 'responsa[serve]'" in capsys.readouterr().err

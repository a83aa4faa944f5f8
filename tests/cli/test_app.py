import subprocess
import sys

import pytest

from responsa.cli import app


def test_ctrl_c_before_a_command_runs_ends_with_its_code_and_without_a_word(monkeypatch, capsys):
    def interrupted(_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "_run", interrupted)
    assert app.main(["rules"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_ours_is_told_without_a_traceback(monkeypatch, capsys):
    def faulty(_given):
        raise RuntimeError("something of ours")

    monkeypatch.setattr(app, "_run", faulty)
    assert app.main(["rules"]) == 70
    assert "Traceback" not in capsys.readouterr().err


def test_ctrl_c_while_the_parts_of_a_command_are_loaded_ends_without_a_word():
    code = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from responsa.cli import main
sys.exit(main())
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("{} rules >&-", 0, ""),
        ("{} rules > /dev/full", 3, "error: the output cannot be written: No space left on device\n"),
        ("set -o pipefail; {} rules | true", None, ""),
    ],
)
def test_an_output_that_takes_nothing_is_no_fault_of_ours(command, code, told):
    run = f'{sys.executable} -c "import sys; from responsa.cli import main; sys.exit(main())"'
    ended = subprocess.run(["bash", "-c", command.format(run)], capture_output=True, text=True, check=False)
    assert ended.stderr == told
    assert ended.returncode == code or (code is None and ended.returncode in {0, 1})

"""The reference says what the code says."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
from docs_blocks import ROOT, blocks
from docs_reference import FOLDER, PAGES, made
from docs_run import Sandbox

from responsa.exchange.imports.taken import ORIGIN
from responsa.records.emit import INNER_ORDER, ORDER
from responsa.records.fields import _KNOWN
from responsa.relate.pages import BANNED, PINNED
from responsa.serve.desk.tasks import ACCEPTED

AGAIN = "`uv run tools/docs_reference.py` writes it again"
SOURCES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py"))]


def rows(page, column=1):
    """The code words in the first column of every table of a page."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    firsts = [line.split("|")[column] for line in text.splitlines() if line.startswith("| `")]
    return [word for first in firsts for word in re.findall(r"`([^`]+)`", first)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_what_the_code_says(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == made(name), f"docs/reference/{name} is stale; {AGAIN}"


def test_every_key_of_a_record_is_explained_and_no_other():
    known = {re.sub(r"\d$", "1", key) for key in (*ORDER, *_KNOWN, PINNED, BANNED, ACCEPTED, ORIGIN)}
    inner = {f"{key}.{part}" for key, part in (word.split(".", 1) for word in rows("record-keys.md") if "." in word)}
    assert {word for word in rows("record-keys.md") if "." not in word} == known
    assert {word.split(".")[1] for word in inner} == set(INNER_ORDER)


def test_every_variable_of_the_environment_is_explained_and_no_other():
    read = {name for text in SOURCES for name in re.findall(r"\bRESPONSA_[A-Z_]*[A-Z]\b", text)}
    assert {word for word in rows("environment.md") if word.startswith("RESPONSA_")} == read | {"RESPONSA_DATA"}


def test_the_programs_that_the_page_on_python_shows_run(tmp_path):
    sandbox = Sandbox(tmp_path / "reader")
    sandbox.prepare()
    programs = [
        block for block in blocks(FOLDER / "python.md") if block.language == "python" and "import" in block.text
    ]
    assert len(programs) > 3
    for block in programs:
        file = tmp_path / "program.py"
        file.write_text(block.text.replace("LIBRARY", "library"))
        ended = subprocess.run(
            [sys.executable, "-W", "error", file], cwd=tmp_path / "reader/work", env=os.environ | sandbox.environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, f"docs/reference/python.md:{block.line}\n{ended.stderr}"


def test_every_extra_is_explained_and_no_other():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    told = re.findall(r"^\| `responsa\[(\w+)\]`", (ROOT / "docs/faq.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(told) == set(extras)

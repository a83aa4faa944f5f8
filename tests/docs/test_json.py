"""What the pages say of ``--json`` is what commands print."""

import json
import re
import shutil

import pytest
from docs_blocks import ROOT
from docs_run import DERIVED, EXAMPLE

from responsa.cli.app import main

SECTIONS = {
    title: text
    for page in ("docs/errors.md", "docs/reference/json.md")
    for title, text in re.findall(
        r"^## `([\w -]+)`\n(.*?)(?=^## |\Z)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
}
COMMANDS = {
    "check --json": "check {}",
    "build --json": "build {} --out {}/site",
    "verify --json": "verify {}",
    "search --json": "search {} transplant",
    "related --json": "related {}",
    "duplicates --json": "duplicates {}",
    "duplicates --ask --json": "duplicates {} --ask transplant?",
    "fix --json": "fix {} --rule duplicates",
    "sources list --json": "sources list {}",
    "contradictions --json": "contradictions {}",
}
FREE = {"why", "hidden", "respelled"}
"""Tables whose keys are words of the library."""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The example with a doubled article and a record that lacks what a page needs."""
    folder = tmp_path_factory.mktemp("json") / "library"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(*DERIVED))
    article = folder / "content/learn/medicine/what-do-the-li-rads-categories-mean.md"
    copy = article.with_name("what-exactly-do-the-li-rads-categories-mean.md")
    copy.write_text(article.read_text().replace("questions/what-do-the", "questions/what-exactly-do-the"))
    (article.parent / "bad.md").write_text("---\nquestion: What is it?\n---\n")
    return folder


def keys(value):
    """All names in a value, those of tables with free keys left out."""
    if isinstance(value, list):
        return set().union(*map(keys, value)) if value else set()
    if isinstance(value, dict):
        return set(value).union(*(keys(inner) for name, inner in value.items() if name not in FREE))
    return set()


def printed(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("title", COMMANDS)
def test_every_field_that_a_command_prints_is_explained(title, library, capsys):
    main([*(word.format(library) for word in COMMANDS[title].split()), "--json"])
    found = keys(printed(capsys.readouterr().out))
    told = set(re.findall(r"`(\w+)`", SECTIONS[title]))
    assert found
    assert found <= told, f"`{title}` prints what its page does not tell: {sorted(found - told)}"


@pytest.mark.parametrize("title", COMMANDS)
def test_every_field_that_begins_a_row_is_printed(title, library, capsys):
    main([*(word.format(library) for word in COMMANDS[title].split()), "--json"])
    found = keys(printed(capsys.readouterr().out))
    rows = [line.split("|")[1] for line in SECTIONS[title].splitlines() if line.startswith("| `")]
    told = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    assert told <= found, f"the page tells of `{title}` what it does not print: {sorted(told - found)}"

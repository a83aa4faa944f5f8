"""What the documentation shows can be typed: every option is there, and every command does what its page says."""

from pathlib import Path

import docs_blocks
import pytest
from docs_blocks import ROOT, Block, Statement, cut, is_commands, pages, program, spans, statements, words
from docs_commands import unknown
from docs_run import StandIns, kept_from_running, missing, run_page

from docs.stand_ins import NEEDS, WORDS, stand_ins

PAGES = pages()
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
SHOWN = {page: statements(page) for page in PAGES}
MET = StandIns(NEEDS, WORDS)
RUN = [page for page in PAGES if any(not kept_from_running(each, MET) for each in SHOWN[page])]
UNRUN = Path(__file__).with_name("unrun.txt")
HERE = ROOT / "docs/x.md"


@each_page
def test_every_option_that_a_page_shows_is_there(page):
    typed = [(each.line, words(each.text)) for each in SHOWN[page]]
    typed += [(line, words(docs_blocks.bare(span))) for line, span in spans(page)]
    wrong = [f"{page.relative_to(ROOT)}:{line}: {said}" for line, given in typed if given for said in unknown(given)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", RUN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_does_what_the_page_says(page, tmp_path):
    with stand_ins(tmp_path) as has:
        wrong = run_page(page, tmp_path / "reader", has=has)
    assert not wrong, "\n\n".join(wrong)


def test_what_no_test_runs_is_listed_with_the_reason_and_nothing_else():
    """A command that a page newly shows is run, or somebody decides that it is not."""
    found = [
        f"{page.relative_to(ROOT)}: {each.text.splitlines()[0]}  # {reason}"
        for page in PAGES
        for each in SHOWN[page]
        if (reason := kept_from_running(each, MET))
    ]
    assert found == UNRUN.read_text(encoding="utf-8").splitlines()


@each_page
def test_every_block_that_begins_with_a_program_is_taken_for_commands(page):
    """Else what it shows would be neither run nor listed."""
    others = [block for block in docs_blocks.blocks(page) if block.language in {"", "none"} and not is_commands(block)]
    wrong = [f"{page.relative_to(ROOT)}:{block.line}" for block in others if program(block.text) in docs_blocks.KNOWN]
    assert not wrong, f"{', '.join(wrong)}: begins with a program; fence it as `sh`"


def cut_of(text, language="sh"):
    return [(each.text, each.needs, each.code) for each in cut(Block(HERE, 1, language, text))]


def test_a_statement_goes_on_after_a_backslash_and_in_a_here_document():
    text = "responsa check \\\n  LIBRARY\ncat > a.csv <<'END'\nx,y\nEND\nls"
    assert [each[0] for each in cut_of(text)] == ["responsa check \\\n  LIBRARY", "cat > a.csv <<'END'\nx,y\nEND", "ls"]


def test_a_comment_says_what_a_statement_needs_and_what_it_ends_with():
    assert cut_of("responsa serve .   # needs root\nresponsa check .  # ends with 1: problems") == [
        ("responsa serve .", "root", None), ("responsa check .", "", 1),
    ]  # fmt: skip


def test_a_first_line_that_says_what_is_needed_counts_for_the_block():
    assert cut_of("# needs a model\nresponsa check .\nresponsa build .") == [
        ("responsa check .", "a model", None), ("responsa build .", "a model", None),
    ]  # fmt: skip


def test_an_option_that_is_gone_is_told_with_those_there_are():
    [said] = unknown(words("responsa check LIBRARY --everything"))
    assert "responsa check has no --everything" in said
    assert "--fail-on" in said
    assert list(unknown(["chek"])) == ["responsa has no command chek"]
    assert not list(unknown(words("responsa search LIBRARY 'what -- is it' -k 5 --json | head")))


def test_what_a_page_shows_as_printed_must_be_printed():
    shown = Statement(HERE, 1, "responsa check", prints="20 articles, ...\nnothing")
    assert not missing(shown, "20   articles, 3 s\nnothing\n")
    assert "does not print\n    nothing" in missing(shown, "20 articles, 3 s\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("responsa check LIBRARY", ""),
        ("responsa verify LIBRARY --judge onnx:MODELS/nli", "a value for MODELS"),
        ("npm install pagefind", "npm, which the reader has"),
        ("RESPONSA_JUDGE_KEY=x responsa verify LIBRARY", ""),
    ],
)
def test_a_statement_is_run_unless_there_is_a_reason(text, reason):
    assert kept_from_running(Statement(HERE, 1, text)) == reason


def test_a_statement_that_fails_is_told_with_its_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n\n```sh\nresponsa check LIBRARY\nresponsa check nowhere\n```\n")
    [said] = run_page(page, tmp_path / "reader")
    assert ":5: `responsa check nowhere` ended with 2" in said


@each_page
def test_every_script_of_the_repository_that_a_page_runs_is_there(page):
    typed = [(each.where, word) for each in SHOWN[page] for word in each.text.split()]
    scripts = [(where, word) for where, word in typed if word.startswith(("bench/", "tools/"))]
    wrong = [f"{where}: {word} is not there" for where, word in scripts if not (ROOT / word).exists()]
    assert not wrong, "\n".join(wrong)

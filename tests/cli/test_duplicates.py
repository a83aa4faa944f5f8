import json
import os

import pytest

from fake_encoder import FakeEncoder
from library_folder import address, put
from responsa.cli import relating
from responsa.cli.app import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(relating, "encoder_of", lambda _: FakeEncoder())
    put(tmp_path, "liver", question="What is the role of the liver?", answer="A longer answer.")
    put(tmp_path, "copy", question="What is the role of the liver?", answer="Short.", subject="Biology")
    put(tmp_path, "galen", question="Who was Galen?", more="also_asked:\n  - Which physician wrote of the pulse?\n")
    return tmp_path


def test_a_cluster_is_a_line_of_json_with_the_one_that_stays_and_why(folder, capsys):
    assert main(["duplicates", str(folder), "--json"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["canonical"], line["reason"]) == (address("liver"), "longer answer")
    assert [copy["url"] for copy in line["copies"]] == [address("copy")]
    assert line["copies"][0]["why"] == "the same question, in another subject"


def test_people_are_told_how_many_and_what_to_do(folder, capsys):
    assert main(["duplicates", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "1 questions asked more than once, 1 articles too many" in out
    assert "fix --rule duplicates" in out


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("WHAT is the role of the liver", "the same question"),
        ("Describe the function of the liver.", "the same question in other words (1.00)"),
        ("Which physician wrote of the pulse?", "asked in the same words, kept in also_asked"),
    ],
)
def test_a_question_that_was_asked_ends_with_0_and_names_the_article(folder, capsys, question, why):
    assert main(["duplicates", str(folder), "--ask", question, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["asked"], said["why"]) == (True, why)
    assert said["article"]["url"] in {address("liver"), address("copy"), address("galen")}


def test_a_new_question_ends_with_1_and_shows_the_nearest(folder, capsys):
    assert main(["duplicates", str(folder), "--ask", "What is the role of the kidney?"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Not asked yet. The nearest questions:")
    assert "What is the role of the liver?" in out


def test_an_empty_library_has_nothing_to_say(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(relating, "encoder_of", lambda _: FakeEncoder())
    assert main(["duplicates", str(tmp_path)]) == 0
    assert main(["duplicates", str(tmp_path), "--ask", "Anything?"]) == 1
    assert "Not asked yet." in capsys.readouterr().out


def test_a_question_of_bytes_that_are_no_text_is_asked_as_far_as_it_is_text(folder, capsys):
    assert main(["duplicates", str(folder), "--ask", os.fsdecode(b"Who was Galen? \xff"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["asked"]

"""The subject rule: proposed only where neighbours are nearly unanimous, and never unasked."""

import pytest

from fake_encoder import FakeEncoder
from library_folder import address, put
from responsa.cli import relating
from responsa.cli.app import main
from responsa.library.library import read
from responsa.repair.rules import RULES

PARTS = ("liver", "spleen", "kidney", "heart", "lung", "colon", "brain")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(relating, "encoder_of", lambda _: FakeEncoder())
    for part in PARTS:
        put(tmp_path, part, question=f"What does transplant surgery of the {part} risk?", answer=f"Much, in {part}.")
    return tmp_path


def subjects(folder):
    return {article.url: article.subject for article in read(folder).articles()}


def test_an_article_among_others_of_one_subject_moves_there_with_its_address_unchanged(folder, capsys):
    put(folder, "skin", question="What does transplant surgery of the skin risk?", subject="Law", answer="Little.")
    assert main(["fix", str(folder), "--rule", "subject"]) == 0
    assert "1 field to change in 1 file" in capsys.readouterr().out
    assert main(["fix", str(folder), "--rule", "subject", "--write"]) == 0
    assert subjects(folder)[address("skin")] == "Medicine"


def test_where_neighbours_are_divided_nothing_is_proposed(folder, capsys):
    put(folder, "skin", question="What does transplant surgery of the skin risk?", subject="Law", answer="Little.")
    put(folder, "bone", question="What does transplant surgery of the bone risk?", subject="Law", answer="Less.")
    put(folder, "hand", question="What does transplant surgery of the hand risk?", subject="Law", answer="None.")
    assert main(["fix", str(folder), "--rule", "subject"]) == 0
    assert "nothing to mend" in capsys.readouterr().out


def test_it_is_not_among_the_usual_rules():
    assert {name for name, rule in RULES.items() if not rule.usual} == {"related", "duplicates", "subject"}


def test_neighbours_by_words_vote_beside_those_by_meaning(folder, capsys):
    put(folder, "skin", question="What does transplant surgery of the skin risk?", subject="Law", answer="Little.")
    for court in ("first", "second", "third", "fourth"):
        harm = f"The {court} hears of skin that was taken: the transplant, the surgery of the skin, its risk."
        put(folder, court, question=f"Which is the {court} court?", subject="Law", answer=harm)
    assert main(["fix", str(folder), "--rule", "subject"]) == 0
    assert address("skin") not in capsys.readouterr().out

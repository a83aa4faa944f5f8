import json

import pytest

from fake_encoder import FakeEncoder
from library_folder import address, put
from responsa.cli import relating
from responsa.cli.app import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(relating, "encoder_of", lambda _: FakeEncoder())
    for word in ("anatomy", "surgery", "infection", "screening", "cancer", "imaging", "transplants"):
        put(tmp_path, word, question=f"What is liver {word}?")
    return tmp_path


def test_every_article_is_a_line_of_json_with_five_links_and_why(folder, capsys):
    assert main(["related", str(folder), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 7
    assert {len(line["related"]) for line in lines} == {5}
    link = lines[0]["related"][0]
    assert sorted(link) == ["subject", "title", "url", "why"]
    assert "both on liver" in link["why"]


def test_two_runs_say_the_same(folder, capsys):
    runs = []
    for _ in range(2):
        assert main(["related", str(folder), "--json"]) == 0
        runs.append(capsys.readouterr().out)
    assert runs[0] == runs[1]


def test_one_article_is_found_by_its_address_and_an_unknown_one_is_named(folder, capsys):
    assert main(["related", str(folder), address("cancer")]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("What is liver cancer?")
    assert len(out) == 6
    assert main(["related", str(folder), "/none"]) == 2
    assert "/none: no published article has this address" in capsys.readouterr().err


def test_a_title_cannot_steer_the_terminal(folder, capsys):
    path = put(folder, "evil", question="What is liver \x1b[31m pain?".replace("\x1b", "\u202e"))
    assert path.exists()
    assert main(["related", str(folder)]) == 0
    assert "\u202e" not in capsys.readouterr().out

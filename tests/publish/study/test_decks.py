"""Decks in a built site: who is in them, what an edit changes, and that they are off unless asked for."""

import json

import pytest

from library_folder import REFUSAL, address, made, put, tree
from responsa.errors import ConfigError
from responsa.library.settings import parse
from responsa.publish.study.face import SIZE, bits_of, file_of, name_of

ON = "[study]\ncards = true\n"


@pytest.fixture
def folder(tmp_path):
    for name in "abc":
        put(tmp_path, name)
    (tmp_path / "responsa.toml").write_text(ON)
    return tmp_path


def cards(folder, slug="medicine"):
    files = sorted((folder / f"site/study/{slug}").glob("*.json"))
    return [card for file in files for card in json.loads(file.read_bytes())["cards"]]


def asked(folder, slug="medicine"):
    return sorted(card[1] for card in cards(folder, slug))


def page(folder, name="medicine"):
    return (folder / f"site/study/{name}.html").read_text()


def test_nothing_of_it_is_there_unless_asked_for(folder):
    (folder / "responsa.toml").write_text("")
    made(folder)
    site = tree(folder / "site")
    assert [name for name in site if "study" in name] == []
    assert b"study" not in site["learn/medicine.html"]


def test_every_listed_question_is_a_card_with_the_beginning_of_its_answer(folder):
    made(folder)
    assert asked(folder) == ["What is a?", "What is b?", "What is c?"]
    assert "<p>The <strong>answer</strong> to a.</p>" in [card[2] for card in cards(folder)]
    assert '<a href="/study/medicine">' in (folder / "site/learn/medicine.html").read_text()
    assert '<a href="/study/medicine">' in (folder / "site/study.html").read_text()


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": REFUSAL},
        {"answer": "The provided text does not say what b is."},
        {"more": "no_index: true\n"},
        {"subject": "Secret"},
    ],
)
def test_what_declines_evades_or_is_hidden_is_no_card(folder, fields):
    (folder / "responsa.toml").write_text(
        f'{ON}[policy]\nrefusals = "publish"\n[[subjects]]\ntitle = "Secret"\nlisted = false\n'
    )
    put(folder, "b", **fields)
    made(folder)
    assert asked(folder) == ["What is a?", "What is c?"]
    assert not (folder / "site/study/secret.html").exists()


def test_a_subject_has_a_deck_only_where_the_settings_name_it(folder):
    put(folder, "d", subject="Biology")
    (folder / "responsa.toml").write_text('[study]\ncards = true\nsubjects = ["Biology"]\n')
    made(folder)
    assert asked(folder, "biology") == ["What is d?"]
    assert not (folder / "site/study/medicine.html").exists()


def test_an_edit_changes_its_card_its_page_and_its_sheet_alone(folder):
    made(folder)
    before = tree(folder / "site")
    put(folder, "b", answer="Another beginning.")
    made(folder)
    after = tree(folder / "site")
    changed = {name for name in after if before.get(name) != after[name] and name.startswith("study")}
    assert changed == {"study/medicine.html", "study/medicine/print.html", "study/medicine/0.json"}


def test_a_card_goes_with_its_article_and_comes_with_another_subject(folder):
    made(folder)
    (folder / "content/learn/medicine/a.md").unlink()
    put(folder, "b", subject="Biology")
    made(folder)
    assert asked(folder) == ["What is c?"]
    (folder / "responsa.toml").write_text(ON + " ")
    made(folder)
    assert asked(folder, "biology") == ["What is b?"]


def test_a_large_deck_is_spread_over_files_and_an_edit_touches_one_of_them(folder):
    for number in range(SIZE + 20):
        put(folder, f"q{number}")
    made(folder)
    files = sorted(path.name for path in (folder / "site/study/medicine").glob("*.json"))
    assert files == ["0.json", "1.json"]
    assert len(asked(folder)) == SIZE + 23
    before = tree(folder / "site")
    put(folder, "q7", answer="Another beginning.")
    made(folder)
    after = tree(folder / "site")
    changed = {name for name in after if before.get(name) != after[name] and name.startswith("study")}
    number = file_of(name_of(address("q7")), 1)
    assert f"study/medicine/{number}.json" in changed
    assert len(changed) == 3


def test_a_file_is_told_by_the_name_alone():
    assert [bits_of(count) for count in (0, 1, SIZE, SIZE + 1, 2 * SIZE, 2 * SIZE + 1)] == [0, 0, 0, 1, 1, 2]
    assert (file_of("00000000ffff", 0), file_of("80000000ffff", 1), file_of("ffffffff0000", 3)) == (0, 1, 7)


def test_no_article_can_have_the_address_of_a_deck(folder):
    put(folder, "d", url="/study/medicine")
    assert made(folder).pages == 3
    assert "flashcards" in page(folder)


def test_own_files_in_the_place_of_cards_are_told(folder):
    (folder / "own/study/medicine").mkdir(parents=True)
    (folder / "own/study/medicine/0.json").write_text("{}")
    (folder / "responsa.toml").write_text(f'{ON}[build]\nstatic = "own"\n')
    with pytest.raises(ConfigError, match=r"study/medicine/0.json has a place of the flashcards"):
        made(folder)


def test_text_of_articles_never_becomes_markup(folder):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    put(folder, "b", question=evil, answer=f"Text {evil}", more="language: '\"><script>'\n")
    made(folder)
    for name in ("medicine", "medicine/print"):
        assert "<script>alert" not in page(folder, name)
        assert "onerror" not in page(folder, name).replace("onerror=alert(2)&gt;", "")
    card = next(card for card in cards(folder) if "script" in card[1])
    assert "<script" not in card[2]
    assert "onerror" not in card[2]


def test_structured_data_say_only_what_the_page_shows(folder):
    assert "ld+json" not in page_after(folder, ON).replace("BreadcrumbList", "")
    text = page_after(folder, f"{ON}quiz = true\n")
    data = json.loads(text.split('<script type="application/ld+json">')[1].split("</script>")[0])
    quiz = next(node for node in data["@graph"] if node["@type"] == "Quiz")
    assert [part["text"] for part in quiz["hasPart"]] == ["What is a?", "What is b?", "What is c?"]
    assert {part["eduQuestionType"] for part in quiz["hasPart"]} == {"Flashcard"}
    assert quiz["hasPart"][0]["acceptedAnswer"]["text"] == "The answer to a."
    assert "noindex" not in text


def page_after(folder, settings):
    (folder / "responsa.toml").write_text(settings)
    made(folder)
    return page(folder)


def test_the_policy_of_structured_data_holds_for_decks_too(folder):
    text = page_after(folder, f'{ON}quiz = true\n[policy]\nstructured_data = "none"\n')
    assert "ld+json" not in text


@pytest.mark.parametrize("text", ["new_cards = 0", "retention = 1.5", "retention = 0.1", 'cards = "yes"'])
def test_settings_that_cannot_be_meant_are_told(tmp_path, text):
    with pytest.raises(ConfigError, match=r"responsa.toml:2: `study"):
        parse(f"[study]\n{text}\n", tmp_path)

import pytest

from responsa.index.stems import Stems, packed, unquoted, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ohm's law, Ohm’s law", ["ohm", "law", "ohm", "law"]),
        ("don't re-use", ["dont", "re", "use"]),
        ("Ménière café", ["meniere", "cafe"]),
        ("snake_case 2018", ["snake", "case", "2018"]),
        ("肝臓癌とは", ["肝臓", "臓癌", "癌と", "とは"]),
        ("간암", ["간암"]),
        ("", []),
    ],
)
def test_words_are_folded(text, found):
    assert words(text) == found


def test_words_of_one_stem_meet():
    assert Stems("en").of("treats treated treating") == ["treat"] * 3


def test_a_query_keeps_its_telling_words_once():
    assert Stems("en").asked("What are kidneys, and why is a kidney big?") == {"kidney": "kidneys", "big": "big"}


def test_a_query_of_nothing_else_keeps_its_stopwords():
    assert [*Stems("en").asked("to be or not to be")] == ["to", "be", "or", "not"]


def test_other_languages_have_their_own_stems_and_no_english_stopwords():
    assert [*Stems("de-CH").asked("die Lebern der Kinder")] == ["die", "leb", "der", "kind"]
    assert [*Stems("xx").asked("the livers")] == ["the", "livers"]


@pytest.mark.parametrize("query", ['what "liver tumours" grow', "what “liver tumours” grow"])
def test_what_stands_in_quotes_is_a_phrase(query):
    assert Stems().phrases(query) == [["liver", "tumour"]]
    assert unquoted(query) == "what liver tumours grow"


def test_long_words_are_cut_to_what_is_kept():
    assert packed("x" * 50) == b"x" * 32

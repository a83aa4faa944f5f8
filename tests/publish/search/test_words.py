import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsa.publish.search.words import LONGEST, STOPWORDS, folded, stem, stems, words


@pytest.mark.parametrize(
    "forms",
    [
        "organisation organizations organize organizing",
        "study studies studied studying",
        "economy economic economics economical",
        "behaviour behavior behaviours",
        "analysis analyses analyze analyse",
        "require requires required requirement requirements",
        "stop stopped stopping stops",
        "theory theories",
        "centre center",
    ],
)
def test_forms_of_a_word_share_a_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["news newts", "general gene", "number numb"])
def test_other_words_keep_other_stems(pair):
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_accents_case_and_punctuation_do_not_count():
    assert words("Café—CAFE\u0301, it\u2019s naïve_ﬁne") == ["cafe", "cafe", "it", "s", "naive", "fine"]


def test_scripts_without_spaces_give_pairs():
    assert words("細胞分裂 a細") == ["細胞", "胞分", "分裂", "a", "細"]


def test_stop_words_are_no_stems():
    assert stems("What is the role of the cell's cell?") == {"rol": 1, "cell": 2}


def test_the_index_of_the_command_leaves_out_the_same_words():
    theirs = pytest.importorskip("responsa.index.stems", reason="needs the extra `search`").STOPWORDS
    assert {*STOPWORDS.split()} == {*theirs, "s", "t"}


@given(st.text())
def test_any_text_gives_words_without_blanks(text):
    assert all(word and not word.isspace() and len(stem(word)) <= LONGEST for word in words(text))
    assert folded(text) == folded(text.upper().lower()) or not text.isascii()

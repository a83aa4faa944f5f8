import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsa.describe.clause import shortened
from responsa.describe.description import description, kept

TEXTS = st.text(alphabet=st.sampled_from('Ab c.,;:!?\n*#[]()$\\`_-|"’1 which is such as'), max_size=600)


@given(TEXTS, TEXTS)
def test_a_description_is_never_longer_than_160_and_holds_no_marks(question, answer):
    found = description(question, answer)
    assert len(found) <= 160
    assert not set(found) & set("*`$\\|#\n")


@given(TEXTS)
def test_it_is_empty_or_ends_as_a_sentence(answer):
    found = description("What is HCC?", answer)
    assert found.rstrip("\"”’')")[-1] in ".!?"


def test_the_sentence_on_what_is_asked_stands_first_and_the_next_follows_where_it_fits():
    answer = "Here is an overview.\n\n**HCC** is a cancer of liver cells in adults. It arises in cirrhosis."
    assert description("What is HCC?", answer) == "HCC is a cancer of liver cells in adults. It arises in cirrhosis."


def test_sentences_that_lean_on_others_do_not_open_it():
    answer = "However, this differs from the liver in HCC.\n\nLiver cancer is found by ultrasound in people at risk."
    assert description("What is HCC of the liver?", answer).startswith("Liver cancer is found")


def test_short_formulas_become_signs_and_sentences_with_others_are_left_out():
    answer = r"The area is $\frac{a}{b}$ of the whole circle here. The parent function is $f(x) = x^2$ in this family."
    assert description("What is the parent function?", answer) == "The parent function is f(x) = x² in this family."


def test_a_long_sentence_is_cut_where_it_ends_well():
    start = "Cirrhosis is the main cause of hepatocellular carcinoma in Europe and in North America"
    text = f"{start}, which means that people with it are offered an ultrasound of the liver every half year."
    assert shortened(text) == f"{start}."


NO_VERB_BEFORE_THE_JOINT = (
    "Sorafenib, lenvatinib, atezolizumab, bevacizumab and durvalumab in their approved doses and combinations, "
    "which all differ in what they do, are given to people with advanced disease and a liver that works."
)
CAVEAT_BEHIND_IT = (
    "Resection is the treatment of choice for people with early disease and a liver in good order, particularly "
    "for those with one tumour, but not in people who have portal hypertension of any degree whatsoever."
)
ONLY_THE_CLAUSE_BEFORE_THE_MAIN_ONE = (
    "While resection is the treatment that most people with an early tumour and a healthy liver would have, which "
    "is a matter of course in most centres of the world, transplantation is better in cirrhosis of the liver."
)


@pytest.mark.parametrize("text", [NO_VERB_BEFORE_THE_JOINT, CAVEAT_BEHIND_IT, ONLY_THE_CLAUSE_BEFORE_THE_MAIN_ONE])
def test_what_would_be_no_sentence_or_lose_its_caveat_is_not_cut(text):
    assert len(text) > 160
    assert shortened(text) == ""


def test_the_question_stands_for_an_answer_without_sentences():
    assert (
        description("What is the formula of water?", "| a | b |\n|---|---|\n| 1 | 2 |")
        == "What is the formula of water?"
    )


def test_a_formula_in_plain_signs_is_kept_where_the_question_stands_for_the_answer():
    question = "Can you explain the expansion of (x + y)^3 using the binomial theorem?"
    assert description(question, r"$$(x + y)^3 = x^3 + y^3$$") == question


def test_an_answer_that_says_nothing_below_a_question_too_long_has_none():
    assert description("What " + "is it " * 40 + "?", "```\ncode\n```") == ""


def test_whole_sentences_of_a_stored_description_stay():
    first = "How cirrhosis leads to cancer of the liver, and what is done."
    assert kept(f"{first} {'More and more words of no use. ' * 5}").startswith(first)
    assert kept("One sentence that never ends " * 20) == ""

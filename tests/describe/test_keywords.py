from hypothesis import given
from hypothesis import strategies as st

from responsa.describe.keywords import MOST, keywords


def test_terms_that_question_and_answer_share_come_first_as_they_are_spelled():
    found = keywords(
        "How is hepatocellular carcinoma staged?",
        "The **BCLC** system stages hepatocellular carcinoma. BCLC looks at liver function and the tumour.",
    )
    assert found[0] == "hepatocellular carcinoma"
    assert "BCLC" in found


def test_a_term_within_another_is_not_said_twice():
    found = keywords("What is liver cancer?", "Liver cancer. Liver cancer. Liver cancer. Cancer of the liver.")
    assert found == ("liver cancer",)


def test_code_and_formulas_give_none():
    assert keywords("What?", "```python\nimport numpy\n```\n\n$\\frac{a}{b}$") == ()


@given(st.text(max_size=200), st.text(max_size=400))
def test_there_are_never_more_than_ten_nor_one_twice(question, answer):
    found = keywords(question, answer)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    assert not any("," in term for term in found)

from pathlib import PurePosixPath

import pytest

from responsa.article import Article, Url
from responsa.library.refusal import is_refusal, is_soft_refusal


def article(answer):
    return Article(Url("/a"), PurePosixPath("a.md"), "Why?", answer, "Medicine")


@pytest.mark.parametrize(
    "answer",
    ["I cannot answer this from what I have.", "I\u2019m sorry, but I can\u2019t help with that.",
     "**I am unable to answer** without the text.", "Unfortunately, I could not answer it.",
     "This question cannot be answered here.", "As an AI language model, I have no views."],
)  # fmt: skip
def test_declining_at_once_is_a_refusal(answer):
    assert is_refusal(article(answer))
    assert not is_soft_refusal(article(answer))


@pytest.mark.parametrize(
    "answer",
    ["The provided text does not name a dose.", "There is no specific information available on the trial.",
     "The available sources on this do not mention it."],
)  # fmt: skip
def test_saying_what_the_sources_lack_is_a_soft_refusal(answer):
    assert is_soft_refusal(article(answer))
    assert not is_refusal(article(answer))


@pytest.mark.parametrize(
    "answer",
    ["The liver cannot answer the demand.", "Patients say: I cannot help myself; this is compulsion.",
     "A court may hold that a witness cannot answer.", "", "Sorry is a game of 1929."],
)  # fmt: skip
def test_an_answer_about_inability_is_none(answer):
    assert not is_refusal(article(answer))
    assert not is_soft_refusal(article(answer))

import datetime
from pathlib import PurePosixPath

import pytest

from responsa.article import Article, Provenance, Review
from responsa.publish.html import render
from responsa.publish.views import SiteView, clean, direction, plain_text, question_view
from responsa.records.fingerprint import fingerprint


def article(**fields):
    given = {"url": "/learn/a/b", "path": PurePosixPath("a.md"), "question": "What?", "answer": "Now.", "subject": "A"}
    return Article(**{**given, **fields})


@pytest.mark.parametrize("provenance", [Provenance.MACHINE, Provenance.MACHINE_REVIEWED])
def test_a_void_review_is_never_disclosed_as_one(provenance):
    stamp = Review("Dr A", datetime.date(2025, 1, 2), fingerprint("Before."))
    view = question_view(article(provenance=provenance, reviewed=stamp), "", SiteView())
    assert view.disclosure == "Machine-written, changed since a person reviewed it."
    assert view.reviewed_by == ""


def test_a_living_review_is_disclosed():
    stamp = Review("Dr A", datetime.date(2025, 1, 2), fingerprint("Now."))
    view = question_view(article(provenance=Provenance.MACHINE, reviewed=stamp), "", SiteView())
    assert view.disclosure == "Machine-written, reviewed by a person."


def test_structured_data_hold_words_and_no_markup():
    body = render("# Head\n\n**Bold** & [link](/a) `x < y`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$\\alpha$").body
    assert plain_text(body) == "Head Bold & link x < y a b 1 2 \\alpha"


def test_a_page_without_a_description_says_its_first_words():
    view = question_view(article(), render("# Head\n\n**Bold** & more.\n\nRest.").body, SiteView())
    assert view.description == "Bold & more."


def test_a_clean_text_is_one_line_without_control_letters():
    for text in (" a", "a ", "a  b", "a\nb", "a\u00a0b", "a\x00b", "a\u2028b", "\ud800", ""):
        assert clean(text) == " ".join(text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").split())


def test_the_direction_follows_the_language():
    assert [direction(language) for language in ("ar-EG", "he", "en", "")] == ["rtl", "rtl", "ltr", "ltr"]

"""The back of a card: the beginning of an answer, cut where a sentence ends, and whole as markup."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsa.publish.html import render
from responsa.publish.study.short import ITEMS, MOST, short

URL = "/learn/a"
SENTENCE = "The liver filters the blood that comes from the gut and stores sugar. "


def of(markdown):
    return short(render(markdown).body, URL)


def test_the_first_paragraph_is_the_answer():
    assert of(f"{SENTENCE * 2}\n\nAnother paragraph.") == f"<p>{(SENTENCE * 2).strip()}</p>"


def test_headings_before_it_are_left_out_and_one_after_it_ends_it():
    assert of("## Overview\n\nShort.\n\n## More\n\nNot this.") == "<p>Short.</p>"


def test_a_beginning_that_says_little_is_followed_by_what_comes_next():
    assert of(f"Yes.\n\n{SENTENCE * 2}\n\n{SENTENCE}") == f"<p>Yes.</p><p>{(SENTENCE * 2).strip()}</p>"


def test_a_paragraph_that_leads_up_to_a_list_has_it():
    text = f"{SENTENCE}There are these stages, of which each has its treatment:\n\n- early\n- late\n\nNot this."
    assert of(text).count("<li>") == 2
    assert "Not this" not in of(text)


def test_of_a_long_list_the_first_points_are_told():
    text = of("Stages:\n\n" + "\n".join(f"- stage {number}" for number in range(20)))
    assert text.count("<li>") == ITEMS + 1
    assert "<li>\N{HORIZONTAL ELLIPSIS}</li>" in text


def test_of_long_points_their_names_are_told():
    points = "\n".join(f"{number}. **Stage {number}**: {SENTENCE * 4}" for number in range(1, 5))
    assert of(f"The stages are:\n\n{points}").count("<strong>Stage") == 4
    assert "filters" not in of(f"The stages are:\n\n{points}")


def test_a_paragraph_that_leads_up_to_sections_has_their_headings():
    text = of(
        "The stages are as follows:\n\n## Early\n\nOne.\n\n### Within\n\n## Late\n\nTwo.\n\n## Conclusion\n\nThree."
    )
    assert text == "<p>The stages are as follows:</p><ul><li>Early</li><li>Late</li></ul>"


def test_a_long_paragraph_is_cut_after_a_whole_sentence():
    text = of(SENTENCE * 30)
    assert text.endswith("stores sugar. \N{HORIZONTAL ELLIPSIS}</p>")
    assert len(text) <= MOST + 20


def test_no_sentence_is_cut_inside_emphasis_and_what_is_open_is_closed():
    text = of("**" + "words without any end " * 60 + "here**")
    assert text.endswith("\N{HORIZONTAL ELLIPSIS}</strong></p>")


def test_a_formula_is_never_cut():
    text = of(f"{SENTENCE * 7}It is $\\frac{{a}}{{b}}$ of all and more. {SENTENCE * 9}")
    assert text.count("<math") == text.count("</math>")


def test_notes_and_ids_stay_behind_and_links_into_the_page_lead_to_it():
    text = short(
        '<p id="x">See <a href="#section-a">there</a><sup class="footnote-reference"><a href="#n">1</a></sup>.</p>',
        URL,
    )
    assert text == '<p>See <a href="/learn/a#section-a">there</a>.</p>'


@pytest.mark.parametrize("body", ["", "\n", "<h2>Only a heading</h2>", "<hr>"])
def test_an_answer_without_text_has_no_short_one(body):
    assert short(body, URL) == ""


pieces = st.sampled_from(
    ["word ", "End. ", "**bold** ", "*em* ", "`code` ", "$x^2$ ", "\n\n", "\n- item ", "\n## Head\n\n", "[link](/a) ",
     "<b>raw", "\n> quote ", "|a|b|\n|-|-|\n|c|d|\n", "$$\\int x$$ ", "x" * 200 + " ",
     "<details><summary>S</summary>\n\n"]
)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("".join))
def test_whatever_is_cut_is_whole_markup(markdown):
    text = of(markdown)
    parser = html5lib.HTMLParser(strict=False)
    parser.parseFragment(text)
    wrong = {name for _, name, _ in parser.errors if "end-tag" in name or "eof" in name or "closing" in name}
    assert wrong == set(), text
    assert " id=" not in text

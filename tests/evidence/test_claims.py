import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsa.evidence.claims import Kind, claims
from responsa.evidence.sentences import sentences


def kinds(answer):
    return [(claim.kind.value, answer[claim.start : claim.end]) for claim in claims(answer)]


def test_a_sentence_is_a_claim_with_its_exact_place():
    answer = "Liver cancer *often* arises in cirrhosis. It is common.\n\nA second paragraph stands here."
    assert [(c.start, c.end) for c in claims(answer)] == [(0, 41), (42, 55), (57, 88)]
    assert next(iter(claims(answer))).text == "Liver cancer often arises in cirrhosis."


def test_headings_questions_leads_and_transitions_are_no_claims():
    answer = (
        "# Treatment\n\nHere are the main points.\n\nWhat helps?\n\nThe drugs are:\n\n"
        "- sorafenib tosylate\n- lenvatinib\n\nPlease consult a doctor."
    )
    assert [kind for kind, _ in kinds(answer)] == [
        "heading", "transition", "question", "lead", "item", "item", "advice",
    ]  # fmt: skip


def test_an_item_hangs_on_its_lead():
    item = list(claims("## Drugs\n\nSide effects include:\n\n- fever\n- a rash of the skin"))[-1]
    assert (item.text, item.lead, item.kind) == ("a rash of the skin", "Drugs: Side effects include", Kind.ITEM)


def test_a_nested_item_hangs_on_the_item_above_it():
    answer = (
        "1. **Surgery**:\n   - Resection removes the tumour.\n   - Ablation heats it.\n2. Drugs help many patients."
    )
    found = list(claims(answer))
    assert found[1].lead == "Surgery"
    assert [c.kind for c in found] == [Kind.HEADING, Kind.STATEMENT, Kind.STATEMENT, Kind.STATEMENT]


def test_a_bold_label_is_a_heading_and_a_bold_subject_is_not():
    answer = "**Surgery.** Early tumours are resected.\n\n**Transplantation** is established for early tumours."
    assert kinds(answer) == [
        ("heading", "**Surgery.**"),
        ("statement", "Early tumours are resected."),
        ("statement", "**Transplantation** is established for early tumours."),
    ]


def test_a_table_row_speaks_with_its_heads():
    answer = "| Stage | Median survival |\n|---|---|\n| A | more than 5 years |\n| B | 2.5 years |"
    found = list(claims(answer))
    assert [c.text for c in found] == [
        "Stage: A; Median survival: more than 5 years", "Stage: B; Median survival: 2.5 years",
    ]  # fmt: skip
    assert answer[found[0].start : found[0].end].startswith("| A")


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Smith et al. found that e.g. 3.5 mg vs. 4 mg of the drug is enough.",
        "The U.S. rate was 1.5 per 1,000 people (cf. Fig. 2) in all years.",
        "It holds that $a. B$ and `x. Y` are both one thing.",
        "J. R. Smith wrote the first account of it.",
    ],
)
def test_abbreviations_formulas_and_code_end_no_sentence(sentence):
    assert [text for _, text in kinds(f"{sentence} The next one follows here.")] == [
        sentence, "The next one follows here.",
    ]  # fmt: skip


def test_a_citation_belongs_to_the_sentence_it_follows():
    found = list(claims("Survival is 37%.[3] It was lower before [1, 2]. Most relapse (Fong 1999; EASL 2018)."))
    assert [(c.text, c.citations) for c in found] == [
        ("Survival is 37%.", ("3",)),
        ("It was lower before .", ("1", "2")),
        ("Most relapse.", ("Fong 1999", "EASL 2018")),
    ]


def test_code_is_kept_whole_and_is_no_claim():
    answer = "Run this:\n\n```\na. B. C\n```\n\nIt prints the three letters."
    assert kinds(answer) == [
        ("lead", "Run this:"), ("code", "a. B. C\n"), ("statement", "It prints the three letters."),
    ]  # fmt: skip


def test_places_hold_after_letters_of_several_bytes():
    answer = "Größe ändert sich – é. Ωmega is the last letter 🙂 of it."
    assert [text for _, text in kinds(answer)] == ["Größe ändert sich – é.", "Ωmega is the last letter 🙂 of it."]


def test_a_formula_keeps_its_backslashes_and_stars():
    found = list(claims(r"The energy is \(E = m * c^2 * x\) by definition. Here $a_1 * b_1$ is small and positive."))
    assert r"\(E = m * c^2 * x\)" in found[0].text
    assert "$a_1 * b_1$" in found[1].text


@given(st.text(alphabet="ab. *_`$|#>-\n[](){}\\é1:?!<&", max_size=200))
def test_any_text_gives_claims_in_order_inside_the_text(answer):
    at = 0
    for claim in claims(answer):
        assert at <= claim.start < claim.end <= len(answer)
        at = claim.end


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "*a " * 30_000, "> " * 20_000, "`" * 50_000, "(A 1999" * 9_000, "<" * 50_000]
)
def test_hostile_text_takes_no_time(text):
    assert len(list(claims(text))) < 100_000


def test_an_empty_head_keeps_its_column():
    row = next(iter(claims("| | HCC | Metastases |\n|---|---|---|\n| Liver | cirrhotic | healthy |")))
    assert row.text == "Liver; HCC: cirrhotic; Metastases: healthy"


def test_a_letter_at_the_end_of_a_sentence_is_no_initial():
    found = list(claims("They fall into specific clusters, such as Cluster C. This makes them hard to tell apart."))
    assert len(found) == 2


@pytest.mark.parametrize("text", ["." * 200_000, ". " * 200_000, "." + "¹" * 60 + "x", ":" + " " * 200_000 + "x"])
def test_text_made_to_be_slow_is_cut_at_once(text):
    """Each would take minutes, or for ever, where a run of marks is tried again at every one of them."""
    assert all(start < end for start, end in sentences(text))


def test_a_run_of_backticks_that_closes_nothing_is_read_at_once():
    assert not any(claim.checkable for claim in claims("`" * 100_000))

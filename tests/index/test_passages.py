from responsa.index.passages import best_passages, passages

ANSWER = """## Treatment

Surgery comes **first**. It is [safe](https://example.org).

- Sorafenib slows the tumour.
- A transplant may cure.

| Drug | Dose |
|---|---|
| sorafenib | 400 mg |

---
"""


def test_passages_are_plain_sentences_entries_and_rows_without_heads():
    assert passages(ANSWER) == [
        "Treatment", "Surgery comes first. It is safe.", "Sorafenib slows the tumour.", "A transplant may cure.",
        "sorafenib | 400 mg |",
    ]  # fmt: skip


def test_a_long_paragraph_is_cut_between_sentences():
    found = passages("One sentence of some length stands here. " * 30)
    assert len(found) > 1
    assert all(passage.endswith("here.") and len(passage) <= 320 for passage in found)


def test_the_passage_with_the_words_is_chosen(livers, made):
    index = made(livers)
    assert best_passages(index, "does a transplant cure", [ANSWER, ""]) == ["A transplant may cure.", ""]


def test_no_answers_give_no_passages(livers, made):
    assert best_passages(made(livers), "liver", []) == []

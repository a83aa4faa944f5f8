import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_folder import address, put
from responsa.errors import ResponsaError
from responsa.index import refresh as refreshing
from responsa.index.index import DIGITS, TIES, _best


def titles(hits):
    return [hit.title for hit in hits]


def test_the_article_that_answers_comes_first(livers, made):
    hit, *others = made(livers).search("kidney failure")
    assert (hit.url, hit.subject, hit.words) == (address("b"), "Medicine", True)
    assert hit.document.title == "How is kidney failure treated?"
    assert all(hit.score > other.score for other in others)


def test_as_many_as_wanted_come(livers, made):
    index = made(livers)
    assert [len(index.search("liver", k)) for k in (0, 1, 2, 50)] == [0, 1, 2, 3]


def test_a_subject_shuts_out_others(livers, made):
    put(livers, "d", question="What is a liver?", subject="Cooking")
    index = made(livers)
    assert titles(index.search("liver", subject="cooking")) == ["What is a liver?"]
    assert index.search("liver", subject="chemistry") == []


def test_an_empty_library_and_an_empty_query_find_nothing(tmp_path, livers, made):
    (tmp_path / "empty").mkdir()
    assert made(tmp_path / "empty").search("liver") == []
    assert made(livers).search("  ") == []


def test_quotes_that_nobody_holds_count_as_words(livers, made):
    index = made(livers)
    assert titles(index.answer('"bile ducts"').hits) == ["Which tumours grow in the liver?"]
    answered = index.answer('"ducts bile"')
    assert (answered.found, len(answered.hits)) == (False, 3)


def test_held_and_unlisted_articles_are_known_but_not_found(livers, made):
    put(livers, "d", question="What is liver?", more="no_index: true\n")
    put(livers, "e", question="Why liver?", answer="I cannot answer this question based on the available information.")
    index = made(livers)
    assert len(index.search("liver", 50)) == 3
    assert (index.documents.count(), index.documents.count(listed=True)) == (5, 3)
    assert index.documents.of_url(address("e")).held == "refusal"


def test_ties_are_put_in_order_of_address(tmp_path, made):
    for name in "dbca":
        put(tmp_path, name, question="What is liver?", answer="An organ.")
    assert [hit.url for hit in made(tmp_path).search("liver", 3)] == [address(name) for name in "abc"]


def test_an_address_is_found_once(tmp_path, made):
    put(tmp_path, "a", question="What is liver?")
    put(tmp_path, "b", question="What is a liver?", url=address("a"))
    assert len(made(tmp_path).search("liver")) == 1


def test_other_wordings_are_found(livers, made):
    put(livers, "d", question="What is hepatology?", more="also_asked:\n  - Science of the gizzard?\n")
    assert [hit.title for hit in made(livers).search("gizzard") if hit.words] == ["What is hepatology?"]


def test_deep_reads_answers_and_reading_the_first_is_like_it(livers, made, letters):
    shallow = made(livers, letters)
    assert not shallow.deep
    read = shallow.search("dialysis or bile ducts", read=3)
    deep = made(livers, letters, deep=True)
    assert deep.deep
    assert [(hit.url, hit.score) for hit in deep.search("dialysis or bile ducts")] == [
        (hit.url, hit.score) for hit in read
    ]


def test_an_answer_is_read_once(livers, made, letters):
    index = made(livers, letters)
    index.search("liver", read=3)
    asked = letters.asked
    index.search("liver", read=3)
    made(livers, letters, deep=True)
    assert letters.asked == asked + 1


def test_articles_that_were_not_read_stay_below(livers, made):
    hits = made(livers).search("liver tumour", 3, read=1)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_an_article_changed_since_is_ranked_by_its_question(livers, made):
    index = made(livers)
    put(livers, "a", question="Quite another?", answer="Other.")
    assert address("a") in {hit.url for hit in index.search("liver cancer", read=3)}


def test_an_open_index_stays_as_it_was(livers, made):
    index = made(livers)
    put(livers, "a", question="Quite another?", answer="Other.")
    made(livers)
    shutil.rmtree(livers / ".responsa")
    assert titles(index.search("cancer"))[0] == "What is liver cancer?"


def test_the_vectors_of_questions_are_told_by_key(livers, made, letters):
    index = made(livers, letters)
    documents = list(index.documents.all())
    found = index.questions.of([document.question for document in documents])
    expected = letters.encode([document.title for document in documents])
    assert np.abs(found - expected).max() < 0.001


def test_vectors_lost_with_their_file_are_made_again(livers, made, letters):
    index = made(livers, letters)
    [path] = (livers / ".responsa/index").glob("questions-*.rows")
    path.write_bytes(b"garbage" * 99)
    assert len(made(livers, letters).questions) == 3
    assert len(index.search("liver", read=3)) == 3


def test_scores_are_rounded(livers, made):
    assert all(hit.score == round(hit.score, DIGITS) for hit in made(livers).search("liver"))


def test_a_link_or_file_in_the_place_of_the_index_is_refused(livers, made):
    (livers / ".responsa").mkdir()
    (livers / ".responsa/index").write_text("")
    with pytest.raises(ResponsaError, match="index: cannot be made"):
        made(livers)
    (livers / ".responsa/index").unlink()
    (livers / ".responsa/index").symlink_to(livers)
    with pytest.raises(ResponsaError, match="is a link"):
        made(livers)


def test_a_library_that_cannot_be_written_is_a_plain_error(livers, made):
    (livers / ".responsa").write_text("")
    with pytest.raises(ResponsaError, match=r"\.responsa: cannot be made"):
        made(livers)


def test_progress_is_told(livers, made):
    told = []
    made(livers, deep=True, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (3, 3), (0, 3)]


def test_many_segments_answer_as_one(livers, made, monkeypatch):
    whole = [(hit.url, hit.score) for hit in made(livers).search("liver tumour")]
    shutil.rmtree(livers / ".responsa")
    monkeypatch.setattr(refreshing, "LARGE", 1)
    index = made(livers)
    assert len(list((livers / ".responsa/index").glob("words-*"))) > 1
    assert [(hit.url, hit.score) for hit in index.search("liver tumour")] == whole


@given(
    st.lists(st.sampled_from([0.0, 0.1, 0.100004, 0.100006, 0.5, 0.9]), min_size=1, max_size=900),
    st.integers(1, 12),
    st.integers(1, 3),
)
def test_the_best_rows_are_those_that_putting_all_in_order_gives(scores, wanted, step):
    found, rows = np.array(scores, np.float32), np.arange(0, len(scores), step)
    rounded = np.round(found[rows], DIGITS)
    least = np.sort(rounded)[-min(wanted, len(rows))]
    above, level = rows[rounded > least], rows[rounded == least][:TIES]
    assert sorted(_best(found, rows, wanted)) == sorted([*above, *level] if wanted < len(rows) else rows)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responsa.index.segment import ASKED, GAP, Gatherer, merged, whole
from responsa.index.stems import Stems

TEXTS = st.lists(st.sampled_from(["liver", "kidney", "heart", "lung", "the", "of"]), max_size=6).map(" ".join)
ARTICLES = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6)


def segment_of(articles, first=1):
    gatherer = Gatherer(Stems())
    for number, (asked, answer) in enumerate(articles, first):
        gatherer.put(number, asked, answer)
    return gatherer.segment()


def told(segment):
    """(word, article): count, whatever the order of words in the segment."""
    return {
        (word, int(segment.numbers[doc])): int(count)
        for term, word in enumerate(segment.terms.tolist())
        for doc, count in zip(*segment.places(term), strict=True)
    }


def test_a_word_of_the_question_counts_more():
    segment = segment_of([("liver", "liver kidney kidney")])
    assert told(segment) == {(b"liver", 1): ASKED + 1, (b"kidney", 1): 2}
    assert segment.lengths.tolist() == [ASKED + 3]
    assert [segment.terms[at] if at != GAP else GAP for at in segment.tokens] == [
        b"liver", GAP, b"liver", b"kidney", b"kidney",
    ]  # fmt: skip


def test_an_article_without_words_is_there_all_the_same():
    assert segment_of([("", ""), ("?", "!")]).lengths.tolist() == [0, 0]


@settings(deadline=None)
@given(ARTICLES, st.data())
def test_merging_the_living_is_gathering_them(articles, data):
    cut = data.draw(st.integers(1, len(articles)))
    alive = data.draw(st.lists(st.booleans(), min_size=len(articles), max_size=len(articles)))
    parts = [(segment_of(articles[:cut]), np.array(alive[:cut]))]
    if articles[cut:]:
        parts.append((segment_of(articles[cut:], cut + 1), np.array(alive[cut:])))
    found = merged(parts)
    expected = told(segment_of(articles))
    assert told(found) == {key: count for key, count in expected.items() if alive[key[1] - 1]}
    assert found.numbers.tolist() == [at + 1 for at, lives in enumerate(alive) if lives]


def test_parts_that_do_not_fit_are_refused():
    arrays = segment_of([("liver", "kidney")]).arrays()
    with pytest.raises(ValueError, match="fit together"):
        whole(arrays | {"lengths": np.zeros(3, np.int32)})
    del arrays["docs"]
    with pytest.raises(ValueError, match="lacks"):
        whole(arrays)

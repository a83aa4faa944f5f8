from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from responsa.index.passages import _likely, likely_passages, passages
from responsa.index.stems import Stems
from responsa.serve.asking import Passage, marks
from responsa.serve.rate import Rates, household
from responsa.serve.reader.views import pieces

STEMS = Stems("en")
INDEX = SimpleNamespace(words=SimpleNamespace(stems=STEMS, idf=lambda stem: float(len(stem))))
WORDS = st.sampled_from(
    ["liver", "livers", "happy", "kidneys", "running", "runs", "café", "and", "**bold**", "x|y", "."]
)
LINES = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=6).map("\n".join)


@given(LINES, st.lists(WORDS, min_size=1, max_size=4).map(" ".join))
def test_the_passage_by_words_is_what_reading_every_line_would_give(answer, query):
    asked = {stem: INDEX.words.idf(stem) for stem in STEMS.asked(query)}
    read = _likely(passages(answer), asked, STEMS)
    [found] = likely_passages(INDEX, query, [answer])
    assert bool(found) == bool(read)
    if read:
        shares = dict(read)
        assert shares[found] == max(shares.values())


@given(LINES, LINES)
def test_pieces_of_a_passage_are_the_passage(text, query):
    cut = list(pieces(Passage(text, marks(INDEX, query, text))))
    assert "".join(piece.text for piece in cut) == text


def test_a_client_gets_what_it_saved_up_and_no_more():
    now = [0.0]
    rates = Rates(2.0, lambda: now[0])
    assert [rates.wait("a") for _ in range(6)] == [0.0] * 6
    assert rates.wait("a") == 0.5
    assert rates.wait("b") == 0.0
    now[0] += 0.5
    assert rates.wait("a") == 0.0
    assert rates.wait("a") == 0.5


def test_a_household_is_one_client():
    assert household("2001:db8::1") == household("2001:db8::ffff")
    assert household("2001:db8:1::1") != household("2001:db8:2::1")
    assert household("::ffff:1.2.3.4") == household("1.2.3.4")

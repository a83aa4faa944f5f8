"""The seed article against the example's sources: what it got wrong stands at the head of the editor's queue."""

from pathlib import Path, PurePosixPath

import pytest

from responsa.evidence.check import check
from responsa.evidence.embedded import Embedded
from responsa.evidence.report import harm
from responsa.evidence.retrieval import Nearest
from responsa.evidence.shelf import read_shelf
from responsa.evidence.verdict import Verdict
from responsa.library.library import read
from responsa.records.fields import article_of
from responsa.records.record import parse

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "liver-cancer"
SEED = ROOT.parent / "shared" / "examples" / "seed-article.md"
WRONG = {
    "surgical intervention is generally not an option": "esmo-crc-2023",
    "Chemotherapy, such as chemoembolization": "tace-2002",
    "the combination of atezolizumab and bevacizumab": "imbrave150-2020",
}


@pytest.fixture
def nearest():
    return Nearest(read_shelf(EXAMPLE / "sources").passages())


@pytest.mark.skipif(not SEED.is_file(), reason="the seed article is not part of the project")
def test_wrong_sentences_stand_before_the_others_with_the_passage_that_corrects_them(nearest):
    article = article_of(parse(SEED.read_bytes()), PurePosixPath("content/learn/medicine/seed.md"))
    queue = sorted(check(article, nearest, Embedded(nearest.names)).checked, key=harm)
    for words, source in WRONG.items():
        place = next(at for at, entry in enumerate(queue) if words in entry.claim.text)
        finding = queue[place].finding
        assert finding.tension
        assert finding.passage.partition("#")[0] == source
        assert place < 5


def test_no_sentence_of_the_example_is_said_to_differ(nearest):
    for article in read(EXAMPLE).articles():
        report = check(article, nearest, Embedded(nearest.names))
        assert [entry.claim.text for entry in report.checked if entry.finding.verdict is Verdict.DIFFERS] == []
        assert report.score is not None


AT_THE_HEAD = (*WRONG, "rather than achieving a cure")
CORRECTION = {
    "surgical intervention is generally not an option": "surgical resection with curative intent is the treatment of choice",  # noqa: E501
    "Chemotherapy, such as chemoembolization": "a locoregional treatment, not systemic therapy",
    "the combination of atezolizumab and bevacizumab": "people with liver metastases of other cancers were not studied",
}


@pytest.fixture
def seed():
    if not SEED.is_file():
        pytest.skip("the seed article is not part of the project")
    return article_of(parse(SEED.read_bytes()), PurePosixPath("content/learn/medicine/seed.md"))


@pytest.mark.parametrize("words", WRONG)
def test_the_correcting_passage_is_among_the_first_three_and_is_the_one_shown(nearest, seed, words):
    texts = {passage.id: passage.text for passage in nearest.passages}
    (finding,) = (e.finding for e in check(seed, nearest, Embedded(nearest.names)).checked if words in e.claim.text)
    assert any(CORRECTION[words] in texts[name] for name in finding.nearest[:3])
    assert CORRECTION[words] in texts[finding.passage]


def test_the_wrong_sentences_and_no_others_stand_at_the_head_of_the_queue(nearest, seed):
    queue = sorted(check(seed, nearest, Embedded(nearest.names)).checked, key=harm)
    head, rest = queue[: len(AT_THE_HEAD)], queue[len(AT_THE_HEAD) :]
    assert {words for words in AT_THE_HEAD if any(words in entry.claim.text for entry in head)} == set(AT_THE_HEAD)
    assert all(entry.finding.tension for entry in head)
    assert [entry.claim.text for entry in rest if entry.finding.tension] == []


def test_nothing_of_the_seed_is_said_to_differ_or_to_be_quoted(nearest, seed):
    verdicts = [entry.finding.verdict for entry in check(seed, nearest, Embedded(nearest.names)).checked]
    assert len(verdicts) == 12
    assert set(verdicts) <= {Verdict.RELATED, Verdict.NONE, Verdict.WORDING}


def test_beside_the_articles_of_the_example_the_seed_stands_at_the_head_of_the_queue(nearest, seed):
    reports = [check(a, nearest, Embedded(nearest.names)) for a in (*read(EXAMPLE).articles(), seed)]
    queue = sorted((entry for report in reports for entry in report.checked), key=harm)
    for entry, words in zip(sorted(queue[:4], key=lambda e: e.claim.start), _in_order(seed.answer), strict=True):
        assert words in entry.claim.text


def _in_order(answer):
    return sorted(AT_THE_HEAD, key=answer.index)

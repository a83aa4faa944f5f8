"""The seed article against the example's sources: what it got wrong stands at the head of the editor's queue."""

from pathlib import Path, PurePosixPath

import pytest

from responsa.evidence.check import check, harm
from responsa.evidence.embedded import Embedded
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

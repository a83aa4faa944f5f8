from pathlib import Path

import numpy as np
import pytest

from responsa.cli import verify
from responsa.errors import MissingExtraError
from responsa.evidence.hybrid import Hybrid, vectors_of
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.postings import Postings, build
from responsa.evidence.retrieval import Nearest
from responsa.evidence.stock import stocked
from responsa.index.onnx import Onnx
from responsa.library.library import read

TEXTS = ["The operation removes the tumour.", "Trains run on rails of steel.", "A dose of iron is taken each day."]


class Meant:
    """Two directions: what is about trains, and the rest."""

    name, dims = "meant-1", 2

    def __init__(self):
        self.encoded = []

    def encode(self, texts):
        self.encoded += texts
        return np.array(
            [[1.0, 0.0] if "rail" in t or "locomotive" in t.lower() else [0.0, 1.0] for t in texts], np.float32
        )


def silent(*_):
    pass


def shelf(texts=TEXTS):
    return [p for number, text in enumerate(texts) for p in passages(f"s{number}", [Paragraph(text)])]


def hybrid(encoder, folder):
    return Hybrid(Postings(build(shelf())), encoder, vectors_of(TEXTS, encoder, folder, silent))


def test_a_paraphrase_that_shares_no_word_is_found_by_its_meaning(tmp_path):
    claim = "Locomotives need a metal track"
    assert Nearest(shelf()).search(claim) == []
    found = hybrid(Meant(), tmp_path).search(claim, k=1)
    assert found[0].passage.text == TEXTS[1]
    assert found[0].cover == 0.0


def test_the_embedded_encoder_brings_a_paraphrase_to_the_top(tmp_path):
    found = hybrid(Onnx(threads=1), tmp_path).search("Locomotives travel along metal tracks", k=1)
    assert found[0].passage.text == TEXTS[1]


def test_a_passage_is_encoded_once(tmp_path):
    encoder = Meant()
    first = vectors_of(TEXTS, encoder, tmp_path, silent)
    again = vectors_of([*TEXTS, "A new one."], encoder, tmp_path, silent)
    assert encoder.encoded == [*TEXTS, "A new one."]
    assert np.array_equal(again[:3], first)


def test_without_the_extra_words_find_the_passages_and_it_is_said(tmp_path, monkeypatch, capsys):
    def missing():
        raise MissingExtraError("numpy", "search")

    monkeypatch.setattr(verify, "required", missing)
    (tmp_path / "sources").mkdir()
    Path(tmp_path / "sources/a.txt").write_text(TEXTS[1])
    library = read(tmp_path)
    assert verify._nearest(library, stocked(library)).name == "words"
    assert "pip install 'responsa[search]'" in capsys.readouterr().err
    monkeypatch.undo()
    assert verify._nearest(library, stocked(library)).name.startswith("words+")


@pytest.mark.parametrize("count", [0, 1])
def test_a_shelf_of_few_is_searched_too(tmp_path, count):
    texts = TEXTS[:count]
    made = Hybrid(Postings(build(shelf(texts))), Meant(), vectors_of(texts, Meant(), tmp_path, silent))
    assert len(made.search("The operation removes it")) == count

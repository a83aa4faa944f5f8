import json

import pytest

from evidence.tiny_model import write
from responsa.cli.app import main
from responsa.errors import ResponsaError, UsageError
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.embedded import Embedded
from responsa.evidence.local import Chances, Local, OnnxScorer
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest
from responsa.evidence.verdict import Verdict

NLI = ["entailment", "neutral", "contradiction"]
WORDS = {"confirmed": [160.0, 0.0, 0.0], "refuted": [0.0, 0.0, 160.0]}
CLAIM = Claim(0, 1, "Chemoembolisation is a systemic treatment that reaches more than the liver.", Kind.STATEMENT)


def hits(*texts):
    return Nearest(passages("s", map(Paragraph, texts))).search(CLAIM.text)


@pytest.fixture
def model(tmp_path):
    return write(tmp_path / "tiny", WORDS, NLI)


def judged(folder, *texts):
    return Local(OnnxScorer(folder), Embedded()).judge(CLAIM, hits(*texts))


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("confirmed", Verdict.SUPPORTED), ("refuted", Verdict.CONTRADICTED), ("studied", Verdict.RELATED)],
)
def test_a_model_says_supported_or_contradicted_by_a_passage(model, word, verdict):
    found = judged(model, "The liver is an organ.", f"That chemoembolisation is a systemic treatment was {word}.")
    assert found.verdict is verdict
    if verdict is not Verdict.RELATED:
        assert word in found.quote
        assert found.confidence >= 0.9
        assert found.reason.startswith("tiny-")


def test_a_passage_that_supports_outweighs_one_that_contradicts(model):
    found = judged(model, "A systemic treatment, confirmed.", "No systemic treatment of the liver, refuted.")
    assert found.verdict is Verdict.SUPPORTED


def test_the_name_changes_with_the_model(model, tmp_path):
    other = write(tmp_path / "other" / "tiny", {**WORDS, "refuted": [0.0, 0.0, 50.0]}, NLI)
    names = [Local(OnnxScorer(folder), Embedded()).name for folder in (model, other, model)]
    assert names[0] == names[2] != names[1]
    assert names[0].endswith(Embedded.name)


def test_a_model_of_two_labels_never_contradicts(tmp_path):
    words = {"confirmed": [0.0, 160.0], "refuted": [160.0, 0.0]}
    folder = write(tmp_path / "check", words, ["unsupported", "supported"])
    assert judged(folder, "A systemic treatment, refuted.").verdict is Verdict.RELATED
    assert judged(folder, "A systemic treatment, confirmed.").verdict is Verdict.SUPPORTED


@pytest.mark.parametrize("labels", [["LABEL_0", "LABEL_1"], ["neutral", "contradiction"], []])
def test_labels_that_do_not_tell_what_they_mean_are_refused(tmp_path, labels):
    folder = write(tmp_path / "odd", WORDS, NLI)
    (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(labels))}))
    with pytest.raises(UsageError, match="write there what the model's outputs mean"):
        OnnxScorer(folder)


def test_a_model_that_gives_another_number_of_values_is_said(tmp_path):
    folder = write(tmp_path / "odd", {"confirmed": [1.0, 2.0]}, ["supported", "unsupported"])
    (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(NLI))}))
    with pytest.raises(ResponsaError, match="gives 2 values"):
        OnnxScorer(folder).chances("a", "b")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_folder_that_holds_no_whole_model_is_an_error_and_no_crash(model, name, damage):
    file = model / name
    file.unlink() if damage == "missing" else file.write_bytes(b"\x08\x07nothing")
    with pytest.raises(ResponsaError, match=name if damage == "damaged" else "holds model.onnx"):
        OnnxScorer(model)


def test_a_long_passage_is_cut_for_the_model(model):
    assert OnnxScorer(model).chances("word " * 5_000, "confirmed").supported < 1


def test_supported_gives_way_where_the_words_differ():
    class Sure:
        name = "sure"

        def chances(self, passage, claim):
            return Chances(float(bool(passage and claim)), 0.0)

    claim = Claim(0, 1, "The daily dose was 12 grams of iron sulfate.", Kind.STATEMENT)
    nearest = Nearest(passages("s", [Paragraph("The daily dose was 22 grams of iron sulfate.")]))
    assert Local(Sure(), Embedded()).judge(claim, nearest.search(claim.text)).verdict is Verdict.DIFFERS


def test_verify_takes_a_folder_for_a_judge(model, tmp_path, capsys):
    library = tmp_path / "library"
    (library / "content/learn/medicine").mkdir(parents=True)
    (library / "sources").mkdir()
    (library / "sources/a.txt").write_text("That chemoembolisation is a systemic treatment was refuted.")
    (library / "content/learn/medicine/a.md").write_text(
        f"---\nquestion: What?\nanswer: {CLAIM.text}\nsubject: Medicine\nurl: /learn/medicine/questions/a\n---\n"
    )
    assert main(["verify", str(library), "--judge", f"onnx:{model}", "--write", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["claims"][0]["verdict"] == "contradicted"
    assert main(["verify", str(library), "--judge", f"onnx:{model}", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {**first, "anew": 0}
    assert main(["verify", str(library), "--judge", "onnx:/nowhere"]) == 2
    assert "no such folder" in capsys.readouterr().err

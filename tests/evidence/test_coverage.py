import subprocess
import sys

import pytest

from responsa.evidence.coverage import MODEL, NAMES, covered, features
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest

SOURCE = ["Metformin lowers blood glucose by 20% in adults.", "The Nile flows north.", "Trains run on rails of steel."]


def hits(claim):
    return Nearest(passages("s", map(Paragraph, SOURCE))).search(claim)


def test_more_of_a_claim_in_the_passages_is_a_higher_chance():
    claims = [
        "Metformin lowers blood glucose by 20% in adults.",
        "Metformin lowers blood glucose by 35% in adults.",
        "Metformin worsens the prognosis of 35 Danish adults.",
        "Danish farmers export 35 apples, 12 pears and 18 plums to Finland.",
    ]
    chances = [covered(claim, hits(claim)) for claim in claims]
    assert chances == sorted(chances, reverse=True)
    assert len(set(chances)) == len(chances)


def test_without_passages_the_chance_is_nought():
    assert covered("Anything at all.", []) == 0.0


@pytest.mark.parametrize("claim", ["", "§", "not", "1 2 3 4 5 6 7 8 9", "steel " * 3000, "Łódź 中文 \ud800"])
def test_a_chance_is_a_number_between_nought_and_one(claim):
    found = covered(claim, hits("steel"))
    assert 0 <= found <= 1
    assert len(features(claim, hits("steel"))) == len(NAMES)


def test_the_model_weighs_exactly_the_features_there_are():
    assert sorted(MODEL.weights) == sorted(NAMES)


def test_chances_are_the_same_whatever_the_order_of_sets():
    program = (
        "from responsa.evidence.coverage import features\n"
        "from responsa.evidence.passages import Paragraph, passages\n"
        "from responsa.evidence.retrieval import Nearest\n"
        f"found = Nearest(passages('s', map(Paragraph, {SOURCE!r}))).search('Danish trains run on 35 rails of steel')\n"
        "print(features('Danish trains run north on 35 rails, said Metformin', found))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1

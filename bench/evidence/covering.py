"""How well the words of its evidence tell that a claim is carried: WiCE dev, balanced accuracy by cross-validation.

RESPONSA_DATA=FOLDER python bench/evidence/covering.py
"""

import json
import os
import random
import sys
from collections import Counter
from pathlib import Path

from responsa.evidence.claims import Claim, Kind
from responsa.evidence.embedded import Embedded
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest
from responsa.evidence.words import words

FOLDS = 5


def feature(claim: str, evidence: list[str]) -> tuple[float, str]:
    """Share of the claim's weight of words held by the three nearest sentences, and the embedded verdict."""
    nearest = Nearest(passages("e", (Paragraph(text) for text in evidence)))
    hits = nearest.search(claim)
    held = {word.key for hit in hits[:3] for word in words(hit.passage.text)}
    own = {word.key: word.weight * nearest.idf(word.key) for word in words(claim) if word.weight >= 0.6}
    cover = sum(weight for key, weight in own.items() if key in held) / (sum(own.values()) or 1.0)
    return cover, Embedded(nearest.names).judge(Claim(0, 1, claim, Kind.STATEMENT), hits).verdict.value


def balanced(pairs: list[tuple[float, bool]], threshold: float) -> float:
    good = [cover >= threshold for cover, carried in pairs if carried]
    bad = [cover < threshold for cover, carried in pairs if not carried]
    return (sum(good) / max(len(good), 1) + sum(bad) / max(len(bad), 1)) / 2


def main(data: Path) -> None:
    rows = [json.loads(line) for line in (data / "wice_dev.jsonl").read_text().splitlines()]
    found = [(*feature(row["claim"], row["evidence"]), row["label"]) for row in rows]
    print("labels", Counter(label for *_, label in found))
    print("verdicts by label", Counter((label, verdict) for _, verdict, label in found).most_common())
    pairs = [(cover, label == "supports") for cover, _, label in found]
    random.Random(1).shuffle(pairs)
    scores = []
    for fold in range(FOLDS):
        rest = [pair for at, pair in enumerate(pairs) if at % FOLDS != fold]
        best = max({cover for cover, _ in rest}, key=lambda threshold: balanced(rest, threshold))
        scores.append(balanced(pairs[fold::FOLDS], best))
    print(f"WiCE dev balanced accuracy {sum(scores) / FOLDS:.3f} ({', '.join(f'{score:.2f}' for score in scores)})")


if __name__ == "__main__":
    folder = Path(os.environ.get("RESPONSA_DATA", "../shared/data")) / "claims-dev"
    if not folder.is_dir():
        sys.exit(f"skipped: {folder} is missing; set RESPONSA_DATA to the folder of the real data")
    main(folder)

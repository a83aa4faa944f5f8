"""Finding the passage that a claim is about: by words, by meaning, and by both.

Claims of SciFact, each with its gold rationale, among the rationales of all claims and sentences of WiCE's pages.

python bench/evidence/nearest.py [DISTRACTORS]
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Nearest
from responsa.index.onnx import Onnx

DEEP = 50
"""Passages by words that are put in order anew by both."""
WEIGHTS = (0.25, 0.5, 1.0, 1.5, 2.0)


def main(data: Path, distractors: int) -> None:
    rows = [json.loads(line) for line in (data / "scifact_train.jsonl").read_text().splitlines()]
    pages = [json.loads(line)["evidence"] for line in (data / "wice_dev.jsonl").read_text().splitlines()]
    others = sorted({text for page in pages for text in page if len(text.split()) > 12})[:distractors]
    gold = [" ".join(row["evidence"]) for row in rows]
    texts = list(dict.fromkeys([*gold, *others]))
    shelf = [p for number, text in enumerate(texts) for p in passages(f"s{number}", [Paragraph(text)])]
    nearest, encoder = Nearest(shelf), Onnx()
    place = {passage.id: at for at, passage in enumerate(shelf)}
    meaning = encoder.encode([passage.text for passage in shelf])
    claims = encoder.encode([row["claim"] for row in rows])
    wanted = [f"s{texts.index(text)}" for text in gold]
    print(f"{len(rows)} claims, {len(shelf)} passages")
    by_words = [nearest.search(row["claim"], k=DEEP) for row in rows]
    told("words", [[shelf[place[hit.passage.id]].source for hit in hits] for hits in by_words], wanted)
    cosines = claims @ meaning.T
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :DEEP]
    told("meaning", [[shelf[at].source for at in line] for line in order], wanted)
    for weight in WEIGHTS:
        mixed = [both(hits, line, place, shelf, weight) for hits, line in zip(by_words, cosines, strict=True)]
        told(f"words + {weight} x meaning", mixed, wanted)


def both(hits: list[Any], cosines: Any, place: dict[str, int], shelf: list[Any], weight: float) -> list[str]:  # noqa: ANN401
    """Scores by words as shares of the best, plus the cosine; candidates are the best of either."""
    top = max((hit.score for hit in hits), default=1.0)
    scores = {place[hit.passage.id]: hit.score / top for hit in hits}
    candidates = set(scores) | set(np.argsort(-cosines, kind="stable")[:DEEP].tolist())
    ordered = sorted(candidates, key=lambda at: (-(scores.get(at, 0.0) + weight * float(cosines[at])), at))
    return [shelf[at].source for at in ordered]


def told(name: str, found: list[list[str]], wanted: list[str]) -> None:
    shares = [
        sum(source in line[:k] for line, source in zip(found, wanted, strict=True)) / len(wanted) for k in (1, 3, 5, 10)
    ]
    print(f"{name:24} hit@1 {shares[0]:.3f}  hit@3 {shares[1]:.3f}  hit@5 {shares[2]:.3f}  hit@10 {shares[3]:.3f}")


if __name__ == "__main__":
    folder = Path(os.environ.get("RESPONSA_DATA", "../shared/data")) / "claims-dev"
    if not folder.is_dir():
        sys.exit(f"skipped: {folder} is missing; set RESPONSA_DATA to the folder of the real data")
    main(folder, int(sys.argv[1]) if len(sys.argv) > 1 else 3_000)

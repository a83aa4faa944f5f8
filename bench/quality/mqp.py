"""Whether two questions ask the same: 3,048 pairs that doctors labelled (MQP), by cross-validation.

uv run bench/quality/mqp.py

Folds keep all pairs of one question together. Prints AUC and accuracy of the encoder's cosine alone and with the words
of both, and the weights that ``responsa.index.alike`` carries.
"""

import csv
import math
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from responsa.index.alike import FEATURES, WEIGHTS, features
from responsa.index.onnx import Onnx
from responsa.index.stems import Stems

FOLDS = 10
Floats = NDArray[np.float64]


def pairs() -> list[tuple[str, str, int]]:
    path = Path(os.environ.get("RESPONSA_DATA", "../shared/data")) / "mqp.csv"
    if not path.is_file():
        sys.exit(f"skipped: {path} is missing; set RESPONSA_DATA to the folder of the real data")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and row[0].isdecimal()]
    return [(one, other, int(label)) for _, one, other, label in rows]


def fitted(x: Floats, y: Floats, ridge: float = 0.02) -> Floats:
    """Logistic regression by Newton's method; the last weight is the constant."""
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - chance) - ridge * np.append(weights[:-1], 0)
        curve = (x.T * (chance * (1 - chance))) @ x + ridge * np.diag([1.0] * (len(weights) - 1) + [1e-9])
        weights += np.linalg.solve(curve, slope)
    return weights


def area(scores: Floats, y: Floats) -> float:
    """AUC: the share of (same, different) pairs that the score puts in order."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        ranks[scores == value] = ranks[scores == value].mean()
    same = int(y.sum())
    return float((ranks[y == 1].sum() - same * (same + 1) / 2) / (same * (len(y) - same)))


def crossed(x: Floats, y: Floats, folds: NDArray[np.int64]) -> tuple[float, float]:
    scores = np.zeros(len(y))
    for fold in range(FOLDS):
        scores[folds == fold] = x[folds == fold] @ fitted(x[folds != fold], y[folds != fold])
    return area(scores, y), float(((scores > 0) == (y == 1)).mean())


def main() -> None:
    found = pairs()
    encoder = Onnx()
    one, other = encoder.encode([pair[0] for pair in found]), encoder.encode([pair[1] for pair in found])
    cosines = (one * other).sum(axis=1)
    y = np.array([label for *_, label in found], np.float64)
    stems = Stems()
    known = Counter(stem for pair in found for text in pair[:2] for stem in stems.asked(text))

    def rarity(stem: str) -> float:
        return math.log(1 + 2 * len(found) / (1 + known[stem]))

    x = np.array([features(a, b, float(near), rarity) for (a, b, _), near in zip(found, cosines, strict=True)])
    x = np.column_stack([x, np.ones(len(x))])
    firsts = {question: number for number, question in enumerate(dict.fromkeys(pair[0] for pair in found))}
    folds = np.array([firsts[pair[0]] % FOLDS for pair in found])
    print(f"{len(found)} pairs, {len(firsts)} questions, {FOLDS} folds\n\n| | AUC | accuracy |\n|---|---|---|")
    every = [*range(len(FEATURES))]
    for name, columns in (("cosine", every[:1]), ("words alone", every[1:]), ("both", every)):
        auc, right = crossed(x[:, [*columns, -1]], y, folds)
        print(f"| {name} | {auc:.3f} | {right:.3f} |")
    print()
    for name, values in (("fitted on all", fitted(x, y)), ("as shipped", WEIGHTS)):
        print(f"{name}: {', '.join(f'{value:.2f}' for value in values)}")


if __name__ == "__main__":
    main()

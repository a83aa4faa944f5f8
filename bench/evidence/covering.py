"""Trains the covering model on WiCE dev and SciFact train, and says by nested cross-validation how good it is.

RESPONSA_DATA=FOLDER python bench/evidence/covering.py [--write]
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from responsa.evidence import coverage
from responsa.evidence.passages import Paragraph, passages
from responsa.evidence.retrieval import Hit, Nearest

Rows = NDArray[np.float64]
FOLDS, REPEATS, K = 5, 10, 5
RIDGES = (0.3, 1.0, 3.0, 10.0, 30.0)
PAGE = 600
"""Characters of a passage: a page's lines are read together as they stand."""


def pages(lines: list[str]) -> Iterator[Paragraph]:
    """A page's lines as passages of about ``PAGE`` characters."""
    held = ""
    for line in (line.strip() for line in lines):
        if not line:
            continue
        if held and len(held) + len(line) > PAGE:
            yield Paragraph(held)
            held = ""
        held = f"{held} {line}".strip() + ("" if line.endswith((".", "!", "?", ":", ";")) else ".")
    if held:
        yield Paragraph(held)


def wice(folder: Path) -> Iterator[tuple[str, list[Hit], bool]]:
    """A sentence against the whole page it cites."""
    for row in _rows(folder / "wice_dev.jsonl"):
        nearest = Nearest(passages("e", pages(row["evidence"])))
        yield row["claim"], nearest.search(row["claim"], k=K), row["label"] == "supports"


def scifact(folder: Path) -> Iterator[tuple[str, list[Hit], str]]:
    """A claim against the shelf of all gold rationales, and against the shelf without those of its own paper."""
    rows = _rows(folder / "scifact_train.jsonl")
    shelf = {" ".join(" ".join(row["evidence"]).split()): None for row in rows}
    nearest = Nearest(passages("e", map(Paragraph, shelf)))
    own: dict[str, set[str]] = {}
    for row in rows:
        text = " ".join(" ".join(row["evidence"]).split())
        own.setdefault(row["claim"], set()).update(one.text for one in passages("e", [Paragraph(text)]))
    for claim, label in dict.fromkeys((row["claim"], row["label"]) for row in rows):
        hits = nearest.search(claim, k=3 * K)
        yield claim, hits[:K], label if any(hit.passage.text in own[claim] for hit in hits[:K]) else "missed"
        yield claim, [hit for hit in hits if hit.passage.text not in own[claim]][:K], "other"


def _rows(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text().splitlines()]


def fit(x: Rows, y: Rows, ridge: float, weight: Rows | None = None) -> Rows:
    """Weights of a logistic regression, the intercept last, by Newton's method on scaled features."""
    mean, scale = x.mean(0), x.std(0) + 1e-9
    wide = np.column_stack([(x - mean) / scale, np.ones(len(x))])
    held = np.ones(len(x)) if weight is None else weight
    beta = np.zeros(wide.shape[1])
    penalty = ridge * np.diag([1.0] * x.shape[1] + [0.0])
    for _ in range(30):
        p = 1 / (1 + np.exp(-wide @ beta))
        hessian = (wide * (held * p * (1 - p))[:, None]).T @ wide + penalty
        beta = beta - np.linalg.solve(hessian, wide.T @ (held * (p - y)) + penalty @ beta)
    return np.append(beta[:-1] / scale, beta[-1] - (beta[:-1] / scale) @ mean)


def predict(beta: Rows, x: Rows) -> Rows:
    return np.asarray(1 / (1 + np.exp(-(x @ beta[:-1] + beta[-1]))))


def balanced(p: Rows, y: Rows, cut: float) -> float:
    return float(((p >= cut)[y == 1].mean() + (p < cut)[y == 0].mean()) / 2)


def best_cut(p: Rows, y: Rows) -> float:
    """The middle of the cuts that come within half a point of the best: the best alone is chance."""
    cuts = np.quantile(p, np.linspace(0.05, 0.95, 91))
    scores = np.array([balanced(p, y, cut) for cut in cuts])
    return float(np.median(cuts[scores >= scores.max() - 0.005]))


def folds(y: Rows, seed: int) -> Rows:
    """A fold a row, both classes spread evenly."""
    dice, fold = random.Random(seed), np.zeros(len(y))
    for label in (0, 1):
        places = list(np.flatnonzero(y == label))
        dice.shuffle(places)
        for at, place in enumerate(places):
            fold[place] = at % FOLDS
    return fold


def inner(x: Rows, y: Rows, more: tuple[Rows, Rows], seed: int) -> tuple[float, float]:
    """Ridge and cut chosen inside the training rows alone."""
    fold = folds(y, seed)
    found = []
    for ridge in RIDGES:
        p = np.zeros(len(y))
        for part in range(FOLDS):
            rest = fold != part
            p[~rest] = predict(fit(*_joined((x[rest], y[rest]), more), ridge), x[~rest])
        cut = best_cut(p, y)
        found.append((balanced(p, y, cut), -ridge, cut))
    _, ridge, cut = max(found)
    return -ridge, cut


def _joined(one: tuple[Rows, Rows], more: tuple[Rows, Rows]) -> tuple[Rows, Rows]:
    return np.vstack([one[0], more[0]]), np.append(one[1], more[1])


def nested(x: Rows, y: Rows, more: tuple[Rows, Rows]) -> tuple[list[float], Rows]:
    """Balanced accuracy a repeat, and each row's probability out of fold, averaged over repeats."""
    scores, probabilities = [], np.zeros(len(y))
    for seed in range(REPEATS):
        fold, said = folds(y, seed), np.zeros(len(y), bool)
        for part in range(FOLDS):
            rest = fold != part
            ridge, cut = inner(x[rest], y[rest], more, seed)
            p = predict(fit(*_joined((x[rest], y[rest]), more), ridge), x[~rest])
            said[~rest] = p >= cut
            probabilities[~rest] += p / REPEATS
        scores.append(float((said[y == 1].mean() + (~said)[y == 0].mean()) / 2))
    return scores, probabilities


def reliability(p: Rows, y: Rows, bins: int = 5) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over equally filled bins, and each bin's mean, share carried, rows."""
    order = np.array_split(np.argsort(p, kind="stable"), bins)
    rows = [(float(p[part].mean()), float(y[part].mean()), len(part)) for part in order]
    return sum(n * abs(a - b) for a, b, n in rows) / len(p), rows


def area(p: Rows, y: Rows) -> float:
    above = (p[y == 1][:, None] > p[y == 0][None]).mean() + 0.5 * (p[y == 1][:, None] == p[y == 0][None]).mean()
    return float(above)


def main(folder: Path, *, write: bool) -> None:
    first = [(coverage.features(claim, hits), label) for claim, hits, label in wice(folder) if hits]
    second = [(coverage.features(claim, hits), label) for claim, hits, label in scifact(folder) if hits]
    asked = [label for _, label in second if label != "other"]
    print(
        f"SciFact: the own rationale among the first {K} of the shelf for {1 - asked.count('missed') / len(asked):.1%} "
        f"of {len(asked)} claims"
    )
    x, y = np.array([f for f, _ in first]), np.array([float(label) for _, label in first])
    u, labels = np.array([f for f, _ in second]), np.array([label for _, label in second])
    v = (labels == "supports").astype(float)
    none = (np.zeros((0, x.shape[1])), np.zeros(0))
    for name, a, b, more in (
        ("WiCE dev, trained on its other folds", x, y, none),
        ("WiCE dev, trained on its other folds and SciFact", x, y, (u, v)),
        ("SciFact, trained on its other folds and WiCE", u, v, (x, y)),
    ):
        scores, p = nested(a, b, more)
        error, rows = reliability(p, b)
        print(
            f"{name}: balanced accuracy {100 * np.mean(scores):.1f} ± {100 * np.std(scores):.1f} over {REPEATS} "
            f"repeats, AUC {area(p, b):.3f}, calibration error {error:.3f}"
        )
        print("   said / carried: " + ", ".join(f"{a:.2f} / {b:.2f} ({n})" for a, b, n in rows))
        if a is u:
            for kind in ("refutes", "other"):
                held = np.isin(labels, ["supports", kind])
                print(f"   supports against {kind}: AUC {area(p[held], v[held]):.3f}")
    ridge, _ = inner(x, y, (u, v), 0)
    beta = fit(*_joined((x, y), (u, v)), ridge)
    model = coverage.Model(
        round(float(beta[-1]), 4),
        {name: round(float(value), 4) for name, value in zip(coverage.NAMES, beta, strict=False)},
        f"WiCE dev ({len(y)} claims) and SciFact train ({len(v)} pairs), ridge {ridge:g}",
    )
    text = json.dumps(
        {"intercept": model.intercept, "weights": model.weights, "trained_on": model.trained_on}, indent=1
    )
    print(text)
    if write:
        Path(coverage.__file__).with_suffix(".json").write_text(text + "\n")


if __name__ == "__main__":
    data = Path(os.environ.get("RESPONSA_DATA", "../shared/data")) / "claims-dev"
    if not data.is_dir():
        sys.exit(f"skipped: {data} is missing; set RESPONSA_DATA to the folder of the real data")
    main(data, write="--write" in sys.argv)

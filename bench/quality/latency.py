"""What a search costs: processor milliseconds of a query in process, and what building the index takes.

uv run bench/quality/latency.py [--library FOLDER] [--build] [--generated N]

One core: the encoder runs on one thread, and processor time is counted, which other work on the machine changes least.
``--build`` makes words and question vectors anew on a copy; ``--generated N`` measures an index of N articles whose
words and vectors are drawn at random as frequently as real ones are (nothing is encoded or written).
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from judged import QUERIES, library

from responsa.index.fuse import MIX, fused
from responsa.index.index import _best, open_index
from responsa.index.onnx import Onnx
from responsa.index.segment import Gatherer
from responsa.index.stems import Stems
from responsa.index.view import cosines, lengths_of, quantised
from responsa.index.words import Words
from responsa.library.catalogue import refresh
from responsa.library.library import Library, read

ROUNDS = 3
LARGE = 1 << 15


def texts() -> list[str]:
    lines = QUERIES.read_text(encoding="utf-8").splitlines()
    return [line.split('"query": "')[1].split('", "url"')[0] for line in lines]


def told(name: str, search: Callable[[str], object]) -> None:
    asked, spent = texts(), []
    for query in asked[:20]:
        search(query)
    for query in asked * ROUNDS:
        start = time.process_time()
        search(query)
        spent.append((time.process_time() - start) * 1000)
    p50, p95, p99 = np.percentile(spent, [50, 95, 99])
    print(f"{name}: p50 {p50:.2f}, p95 {p95:.2f}, p99 {p99:.2f} CPU ms over {len(spent)} queries", flush=True)


def memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def build(found: Library) -> None:
    """Words and question vectors of a copy, by parts."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(found.folder / found.content, Path(name) / found.content)
        copy = read(Path(name))
        with refresh(copy) as catalogue:
            before, children = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
            index = open_index(copy, catalogue, Onnx())
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        readers = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
        spent = time.process_time() - before
        size = sum(path.stat().st_size for path in Path(name).joinpath(".responsa/index").rglob("*") if path.is_file())
        print(
            f"{len(index.view)} articles indexed in {spent + readers:.1f} CPU s ({readers:.1f} of them reading in "
            f"other processes), {memory()} at most, {size / 1e6:.0f} MB on disk"
        )


def generated(count: int) -> None:
    """Articles of 16 + 250 words, drawn by Zipf's law from 200,000, and random vectors."""
    dice, stems, start = np.random.default_rng(1), Stems("xx"), time.process_time()
    vocabulary = np.array([f"w{number}" for number in range(200_000)])
    chances = 1 / np.arange(10, 200_010)
    edges = np.cumsum(chances / chances.sum())
    segments, gatherer, drawing = [], Gatherer(stems), 0.0
    for number in range(count):
        began = time.process_time()
        drawn = vocabulary[np.minimum(np.searchsorted(edges, dice.random(266)), 199_999)].tolist()
        question, answer = " ".join(drawn[:16]), " ".join(drawn[16:])
        drawing += time.process_time() - began
        gatherer.put(number, question, answer)
        if len(gatherer) == LARGE:
            segments.append(gatherer.segment())
            gatherer = Gatherer(stems)
    if len(gatherer):
        segments.append(gatherer.segment())
    spent = time.process_time() - start - drawing
    dense = np.concatenate(
        [
            quantised(dice.standard_normal((min(LARGE, count - at), 384)).astype(np.float32))
            for at in range(0, count, LARGE)
        ]
    )
    words, encoder = Words(segments, np.arange(count), stems), Onnx(threads=1)
    lengths, everything = lengths_of(dense), np.arange(count)
    print(f"{count} generated articles: words in {spent:.1f} CPU s, {memory()}", flush=True)

    def search(query: str) -> object:
        drawn = dice.integers(0, 5000, len(query.split()))
        lexical = words.search(" ".join(vocabulary[drawn].tolist()))
        near = cosines(dense, lengths, encoder.encode([query])[0])
        scores = fused(lexical.scores, lexical.reach, near, MIX.deep())
        return _best(scores, everything, 10)

    told(f"{count} generated articles", search)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--library", type=Path, default=None)
    options.add_argument("--build", action="store_true")
    options.add_argument("--generated", type=int, default=0)
    wish = options.parse_args()
    if wish.generated:
        generated(wish.generated)
        sys.exit()
    found = library()
    if wish.build:
        build(found)
    encoder = Onnx(threads=1)
    with refresh(found) as catalogue:
        index = open_index(found, catalogue, encoder)
    told(f"{len(index.view)} articles", index.search)
    told("of that, encoding the query", lambda query: encoder.encode([query]))


if __name__ == "__main__":
    main()

"""CPU microseconds of the steps from an answer to its page, over 3,000 articles of the real library.

    uv run bench/pages/render.py [--library FOLDER]

Beside each other in one run, best of five, as a machine's load changes every figure: only ratios count. pyromark alone
is the yardstick: what the Markdown costs that nobody could leave out.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import pyromark
from realdata import real_library

from responsa.library.library import read
from responsa.publish.html import render
from responsa.publish.page import Renderer
from responsa.publish.structured_data import json_ld
from responsa.publish.views import Crumb, ListItem, SiteView, question_view
from responsa.records.maths import find_maths

SITE = SiteView(name="A site", base_url="https://example.org")
CRUMBS = (Crumb("Home", "/"), Crumb("Medicine", "/learn/medicine"))
RELATED = tuple(ListItem(f"What is question {number}?", "/learn/a/questions/b", "Medicine") for number in range(5))


def timed(name: str, step: Callable[[Any], object], values: Iterable[Any]) -> None:
    held = list(values)
    best = min(once(step, held) for _ in range(5))
    print(f"{name:28} {best / len(held) * 1e6:6.1f} us")


def once(step: Callable[[Any], object], values: list[Any]) -> float:
    start = time.process_time()
    for value in values:
        step(value)
    return time.process_time() - start


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--library", type=Path, default=None)
    articles = list(read(options.parse_args().library or real_library()).articles())
    chosen = random.Random(7).sample(articles, min(3000, len(articles)))
    renderer = Renderer(SITE)
    answers = [article.answer for article in chosen]
    views = [question_view(a, render(a.answer).body, SITE, crumbs=CRUMBS, related=RELATED) for a in chosen]
    timed("pyromark alone", pyromark.html, answers)
    timed("finding formulas", find_maths, answers)
    timed("answer to HTML", render, answers)
    timed("article to view", lambda a: question_view(a, "", SITE, crumbs=CRUMBS, related=RELATED), chosen)
    timed("view to structured data", lambda view: json_ld(view, SITE), views)
    timed("view to page", renderer.question, views)


if __name__ == "__main__":
    main()

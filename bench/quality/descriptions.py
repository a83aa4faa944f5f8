"""Descriptions of the real library's articles, and a sheet of 50 to be read by a person.

    .venv/bin/python bench/quality/descriptions.py [--every 1] [--sheet SHEET.csv] [--seed 2026]

Ends with 1 where one is longer than 160 characters, ends otherwise than a sentence or holds marks of Markdown or TeX.
"""

import argparse
import csv
import random
import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from realdata import real_library

from responsa.describe.clause import LONGEST
from responsa.describe.description import description, kept
from responsa.library.library import read
from responsa.library.refusal import is_refusal

WHOLE = re.compile(r"[\"“‘'(]?[^\W_a-z].*[.!?][\"”’')]?")  # noqa: RUF001 - quotes of real text
MARKS = re.compile(r"[\\{}^_$`*|#~]")
SHEET = 50


def main() -> None:
    wish = argparse.ArgumentParser()
    wish.add_argument("--every", type=int, default=1)
    wish.add_argument("--sheet", type=Path, default=None)
    wish.add_argument("--seed", type=int, default=2026)
    told = wish.parse_args()
    library = read(real_library())
    kinds: Counter[str] = Counter()
    rows: list[tuple[str, str, str, str]] = []
    for article in library.articles(library.paths()[:: told.every]):
        stored = article.seo.description
        own = kept(stored) if len(stored) > LONGEST else ""
        text = own or description(article.question, "" if is_refusal(article) else article.answer)
        kind = "stored" if own else "question" if text == article.question else "answer" if text else "none"
        kinds[kind] += 1
        kinds["wrong"] += bool(text) and (len(text) > LONGEST or not WHOLE.fullmatch(text) or bool(MARKS.search(text)))
        rows.append((article.url, article.question, kind, text))
    print(", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common()))
    lengths = sorted(len(text) for _, _, _, text in rows)
    print(f"{len(rows):,} articles; characters: median {lengths[len(lengths) // 2]}, longest {lengths[-1]}")
    if told.sheet:
        with told.sheet.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(random.Random(told.seed).sample(rows, SHEET))
    sys.exit(1 if kinds["wrong"] else 0)


if __name__ == "__main__":
    main()

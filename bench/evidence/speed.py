"""Claims a second on one core: cut, find, judge, on answers of the real library; the judge alone is what counts.

python bench/evidence/speed.py [ARTICLES] [PASSAGES]
"""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from realdata import real_library

from responsa.evidence.claims import claims
from responsa.evidence.judges import ByPassages
from responsa.evidence.passages import of_markdown, passages
from responsa.evidence.retrieval import Nearest
from responsa.library.library import read


def main(articles: int, size: int) -> None:
    """Answers of other articles of the same subjects are the sources."""
    library = read(real_library())
    paths = library.paths()
    dice = random.Random(1)
    answers = list(library.articles(dice.sample(paths, articles)))
    shelf = []
    for article in library.articles(dice.sample(paths, len(paths))):
        shelf += passages(article.url, of_markdown(article.answer), article.question)
        if len(shelf) >= size:
            break
    began = time.process_time()
    nearest = Nearest(shelf)
    print(f"{len(shelf)} passages indexed in {time.process_time() - began:.1f} CPU s")
    began = time.process_time()
    cut = [(article, claim) for article in answers for claim in claims(article.answer) if claim.checkable]
    cutting = time.process_time() - began
    began = time.process_time()
    hits = [nearest.search(claim.text, f"{article.question} {claim.lead}") for article, claim in cut]
    finding = time.process_time() - began
    judge = ByPassages()
    rates = []
    for name in ("first sight of the passages", "passages seen before"):
        began = time.process_time()
        for (_, claim), found in zip(cut, hits, strict=True):
            judge.judge(claim, found)
        rates.append((name, len(cut) / (time.process_time() - began)))
    print(f"{len(cut)} claims of {articles} articles: cutting {cutting / articles * 1e3:.1f} ms an article, "
          f"finding {finding / len(cut) * 1e3:.2f} ms a claim")  # fmt: skip
    for name, rate in rates:
        print(f"judging, {name}: {rate:.0f} claims a CPU second")


if __name__ == "__main__":
    main(*(int(value) for value in (*sys.argv[1:], *("200", "20000")[len(sys.argv) - 1 :])))

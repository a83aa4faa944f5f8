"""The verdict on every claim of a library, in the order of the text.

python bench/evidence/example.py [FOLDER]
"""

import sys
from collections import Counter
from pathlib import Path

from responsa.evidence.check import check
from responsa.evidence.embedded import Embedded
from responsa.evidence.retrieval import Nearest
from responsa.evidence.shelf import FOLDER, read_shelf
from responsa.library.library import read


def main(folder: Path) -> None:
    library = read(folder)
    nearest = Nearest(read_shelf(folder / FOLDER).passages())
    counts: Counter[str] = Counter()
    for article in library.articles():
        report = check(article, nearest, Embedded(nearest.names))
        print(f"\n{article.question}  score {report.score}")
        for entry in report.checked:
            found = entry.finding
            counts[found.verdict.value] += 1
            print(f"  {found.verdict.value:8} {found.confidence:.2f}  {entry.claim.text[:100]}")
            print(f"           {found.passage} {found.tension or found.reason}"[:140])
    print("\n", dict(counts.most_common()))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "examples" / "liver-cancer")

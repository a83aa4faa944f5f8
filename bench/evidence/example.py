"""The verdict on every claim of a library, in the order of the text; then each article's score, and the counts.

python bench/evidence/example.py [FOLDER] [ARTICLE.md ...]

Articles that are named are checked against the folder's sources too, their claims in the order of the editor's queue.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from responsa.article import Article
from responsa.evidence.check import check
from responsa.evidence.embedded import Embedded
from responsa.evidence.report import Checked, harm
from responsa.evidence.retrieval import Nearest
from responsa.evidence.shelf import FOLDER, read_shelf
from responsa.library.library import read
from responsa.records.fields import article_of
from responsa.records.record import parse

EXAMPLE = Path(__file__).parents[2] / "examples" / "liver-cancer"


def main(folder: Path, others: list[Path]) -> None:
    nearest = Nearest(read_shelf(folder / FOLDER).passages())
    counts: Counter[str] = Counter()
    scores: list[str] = []
    for article in read(folder).articles():
        score, found = shown(article, nearest, lambda entry: (entry.claim.start,))
        counts += found
        scores.append(f"{score:>7}  {sum(found.values()):3} claims  {article.question}")
    print("", *sorted(scores), "", sep="\n")
    print(sum(counts.values()), "claims:", dict(counts.most_common()))
    for path in others:
        shown(article_of(parse(path.read_bytes()), PurePosixPath("content", path.name)), nearest, harm)


def shown(
    article: Article, nearest: Nearest, order: Callable[[Checked], tuple[float, ...]]
) -> tuple[str, Counter[str]]:
    report = check(article, nearest, Embedded(nearest.names))
    print(f"\n{article.question}  score {report.score}")
    for entry in sorted(report.checked, key=order):
        found = entry.finding
        print(f"  {found.verdict.value:8} {found.confidence:.2f}  {entry.claim.text[:100]}")
        if found.verdict.value != "quoted":
            print(f"           {found.passage} {found.tension or found.reason}"[:140])
    return str(report.score), Counter(entry.finding.verdict.value for entry in report.checked)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE, [Path(name) for name in sys.argv[2:]])

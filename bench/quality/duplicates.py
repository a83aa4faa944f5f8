"""A blind audit of near duplicates: pairs that Responsa would merge though no word-for-word copy makes them one.

    python bench/quality/duplicates.py sheet LIBRARY SHEET [--seed 1] [--count 100]
    python bench/quality/duplicates.py score SHEET

``sheet`` also prints how many repeated questions the clusters hold. The sheet mixes pairs that are merged with as many
near ones that are not; a person puts ``+`` between the brackets where one answer serves both questions, else ``-``.
``SHEET.key`` says which are merged. Sheets hold text of the library: they are kept outside the repository.
"""

import json
import random
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

from responsa.cli.relating import Opened, opened
from responsa.library.library import read
from responsa.relate.duplicates import duplicates

ROOT = Path(__file__).parents[2]
BAND = 0.93
"""Cosine of the pairs that are not merged and shown all the same."""


def main() -> int:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["sheet", "score"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    given = parser.parse_args()
    sheet = given.paths[-1]
    if sheet.resolve().is_relative_to(ROOT):
        parser.error(f"{sheet} lies in the repository; the sheet holds text that does not belong there")
    if given.action == "score":
        print(json.dumps(scored(sheet), indent=2))
        return 0
    with opened(read(given.paths[0]), shown=False) as held:
        write_sheet(held, sheet, random.Random(given.seed), given.count)
    return 0


def write_sheet(held: Opened, sheet: Path, chance: random.Random, count: int) -> None:
    clusters = duplicates(held.relations, held.catalogue)
    home = {cluster.canonical.path: at for at, cluster in enumerate(clusters)}
    home |= {copy.page.path: at for at, cluster in enumerate(clusters) for copy in cluster.copies}
    print(json.dumps(counted(held, home, len(clusters))))
    near = {
        (cluster.canonical.title, copy.page.title)
        for cluster in clusters
        for copy in cluster.copies
        if copy.page.key != cluster.canonical.key
    }
    merged, others = sorted(near), sorted(apart(held, home))
    pairs = [(one, other, True) for one, other in chance.sample(merged, min(count, len(merged)))]
    pairs += [(one, other, False) for one, other in chance.sample(others, min(count, len(others)))]
    chance.shuffle(pairs)
    print(json.dumps({"near_pairs_merged": len(merged), "near_pairs_apart": len(others)}))
    lines = [f"{number} [ ] {one} | {other}" for number, (one, other, _) in enumerate(pairs, 1)]
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    key = {str(number): merged for number, (_, _, merged) in enumerate(pairs, 1)}
    sheet.with_name(f"{sheet.name}.key").write_text(json.dumps(key), encoding="utf-8")


def counted(held: Opened, home: dict[str, int], clusters: int) -> dict[str, int]:
    """Repeated questions, and those of them that are in one cluster with their first."""
    first: dict[str, str] = {}
    repeated = together = 0
    for page in held.relations.pages:
        one = first.setdefault(page.key, page.path)
        if one != page.path:
            repeated += 1
            together += page.path in home and home.get(one) == home[page.path]
    return {"clusters": clusters, "articles": len(home), "repeated_questions": repeated, "clustered": together}


def apart(held: Opened, home: dict[str, int]) -> set[tuple[str, str]]:
    table, pools = held.relations.table, held.relations.found.pools
    found = set()
    for row, pool in enumerate(pools.rows):
        others = pool[pool > row]
        for other in others[table.vectors[others] @ table.vectors[row] >= BAND].tolist():
            one, two = table.faces[row], table.faces[other]
            if one.path not in home or home.get(one.path) != home.get(two.path):
                found.add((one.title, two.title))
    return found


def scored(sheet: Path) -> dict[str, object]:
    key = json.loads(sheet.with_name(f"{sheet.name}.key").read_text(encoding="utf-8"))
    counts: Counter[tuple[bool, str]] = Counter()
    for line in sheet.read_text(encoding="utf-8").splitlines():
        number, _, rest = line.partition(" [")
        if rest[0] not in "+-":
            sys.exit(f"{sheet}: pair {number} has no mark")
        counts[key[number], rest[0]] += 1
    merged = counts[True, "+"] + counts[True, "-"]
    return {
        "merged": merged,
        "merged_rightly": counts[True, "+"],
        "precision": round(counts[True, "+"] / max(1, merged), 3),
        "apart": counts[False, "+"] + counts[False, "-"],
        "apart_though_one": counts[False, "+"],
    }


if __name__ == "__main__":
    sys.exit(main())

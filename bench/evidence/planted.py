"""Errors planted into sentences of the real library, checked against ten articles of which one holds the sentence.

python bench/evidence/planted.py [CLAIMS A KIND] [SEED]
"""

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from realdata import real_library

from responsa.article import Article
from responsa.evidence.claims import Claim, Kind, claims
from responsa.evidence.embedded import Embedded
from responsa.evidence.passages import of_markdown, passages
from responsa.evidence.retrieval import Nearest
from responsa.library.library import read

TENFOLD = 10
NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w.,]*\w)")
UNITS = {
    "mg": "g", "g": "mg", "kg": "g", "mm": "cm", "cm": "mm", "km": "m", "days": "weeks", "weeks": "months",
    "months": "years", "years": "months", "hours": "days", "minutes": "hours", "seconds": "minutes", "mL": "L",
    "meters": "kilometers", "kilometers": "meters", "percent": "years", "million": "billion", "billion": "million",
}  # fmt: skip
UNIT = re.compile(rf"(?<=\d)(\s?)({'|'.join(UNITS)})\b")
OPPOSITES = [
    ("increases", "decreases"), ("increase", "decrease"), ("increased", "decreased"), ("higher", "lower"),
    ("more", "less"), ("improves", "worsens"), ("improve", "worsen"), ("greater", "smaller"), ("before", "after"),
    ("positive", "negative"), ("reduces", "raises"), ("reduce", "raise"), ("enhances", "impairs"), ("high", "low"),
    ("internal", "external"), ("above", "below"), ("longer", "shorter"), ("stronger", "weaker"), ("early", "late"),
]  # fmt: skip
TURNED = {a: b for pair in OPPOSITES for a, b in (pair, pair[::-1])}
DIRECTION = re.compile(rf"\b({'|'.join(TURNED)})\b")
VERB = re.compile(r"\b(is|are|was|were|can|may|has|have|does|will|should)\b(?! not)")
DENIED = re.compile(r"\b(is|are|was|were|can|may|does|do|did|will|should) not ")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w-]*[a-z](?: [A-Z][a-z]\w*)*")
SYNONYMS = {
    "important": "significant", "crucial": "essential", "many": "numerous", "often": "frequently", "help": "assist",
    "shows": "demonstrates", "show": "demonstrate", "use": "employ", "used": "employed", "various": "several",
    "such as": "for example", "including": "among them", "because": "since", "however": "yet", "large": "big",
    "individuals": "people", "people": "persons", "typically": "usually", "leads to": "results in", "key": "main",
    "significantly": "considerably", "allows": "enables", "provides": "offers", "requires": "needs", "begin": "start",
    "approximately": "about", "method": "approach", "methods": "approaches", "occurs": "happens", "ensure": "guarantee",
    "understanding": "grasping", "essential": "vital", "effective": "efficient", "particularly": "especially",
}  # fmt: skip
SYNONYM = re.compile(rf"\b({'|'.join(map(re.escape, SYNONYMS))})\b")
Plant = Callable[[str, random.Random, list[str]], str | None]


def number(text: str, dice: random.Random, _: list[str]) -> str | None:
    found = dice.choice(list(NUMBER.finditer(text)) or [None])
    if found is None:
        return None
    value = float(found.group().replace(",", ""))
    if value == 0 or (value == 1 and "." not in found.group()):
        return None
    new = (
        value * dice.choice([0.5, 2, 3, 1.5, 0.1, 10]) if dice.random() < 0.5 else value + dice.choice([1, -1, 2, 3, 5])
    )
    shown = f"{abs(new):.{len(found.group().partition('.')[2])}f}"
    return text[: found.start()] + shown + text[found.end() :] if float(shown) != value else None


def unit(text: str, dice: random.Random, _: list[str]) -> str | None:
    found = dice.choice(list(UNIT.finditer(text)) or [None])
    return found and text[: found.start()] + found[1] + UNITS[found[2]] + text[found.end() :]


def negation(text: str, dice: random.Random, _: list[str]) -> str | None:
    denied = DENIED.search(text)
    if denied:
        return text[: denied.start()] + denied[1] + " " + text[denied.end() :]
    found = dice.choice(list(VERB.finditer(text))[:1] or [None])
    return found and f"{text[: found.end()]} not{text[found.end() :]}"


def direction(text: str, dice: random.Random, _: list[str]) -> str | None:
    found = dice.choice(list(DIRECTION.finditer(text)) or [None])
    return found and text[: found.start()] + TURNED[found[1]] + text[found.end() :]


def name(text: str, dice: random.Random, names: list[str]) -> str | None:
    found = dice.choice(list(NAME.finditer(text)) or [None])
    other = [n for n in names if n not in text and found and found.group() not in n]
    return text[: found.start()] + dice.choice(other) + text[found.end() :] if found and other else None


def untouched(text: str, _: random.Random, __: list[str]) -> str:
    return text


def paraphrase(text: str, dice: random.Random, _: list[str]) -> str | None:
    """Words exchanged for others of the same meaning, an opening added, or two clauses turned round."""
    new = SYNONYM.sub(lambda match: SYNONYMS[match[1]] if dice.random() < 0.8 else match[1], text)
    head, comma, tail = new.partition(", ")
    if comma and head.split()[0] in {"When", "If", "In", "For", "By", "After", "During"} and dice.random() < 0.5:
        new = f"{tail.rstrip('.')} {head[0].lower()}{head[1:]}."
        new = new[0].upper() + new[1:]
    elif dice.random() < 0.2:
        new = f"In general, {new[0].lower()}{new[1:]}" if new[1:2].islower() else new
    return new if new != text else None


PLANTS: dict[str, Plant] = {
    "number": number, "unit": unit, "negation": negation, "direction": direction, "name": name,
    "untouched": untouched, "paraphrase": paraphrase, "absent": untouched,
}  # fmt: skip


def groups(seed: int) -> Iterator[list[Article]]:
    library = read(real_library())
    paths = library.paths()
    dice = random.Random(seed)
    while True:
        start = dice.randrange(len(paths) - TENFOLD)
        yield list(library.articles(paths[start : start + TENFOLD]))


def sentence(article: Article, dice: random.Random) -> Claim | None:
    found = [c for c in claims(article.answer) if c.kind is Kind.STATEMENT and 8 <= len(c.text.split()) <= 45]
    return dice.choice(found) if found else None


def main(wanted: int, seed: int) -> None:
    dice = random.Random(seed)
    verdicts: dict[str, Counter[str]] = {kind: Counter() for kind in PLANTS}
    shown: list[str] = []
    spent = checks = 0.0
    for group in groups(seed):
        if all(sum(found.values()) >= wanted for found in verdicts.values()):
            break
        held = {a.url: passages(a.url, of_markdown(a.answer)) for a in group}
        nearest: Nearest | None = None
        names = sorted({m.group() for a in group for m in NAME.finditer(a.answer)})
        for article in group:
            for kind, plant in PLANTS.items():
                claim = sentence(article, dice)
                if claim is None or sum(verdicts[kind].values()) >= wanted:
                    continue
                text = plant(claim.text, dice, names)
                if text is None:
                    continue
                if nearest is None:
                    nearest = Nearest(p for url in held for p in held[url])
                without = (p for url in held if url != article.url for p in held[url])
                index = Nearest(without) if kind == "absent" else nearest
                new = Claim(0, 1, text, claim.kind, claim.lead)
                hits = index.search(new.text, new.lead)
                looked = time.process_time()
                found = Embedded(index.names).judge(new, hits)
                spent, checks = spent + time.process_time() - looked, checks + 1
                verdicts[kind][found.verdict.value] += 1
                wrong = (found.verdict.value == "differs") == (kind in {"untouched", "paraphrase", "absent"})
                if wrong:
                    shown.append(
                        f"{kind}: {found.verdict.value} {found.reason[:120]}\n   was {claim.text}\n   now {text}"
                    )
    for kind, counts in verdicts.items():
        total = sum(counts.values())
        share, half = interval(counts["differs"], total)
        print(f"{kind:11} differs {share:6.1%} ±{half:5.1%} of {total}   {dict(counts.most_common())}")
    print(f"{checks / spent:.0f} checks a CPU second after retrieval (first sight of each passage)")
    print("\n".join(dice.sample(shown, min(len(shown), int(sys.argv[3]) if len(sys.argv) > 3 else 0))))


def interval(hits: int, total: int) -> tuple[float, float]:
    share = hits / max(total, 1)
    return share, 1.96 * (share * (1 - share) / max(total, 1)) ** 0.5


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[2]) if len(sys.argv) > 2 else 1)

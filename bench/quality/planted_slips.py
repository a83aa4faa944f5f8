"""Slips that a person wrote into sentences of MedQuAD and the example before reading a rule: reported by kind or not.

    python bench/quality/planted_slips.py [a|b|c ...]

`planted/slips-*.jsonl` hold a draw each: the sentence by its fingerprint, the kind, and what was put in the place of
what; a `paraphrase` is the whole sentence in other words. Each sentence stands in its own answer among nine others (or
in the example's sources); every sentence of the draw is also asked about as it stands. Nothing is filtered: no word of
a slip was looked for elsewhere in the evidence.
"""

import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import plant
import planted
import planted_text
from planted import Pair

DRAWS = tuple(path.stem.removeprefix("slips-") for path in sorted(plant.TABLES.glob("slips-*.jsonl")))
KINDS = ("number", "unit", "negation", "direction", "recommendation", "name", "population", "trial")


class Slip(msgspec.Struct, frozen=True):
    """``edits`` are pairs of words, old and new, each put in once; ``says`` is the whole sentence instead."""

    of: str
    kind: str
    edits: list[tuple[str, str]] = []
    says: str = ""

    def applied(self, text: str) -> str:
        for old, new in self.edits:
            if old not in text:
                sys.exit(f"{self.of}: {old!r} does not stand in {text!r}")
            text = text.replace(old, new, 1)
        return self.says or text


def fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def evidence() -> dict[str, tuple[str, list[str]]]:
    """Every sentence by its fingerprint, with what it is laid beside."""
    known: dict[str, tuple[str, list[str]]] = {}
    answers = planted_text.medquad()
    if answers is None:
        sys.exit("medquad.tar.xz is missing; set RESPONSA_DATA to the folder of the real data")
    near = planted_text.Neighbours(answers)
    wanted = {slip.of for name in DRAWS for slip in read(name)}
    for answer in answers:
        for one in planted_text.sentences(answer):
            if (key := fingerprint(one.text)) in wanted and key not in known:
                known[key] = one.text, [answer.text, *(a.text for a in near.of(answer, 9))]
    sources = planted_text.example_sources()
    for text in (*planted_text.example_sentences(), *_of_sources(sources)):
        known.setdefault(fingerprint(text), (text, sources))
    return known


def _of_sources(sources: list[str]) -> Iterator[str]:
    for source in sources:
        for line in source.splitlines():
            yield from planted_text.ENDS.split(line.strip().lstrip("- "))


def read(name: str) -> list[Slip]:
    lines = (plant.TABLES / f"slips-{name}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Slip) for line in lines]


def pairs(name: str, known: dict[str, tuple[str, list[str]]]) -> Iterator[Pair]:
    """The slips of a draw, and each of its sentences as it stands."""
    slips = [slip for slip in read(name) if slip.of in known]
    if left := len(read(name)) - len(slips):
        print(f"draw {name}: {left} sentences are gone from the texts", file=sys.stderr)
    for number, slip in enumerate(slips):
        was, beside = known[slip.of]
        yield Pair(f"{name}-{number}", slip.kind, slip.applied(was), beside, was)
    for key in dict.fromkeys(slip.of for slip in slips):
        was, beside = known[key]
        yield Pair(f"{name}-{key}", "untouched", was, beside, was)


def main(names: list[str]) -> None:
    known = evidence()
    groups = {name: list(pairs(name, known)) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        verdicts = planted.judged([pair for group in groups.values() for pair in group], Path(folder))
    for name, group in groups.items():
        planted.table(f"draw {name}", group, verdicts, KINDS)
    for group in groups.values():
        planted.misses(group, verdicts, 100)


if __name__ == "__main__":
    main(sys.argv[1:] or list(DRAWS))

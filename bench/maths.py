r"""Formulas of the real library: how many are found, rendered, shown as source; money and broken commands.

    uv run bench/maths.py [--library FOLDER]

Three counts of mistakes, all of which should be 0:

- *money*: a formula that reads like an amount. Every formula that begins with a number is looked at by rules other than
  the finder's own: it must hold an operator, a command or a script, or be nothing but numbers, units and letters; what
  holds two words or more without a command, or is followed by a digit, is counted and printed. The audited traps of
  ``tests/records/test_maths.py`` are counted beside them.
- *error boxes*: a formula that comes out as neither MathML nor its source, or as MathML with an error in it.
- *broken commands*: replacing every ``\n`` cuts commands of TeX in two (``\neq``, ``\nabla``). What is kept is counted,
  and so is every formula with the rest of such a command (``eq``, ``abla``) at the start of a line: the mistakes.
"""

import argparse
import collections
import re
import sys
from pathlib import Path

from realdata import real_library

from responsa.publish.html import render
from responsa.records.mathml import mathml
from responsa.records.maths import Maths, find_maths
from responsa.records.text import decode_answer

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "records"))

AMOUNT = re.compile(r"\s*[-+~]?\d[\d,.]*\s*(?:k|K|M|B|bn|million|billion|thousand|dollars|USD)?\b")
TWO_WORDS = re.compile(r"[A-Za-z]{3,}\W+[A-Za-z]{3,}")
COMMANDS = r"abla|eq|eg|u|otin|ot|i|mid|e|leq|geq|parallel|exists|rightarrow|Rightarrow|leftarrow|warrow|earrow"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--library", type=Path, default=None)
    folder = options.parse_args().library or real_library()
    counts: collections.Counter[str] = collections.Counter()
    for path in sorted((folder / "content").rglob("*.md")):
        look(path, counts)
    report(counts)


def look(path: Path, counts: collections.Counter[str]) -> None:
    raw = raw_answer(path.read_text(encoding="utf-8"))
    if raw is None:
        return
    counts["answers"] += 1
    answer = decode_answer(raw)
    counts["dollar"] += "$" in answer
    look_at_breaks(raw, answer, path, counts)
    spans = find_maths(answer)
    counts["money alone"] += not spans and re.search(r"\$ ?\d", answer) is not None
    if spans:
        counts["with"] += 1
        look_at_spans(answer, spans, path, counts)


def raw_answer(text: str) -> str | None:
    """The line of the folded scalar, as the real library writes every one of them."""
    found = re.search(r"(?m)^answer: >-\n {4}(.*)$", text)
    return found.group(1) if found else None


def look_at_spans(answer: str, spans: list[Maths], path: Path, counts: collections.Counter[str]) -> None:
    html = render(answer).body
    counts["spans"] += len(spans)
    sources = sum(mathml(span.tex, display=span.display) is None for span in spans)
    counts["source"] += sources
    counts["answers with a source"] += sources > 0
    shown = html.count("<math") + html.count('<code class="tex">')
    if "<merror" in html or shown < len(spans) - html.count("<pre"):
        counts["error"] += 1
        print(f"not shown: {path.stem}")
    for span in spans:
        if is_money(answer, span):
            counts["money"] += 1
            print(f"money? {path.stem}: {answer[span.start : span.end + 12]!r}")


def is_money(answer: str, span: Maths) -> bool:
    if answer[span.start] != "$" or span.display or not AMOUNT.match(span.tex):
        return False
    if answer[span.end : span.end + 1].isdigit():
        return True
    return "\\" not in span.tex and TWO_WORDS.search(span.tex) is not None


def look_at_breaks(raw: str, answer: str, path: Path, counts: collections.Counter[str]) -> None:
    """Commands inside formulas that a plain replace cuts in two."""
    if "\\n" not in raw:
        return
    kept = [found for span in find_maths(answer) for found in re.findall(rf"\\n(?:{COMMANDS})(?![A-Za-z])", span.tex)]
    if kept:
        counts["commands kept"] += len(kept)
        counts["answers kept whole"] += 1
    for span in find_maths(answer):
        # What is left of a broken command at the start of a line inside a formula: "eq", "abla".
        if broken := re.search(r"\n(?:abla|eq|eg|otin|mid|leq|geq)(?![A-Za-z])", span.tex):
            counts["broken"] += 1
            print(f"broken: {path.stem}: {span.tex[max(0, broken.start() - 30) : broken.end() + 30]!r}")


def report(counts: collections.Counter[str]) -> None:
    from test_maths import MONEY, TRAPS  # noqa: PLC0415 - the folder is put on the path above

    spans = counts["spans"]
    wrong = sum(bool(find_maths(text)) for text in TRAPS)
    print(f"answers {counts['answers']:,}; with a dollar sign {counts['dollar']:,}; with formulas {counts['with']:,}")
    print(f"formulas {spans:,}; as MathML {spans - counts['source']:,} ({(1 - counts['source'] / spans):.4%})")
    print(f"as source {counts['source']} in {counts['answers with a source']} answers; error boxes {counts['error']}")
    print(f"commands that a plain replace breaks: {counts['commands kept']} in {counts['answers kept whole']} answers")
    print(f"answers with a broken command: {counts['broken']}")
    print(f"answers with money and no formula: {counts['money alone']}; money taken for formulas: {counts['money']}")
    print(f"audited traps: {len(TRAPS)}, {len(MONEY)} of them money; taken for formulas: {wrong}")
    sys.exit(1 if counts["error"] or counts["broken"] or counts["money"] or wrong else 0)


if __name__ == "__main__":
    main()

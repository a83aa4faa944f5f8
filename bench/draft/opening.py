"""Whether digests open with the answer: questions on the example's sources, judged before any digest was seen.

    python bench/draft/opening.py [--show] [--held] [--words]

Each line of ``openings.jsonl`` says how the sentences begin that answer a question, and those that belong beside them;
all else is beside the point. A question without answers must be refused. Half of the questions are `held`: nothing was
tuned on them. `seen` ones had been named as weak before. ``--show`` prints what went wrong, of the held half only with
``--held``.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from responsa.draft import Draft, Refusal, Study, draft
from responsa.draft.shelves import study_of
from responsa.library.library import read

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples/liver-cancer"
HALVES = ("seen", "tuned", "held")


class Tally:
    def __init__(self) -> None:
        self.answerable = self.opened = self.among = self.refused = 0
        self.unanswerable = self.declined = 0
        self.sentences = self.belong = 0

    def take(self, asked: dict[str, Any], made: Draft | Refusal) -> str:
        """What is wrong with the outcome, or nothing."""
        if not asked["answers"]:
            self.unanswerable += 1
            self.declined += isinstance(made, Refusal)
            return "" if isinstance(made, Refusal) else "answered what nothing answers"
        self.answerable += 1
        if isinstance(made, Refusal):
            self.refused += 1
            return f"refused: {made.reason}: {made.message}"
        answers, beside = tuple(asked["answers"]), tuple(asked["belongs"])
        texts = [one.text for one in made.sentences]
        strays = [text for text in texts if not text.startswith(answers + beside)]
        self.sentences += len(texts)
        self.belong += len(texts) - len(strays)
        self.among += any(text.startswith(answers) for text in texts)
        opened = texts[0].startswith(answers)
        self.opened += opened
        wrong = "" if opened else "opens with another sentence; "
        return wrong + (f"{len(strays)} of {len(texts)} beside the point" if strays else "")

    def __str__(self) -> str:
        return (
            f"{self.opened} of {self.answerable} open with the answer ({self.among} hold it, {self.refused} refused); "
            f"{self.belong} of {self.sentences} sentences belong; "
            f"{self.declined} of {self.unanswerable} unanswerable refused"
        )


def shown(asked: dict[str, Any], made: Draft | Refusal, wrong: str) -> str:
    lines = [f"\n## {asked['question']} ({asked['half']}, {asked['kind']}): {wrong or 'right'}"]
    if isinstance(made, Draft):
        marks = (tuple(asked["answers"]), tuple(asked["belongs"]))
        for one in made.sentences:
            mark = "A" if one.text.startswith(marks[0]) else "b" if one.text.startswith(marks[1]) else "-"
            lines.append(f"  {mark} {one.text}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    halves = {half: Tally() for half in HALVES}
    with tempfile.TemporaryDirectory() as place:
        study: Study = study_of(
            read(shutil.copytree(EXAMPLE, Path(place) / "library")), meaning="--words" not in arguments
        )
        for line in (HERE / "openings.jsonl").read_text().splitlines():
            asked = json.loads(line)
            made = draft(asked["question"], study)
            wrong = halves[asked["half"]].take(asked, made)
            if "--show" in arguments and (asked["half"] != "held" or "--held" in arguments):
                print(shown(asked, made, wrong))
    print()
    for half, tally in halves.items():
        print(f"{half}: {tally}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

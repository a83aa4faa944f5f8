"""Drafts without a model on the example's sources: each sentence is looked up in the passage it cites.

    python bench/draft/digests.py [--show] [--meaning] [LIBRARY] [QUESTIONS]

Ends with 1 where a sentence is not found word for word or a question has another outcome than the file expects.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from responsa.draft import Draft, Refusal, Study, draft
from responsa.draft.shelves import study_of
from responsa.library.library import read

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples/liver-cancer"


def flat(text: str) -> str:
    return " ".join(text.split())


def misquoted(made: Draft, study: Study) -> list[str]:
    """Sentences that do not stand word for word in the passage that they cite."""
    texts = {passage.id: flat(passage.text) for passage in study.checking.passages}
    return [one.text for one in made.sentences if flat(one.text) not in texts.get(one.passage, "")]


def shown(made: Draft | Refusal) -> str:
    if not isinstance(made, Draft):
        return f"    REFUSED {made.reason}: {made.message}"
    return f"{made.answer}\n    score {made.score}, {len(made.sentences)} sentences of {len(made.sources)} sources"


def main(arguments: list[str]) -> int:
    options = {word for word in arguments if word.startswith("--")}
    given = [word for word in arguments if not word.startswith("--")]
    questions = Path(given[1]) if len(given) > 1 else HERE / "questions.jsonl"
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(given[0] if given else EXAMPLE, Path(place) / "library")
        return run(folder, questions, options)


def run(folder: Path, questions: Path, options: set[str]) -> int:
    study = study_of(read(folder), meaning="--words" not in options)
    sentences = wrong = other = 0
    for line in questions.read_text().splitlines():
        asked = json.loads(line)
        made = draft(asked["question"], study)
        if "--show" in options:
            print(f"\n## {asked['question']}\n\n{shown(made)}")
        outcome = "draft" if isinstance(made, Draft) else str(made.reason)
        if outcome != asked["expect"]:
            other += 1
            print(f"{asked['question']}: {outcome}, expected {asked['expect']}")
        if isinstance(made, Draft):
            bad = misquoted(made, study)
            sentences, wrong = sentences + len(made.sentences), wrong + len(bad)
            print(*(f"NOT FOUND: {text}" for text in bad), sep="\n", end="\n" if bad else "")
            if made.score != 1.0:
                print(f"{asked['question']}: score {made.score}")
    print(f"\n{sentences} sentences, {wrong} not word for word in their passage; {other} outcomes not as expected")
    return int(bool(wrong or other))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A batch of 200 questions against a local server, killed at 20 random moments: what is lost, what is asked twice.

    python bench/draft/kills.py [QUESTIONS] [KILLS] [JOBS]

Ends with 1 where a question is lost, drafted twice, or more requests are repeated than were under way at the kills.
"""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from draft.fake_model import Fake, serving
from draft.killing import killed_and_finished
from draft.shelf import library, saved

ASK = ("at how many degrees are stoneware teapots fired?", "which stoneware teapots are fired for kings and queens?")


def main(count: int = 200, kills: int = 20, jobs: int = 4) -> int:
    with tempfile.TemporaryDirectory() as place:
        folder = library(Path(place) / "library")
        names = [f"Teapot question {number}: {ASK[number % 5 == 4]}" for number in range(count)]
        file = Path(place) / "questions.jsonl"
        file.write_text("".join(json.dumps({"question": name}) + "\n" for name in names))
        fake = Fake(delay=0.05)
        with serving(fake) as address:
            last = killed_and_finished(folder, file, address, fake, jobs=jobs, kills=kills, seed=5)
        done = [saved(folder, path.stem)["question"] for path in (folder / "drafts").glob("*.json")]
        lost, twice = len(set(names) - set(done)), len(done) - len(set(done))
        repeated = sum(fake.asked.values()) - len(fake.asked)
        print(last.stderr.strip())
        print(f"{kills} kills, {len(done)} outcomes: {lost} lost, {twice} there twice")
        print(f"{len(fake.asked)} different requests, {repeated} repeated; under way at a kill: {kills * jobs} at most")
    return int(bool(last.returncode or lost or twice or len(fake.asked) != count or repeated > kills * jobs))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

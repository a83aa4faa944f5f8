"""What check finds in the real library beside what was found before by other means; ends with 1 where they differ.

uv run bench/check_counts.py [--library FOLDER]
"""

import argparse
import datetime
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from realdata import real_library

from responsa.check.check import check
from responsa.library.catalogue import refresh
from responsa.library.library import read

EXPECTED = {
    "link-doubled": (8_008, ""),
    "link-dangling": (310, ""),
    "link-self": (2, ""),
    "link-undefined": (0, "the 1 counted before is an article on why division by zero is undefined: a word, no fault"),
    "repeated-id": (2_474, ""),
    "repeated-question": (2_706, ""),
    "repeated-answer": (2_550, ""),
    "refusal": (67, ""),
    "description-long": (34_280, ""),
}
SPELLINGS, SUBJECTS = 44, 40


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--library", type=Path, default=None)
    library = read(options.parse_args().library or real_library())
    start = time.perf_counter()
    with refresh(library) as catalogue:
        read_in = time.perf_counter() - start
        problems = check(library, catalogue, datetime.datetime.now(tz=datetime.UTC).date())
        shelves = catalogue.subjects()
    seconds = time.perf_counter() - start
    found = Counter(problem.rule for problem in problems)
    wrong = 0
    for rule, (expected, why) in EXPECTED.items():
        wrong += found[rule] != expected
        print(f"{rule:20} {found[rule]:7,} expected {expected:7,} {why}")
    for rule in sorted(set(found) - set(EXPECTED)):
        print(f"{rule:20} {found[rule]:7,} (not counted before)")
    spellings = sum(len(shelf.spellings) for shelf in shelves)
    print(f"{spellings} spellings of {len(shelves)} subjects; expected {SPELLINGS} of {SUBJECTS}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.1f} s, of these {read_in:.1f} s for the catalogue; {memory:.0f} MB in the main process")
    sys.exit(wrong > 0 or (spellings, len(shelves)) != (SPELLINGS, SUBJECTS))


if __name__ == "__main__":
    main()

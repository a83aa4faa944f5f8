"""What a report costs: ``python bench/report.py LIBRARY [--near]``, beside what ``check`` costs on the same library."""

import datetime
import resource
import sys
import time
from pathlib import Path

from responsa.check.check import check
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.report.figures import figures
from responsa.report.page import page
from responsa.shards import Here


def used() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def main() -> None:
    library = read(Path(sys.argv[1]))
    near = None
    if "--near" in sys.argv:
        from responsa.report.near import clusters as near  # noqa: PLC0415 - needs the extra
    day = datetime.date(2026, 1, 1)
    with refresh(library) as catalogue:
        start, wall = used(), time.perf_counter()
        found = check(library, catalogue, day, Here())
        print(f"check   {used() - start:6.2f} s CPU {time.perf_counter() - wall:6.2f} s, {len(found):,} problems")
        del found
        start, wall = used(), time.perf_counter()
        html = page(figures(library, catalogue, day, near, executor=Here()), "bench", {})
        print(f"report  {used() - start:6.2f} s CPU {time.perf_counter() - wall:6.2f} s, {len(html):,} letters")
    print(f"memory  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB at most")


if __name__ == "__main__":
    main()

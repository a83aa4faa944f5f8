"""What it costs to lay the whole real library beside itself, in one process: CPU seconds and memory.

python bench/evidence/contradictions.py [OUT]

OUT, outside the project, gets the first forty conflicts to be read by a person.
"""

import resource
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from realdata import real_library

from responsa.cli.contradictions import SHARD, Job, read_shard
from responsa.evidence.siblings import compare, siblings
from responsa.library.library import read
from responsa.shards import shards

SHOWN = 40


def main(out: Path | None) -> None:
    library = read(real_library())
    paths = library.paths()
    with tempfile.TemporaryDirectory() as folder, siblings(Path(folder) / "base") as known:
        for part in shards(paths, SHARD):
            known.keep(read_shard(Job(str(library.folder), tuple(part), {})))
        told("read", paths)
        batches = known.batches()
        told("laid out", batches)
        for batch in batches:
            known.record(*compare(batch))
        told("compared", batches)
        statements, conflicts = known.counts()
        found = list(islice(known.ranked(), SHOWN))
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    print(f"{statements} statements, {conflicts} pairs differ, database {size:.0f} MB")
    print(f"subjects of the first {SHOWN}: {len({one.one.subject for one in found})}")
    if out:
        out.write_text(
            "".join(
                f"{number}. {one.rank} {one.kind} {'; '.join(map(str, one.differences))}\n"
                + "".join(f"   {part.question} | {part.lead}\n      {part.text}\n" for part in (one.one, one.other))
                for number, one in enumerate(found, 1)
            )
        )


def told(what: str, of: list) -> None:  # type: ignore[type-arg]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what} {len(of)}: {time.process_time():.0f} CPU s so far, at most {memory:.0f} MB", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

"""What of Responsa programs may lean on, and how it fits together: the text and the list of the page on Python."""

# ruff: noqa: INP001  (a script's part, in no package)

from typing import Final

INTRODUCTION: Final = """\
Responsa is a library as well as a command. A stage takes frozen values and gives frozen values back; nothing is written
but by `library.write.write` and by the publisher. In alpha, names outside this page may change without notice; those on
it change only with a line in the [changes](../../CHANGELOG.md).

A library read, checked and published:

```python
import datetime
from pathlib import Path

from responsa.check.check import check
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.publish.build import build

library = read(Path("LIBRARY"))
with refresh(library) as catalogue:
    problems = check(library, catalogue, datetime.date.today())
    assert not [problem for problem in problems if problem.severity.value == "error"]
built = build(library, Path("site"))
assert built.pages == len(list(library.articles()))
```

An answer checked against the sources of its library, sentence by sentence:

```python
from pathlib import Path

from responsa.evidence.check import check
from responsa.evidence.report import rescore
from responsa.evidence.embedded import Embedded
from responsa.evidence.retrieval import Nearest
from responsa.evidence.shelf import read_shelf
from responsa.library.library import read

library = read(Path("LIBRARY"))
nearest = Nearest(read_shelf(library.folder / "sources").passages())
for article in library.articles():
    report = check(article, nearest, Embedded())
    for checked in report.checked:
        print(checked.finding.verdict.value, checked.claim.text)
    print(rescore(report))  # an Edit: what would be written, and why
    break
```

Search, with `pip install 'responsa[search]'`:

```python
from pathlib import Path

from responsa.index.encoders import encoder_of
from responsa.index.index import open_index
from responsa.library.catalogue import refresh
from responsa.library.library import read

library = read(Path("LIBRARY"))
with refresh(library) as catalogue, open_index(library, catalogue, encoder_of(library)) as index:
    for hit in index.search("when is a transplant possible", 3):
        print(f"{hit.score:.2f} {hit.url}")
```

A record changed without touching another byte of it:

```python
from pathlib import Path

from responsa.records.record import parse

path = next(Path("LIBRARY/content/learn").rglob("*.md"))
record = parse(path.read_bytes(), path)
changed = record.replace("author", "A. Physician")
assert parse(changed.data).values["author"] == "A. Physician"
assert changed.replace("author", record.values["author"]).data == path.read_bytes()
```
"""

API: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("The nouns", "responsa.article", ("Article", "Link", "Source", "Review", "Edit")),
    ("Records", "responsa.records.record", ("Record", "parse")),
    ("Records as articles", "responsa.records.fields", ("article_of", "edit_record")),
    ("A library", "responsa.library.library", ("Library", "Change", "read", "apply")),
    ("Its settings", "responsa.library.config", ("Config",)),
    ("Reading its settings", "responsa.library.settings", ("load",)),
    ("Its catalogue", "responsa.library.catalogue", ("refresh",)),
    ("Writing", "responsa.library.write", ("write",)),
    ("New files", "responsa.library.create", ("New", "create")),
    ("Checking", "responsa.check.check", ("check",)),
    ("Problems", "responsa.check.problem", ("Problem",)),
    ("Searching", "responsa.index.index", ("open_index", "Hit")),
    ("Sources", "responsa.evidence.shelf", ("read_shelf", "SourceText")),
    ("Claims", "responsa.evidence.claims", ("claims", "Claim")),
    ("Verdicts", "responsa.evidence.check", ("check",)),
    ("Reports", "responsa.evidence.report", ("Report", "rescore", "score_of")),
    ("A judge", "responsa.evidence.judge", ("Judge",)),
    ("Publishing", "responsa.publish.build", ("build", "Wish", "Build")),
)
"""Titles, modules and names, in the order of the page."""

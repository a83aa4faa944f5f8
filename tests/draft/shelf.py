"""A small library on teapots with its sources, for drafts."""

import json

from responsa.draft import Study
from responsa.draft.shelves import study_of
from responsa.library.library import read

SOURCES = {
    "kiln-2019": """Stoneware teapots are fired at about 1,280 degrees. They hold heat longer than porcelain does.

Porcelain teapots are fired at 1,350 degrees and chip easily.

Lead glaze can poison a person who drinks from the pot every day.""",
    "care-2021": """A teapot is rinsed with hot water and dried upside down. Soap is avoided in unglazed teapots, because the clay keeps its smell.

Cast iron teapots rust when they are left wet.

| Teapot | Best tea |
|---|---|
| stoneware | black tea |
| porcelain | white tea |
| cast iron | green tea |""",
    "history-2005": """The first teapots were made in China in the time of the Yixing potters, about 1500. However, wine jugs are older.""",
}


def library(folder, sources=SOURCES, articles=3):
    shelf = folder / "content/learn/pottery"
    shelf.mkdir(parents=True)
    (folder / "sources").mkdir()
    for name, text in sources.items():
        (folder / "sources" / f"{name}.md").write_text(
            f"---\nid: {name}\ntitle: Teapots, {name}\nyear: 2019\n---\n\n{text}\n"
        )
    for number in range(1, articles + 1):
        (shelf / f"pot-{number}.md").write_text(
            f"---\n_schema: default\nid: {100 + number}\ndate: 2024-12-0{number}\n"
            f"title: >-\n    How is clay number {number} dug?\narticle_title: >-\n    How is clay number {number} dug?\n"
            "date_format: MMM DD, YYYY\npost_on_text: Posted on\nauthor: A potter\n"
            f"question: >-\n    How is clay number {number} dug?\nanswer: >-\n    With a spade of the length {number}.\n"
            f"subject: Pottery\nfile_name: pot-{number}.md\nurl: /learn/pottery/questions/pot-{number}\nscore: -1.0\n---\n\n&nbsp;"
        )
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

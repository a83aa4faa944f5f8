import pytest

from responsa.library import library as libraries

RECORD = """---
_schema: default
id: {id}
date: 2024-12-0{day}
title: >-
    {question}
question: >-
    {question}
answer: >-
    {answer}
subject: {subject}
url: /learn/{shelf}/questions/{slug}
score: -1.0
related_article1:
    id: 7
    title: >-
        Other
    subject: {subject}
    url: {target}
---

&nbsp;
"""


def record(slug, **changed):
    values = {
        "id": 1, "day": 1, "question": slug.replace("-", " ") + "?", "answer": f"The answer to {slug}.",
        "subject": "Medicine", "shelf": "medicine", "slug": slug, "target": "/learn/medicine/questions/b",
    }  # fmt: skip
    return RECORD.format(**(values | changed))


@pytest.fixture
def folder(tmp_path):
    """A library of three articles: a and c link to b, b to a page that is not there."""
    shelf = tmp_path / "content/learn/medicine"
    shelf.mkdir(parents=True)
    for number, slug in enumerate("abc", 1):
        target = "/learn/medicine/questions/" + ("none" if slug == "b" else "b")
        (shelf / f"{slug}.md").write_text(record(slug, id=number, day=number, target=target))
    return tmp_path


@pytest.fixture
def library(folder):
    return libraries.read(folder)


@pytest.fixture
def new_record():
    return record

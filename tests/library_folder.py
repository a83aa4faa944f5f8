"""A library in a folder, small enough to be built hundreds of times."""

from responsa.library.library import read
from responsa.publish.build import Wish, build

RECORD = """---
_schema: default
id: 1
date: 2024-12-{day:02d}
question: >-
    {question}
answer: >-
    {answer}
subject: {subject}
url: {url}
score: -1.0
{more}---

&nbsp;
"""
REFUSAL = "I cannot answer this question based on the available information."


def address(name):
    return f"/learn/medicine/questions/{name}"


def record(name, *, answer="", subject="Medicine", day=1, question="", url="", links=(), more=""):
    related = "".join(
        f"related_article{slot}:\n    id: 1\n    title: Old title\n    subject: Medicine\n    url: {link}\n"
        for slot, link in enumerate(links, 1)
    )
    return RECORD.format(
        day=day,
        question=question or f"What is {name}?",
        answer=answer or f"The **answer** to {name}.",
        subject=subject,
        url=url or address(name),
        more=more + related,
    )


def put(folder, name, **fields):
    path = folder / "content/learn/medicine" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record(name, **fields), encoding="utf-8")
    return path


def made(folder, out=None, **wish):
    return build(read(folder), out or folder / "site", Wish(**wish))


def tree(folder):
    """Every file of a site with what it holds, the mark among them."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

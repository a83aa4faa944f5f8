"""Sentences with the passages they come from: MedQuAD's answers, and the example library with its sources."""

# ruff: noqa: E501, RUF001 - a pattern reads better whole, and real texts hold dashes and quotes

import os
import re
import tarfile
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

EXAMPLE = Path(__file__).parents[2] / "examples" / "liver-cancer"


class Answer(msgspec.Struct, frozen=True):
    """One answer, with what it is about and who gave it."""

    focus: str
    source: str
    text: str


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of an answer, as one line."""

    text: str
    answer: Answer


def medquad() -> list[Answer] | None:
    """Every answer that is not empty, each text once, in the order of the file names; None where the data is missing."""
    path = Path(os.environ.get("RESPONSA_DATA", "../shared/data")) / "medquad.tar.xz"
    if not path.is_file():
        return None
    with tarfile.open(path) as packed:
        files = {m.name: packed.extractfile(m) for m in packed if m.name.endswith(".xml")}
        pages = {name: file.read() for name, file in files.items() if file}
    answers = {a.text: a for name in sorted(pages) for a in answers_of(pages[name])}
    return list(answers.values())


def answers_of(page: bytes) -> Iterator[Answer]:
    root = ET.fromstring(page)
    focus = (root.findtext("Focus") or "").strip()
    for pair in root.iter("QAPair"):
        if text := (pair.findtext("Answer") or "").strip():
            yield Answer(focus, root.get("source", ""), text)


class Neighbours:
    """Finds the other answers among which an answer's own has to be found: of the same focus first, then same source."""

    def __init__(self, answers: list[Answer]) -> None:
        self.by_focus: dict[str, list[Answer]] = defaultdict(list)
        self.by_source: dict[str, list[Answer]] = defaultdict(list)
        for answer in answers:
            self.by_focus[answer.focus].append(answer)
            self.by_source[answer.source].append(answer)
        self.place = {a.text: i for group in self.by_source.values() for i, a in enumerate(group)}

    def of(self, answer: Answer, count: int) -> list[Answer]:
        same = self.by_source[answer.source]
        at = self.place[answer.text]
        ring = [same[(at + step) % len(same)] for step in range(1, 4 * count)]
        near = [a for a in (*self.by_focus[answer.focus], *ring) if a.text != answer.text]
        return list({a.text: a for a in near}.values())[:count]


ENDS = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!Dr\.)(?<!St\.)(?<!vs\.)(?<!i\.e\.)(?<!e\.g\.)(?<!et al\.)\s+(?=[A-Z“\"])"
)
LINES = re.compile(r"\n|\s{2,}|(?<=\s)[-*•] ")
# A heading run into the sentence shows as a capital on a word that starts sentences, or as several capitals in a row.
RUN_IN = re.compile(
    r"\w \(?(?:The|A|An|In|It|If|You|Your|Some|Many|Most|People|Common|Other|This|These|There|When|What|How|For|To|As|Are|Is|Because|Symptoms|Treatment|Signs|Causes)\b"
)
PAGE = re.compile(
    r"click|watch the|video|see the|section|browser|web ?site|visit|http|www|call |e-mail|for more information|read more|learn more|table below|MedlinePlus|clinical trial|listed|below\.|above\.|following|Human Phenotype|\. [A-Z][a-z]|[?:;=_\[\]•*]",
    re.IGNORECASE,
)


def sentences(answer: Answer) -> Iterator[Sentence]:
    """The whole, plain sentences of an answer: 7 to 34 words, with no heading run in and nothing about the page itself."""
    for line in LINES.split(answer.text):
        for text in ENDS.split(line.strip()):
            if plain(text):
                yield Sentence(text, answer)


def plain(text: str) -> bool:
    words = text.split()
    return (
        7 <= len(words) <= 34
        and re.match(r"[A-Z][\w'’-]*[, ]", text) is not None
        and text.endswith(".")
        and text.count("(") == text.count(")")
        and not RUN_IN.search(text)
        and not PAGE.search(text)
        and re.search(
            r"\b(?:is|are|was|were|has|have|can|may|should|will|do|does|\w+s|\w+ed|cause|affect|include|occur)\b", text
        )
        is not None
    )


MARKS = re.compile(r"\*\*|\*|`|\[([^\]]*)\]\([^)]*\)")


def example_sentences() -> list[str]:
    """The sentences of the example's answers, without tables, headings and marks."""
    out: dict[str, None] = {}
    for path in sorted((EXAMPLE / "content").rglob("*.md")):
        head = yaml.safe_load(path.read_text("utf-8").split("\n---", 1)[0].removeprefix("---"))
        for line in str(head["answer"]).replace("\\n", "\n").splitlines():
            if not line.lstrip().startswith(("|", "#", ">")):
                text = MARKS.sub(lambda m: m[1] or "", line.strip().removeprefix("- "))
                out.update(dict.fromkeys(s for s in ENDS.split(text) if len(s.split()) > 5 and s.endswith(".")))
    return list(out)


def example_sources() -> list[str]:
    """The text of every note of the example, without its head."""
    paths = sorted((EXAMPLE / "sources").glob("*.md"))
    return [p.read_text("utf-8").split("\n---", 1)[1].strip() for p in paths]

"""Whether digests open with the answer, on many subjects: documents of MedQuAD as sources, without their headings.

    python bench/draft/sections.py [--show] [DOCUMENTS]

Each document lies among the others as one source, all its answers below each other; a question of it is right where the
first sentence of the digest stands in that question's own answer. Documents are `tuned` or `held` by their number.
Reads ``medquad.tar.xz`` below RESPONSA_DATA (default ../shared/data).
"""

import os
import re
import sys
import tarfile
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from responsa.draft import Draft, draft
from responsa.draft.shelves import study_of
from responsa.library.library import read

DATA: Final = Path(os.environ.get("RESPONSA_DATA", "../shared/data")) / "medquad.tar.xz"
SITES: Final = ("1_CancerGov_QA", "5_NIDDK_QA", "8_NHLBI_QA_XML", "6_NINDS_QA")
KINDS: Final = frozenset(
    {
        "information", "causes", "symptoms", "exams and tests", "treatment", "prevention", "outlook", "frequency",
        "susceptibility", "complications", "stages",
    }
)  # fmt: skip
LEAST: Final = 4
"""Answers of a document."""

Document = tuple[str, str, list[tuple[str, str, str]]]
"""Name, title, and questions with their kind and answer."""


def documents(count: int) -> list[Document]:
    """Spread over the sites, in the archive's order by name."""
    with tarfile.open(DATA) as archive:
        members = sorted((one for one in archive if one.name.endswith(".xml")), key=lambda one: one.name)
        found = {site: _some(archive, members, site, count // len(SITES)) for site in SITES}
    return [one for site in SITES for one in found[site]]


def _some(archive: tarfile.TarFile, members: list[tarfile.TarInfo], site: str, count: int) -> list[Document]:
    own = sorted(
        (one for one in members if f"/{site}/" in f"/{one.name}"), key=lambda one: zlib.crc32(one.name.encode())
    )
    found: list[Document] = []
    for member in own:
        file = archive.extractfile(member)
        document = _document(f"{site[0]}-{Path(member.name).stem}", file.read()) if file else None
        if document:
            found.append(document)
        if len(found) == count:
            break
    return found


def _document(name: str, data: bytes) -> Document | None:
    root = ElementTree.fromstring(data)
    pairs = [
        (pair[0].get("qtype", ""), " ".join((pair[0].text or "").split()).replace(" ?", "?"), pair[1].text or "")
        for pair in root.iter("QAPair")
        if len(pair) > 1 and (pair[1].text or "").strip()
    ]
    title = " ".join((root.findtext("Focus") or "").split())
    return (name, title, pairs) if len(pairs) >= LEAST and title.isascii() else None


def written(folder: Path, held: list[Document]) -> None:
    (folder / "content/learn").mkdir(parents=True)
    (folder / "sources").mkdir()
    for name, title, pairs in held:
        text = "\n\n".join(_paragraphs(answer) for _, _, answer in pairs)
        (folder / "sources" / f"{name}.md").write_text(f"---\nid: {name}\ntitle: {title!r}\n---\n\n{text}\n")


def _paragraphs(answer: str) -> str:
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", answer)]
    return "\n\n".join(re.sub(r"([<>*_`#|\[\]])", r"\\\1", part) for part in parts if part)


def asked(held: list[Document]) -> Iterator[tuple[str, str, str, str]]:
    """Half, kind, question, answer: one of each kind a document, its first three."""
    for name, _, pairs in held:
        half = "tuned" if zlib.crc32(f"half {name}".encode()) % 2 else "held"
        kinds = {kind: (kind, question, answer) for kind, question, answer in reversed(pairs) if kind in KINDS}
        yield from ((half, *one) for one in list(kinds.values())[:3])


def main(arguments: list[str]) -> int:
    count = next((int(word) for word in arguments if word.isdigit()), 60)
    held = documents(count)
    totals: dict[str, Counter[str]] = {"tuned": Counter(), "held": Counter()}
    with tempfile.TemporaryDirectory() as place:
        written(Path(place), held)
        study = study_of(read(Path(place)))
        for half, kind, question, answer in asked(held):
            made = draft(question, study)
            inside = re.sub(r"\W+", "", answer)
            texts = [one.text for one in made.sentences] if isinstance(made, Draft) else []
            own = [re.sub(r"\W+", "", text) in inside for text in texts]
            tally = totals[half]
            tally["questions"] += 1
            tally["refused"] += not texts
            tally["opened"] += own[:1] == [True]
            tally["sentences"] += len(own)
            tally["own"] += sum(own)
            if "--show" in arguments and half == "tuned" and own[:1] != [True]:
                print(f"\n## {question} ({kind})\n   {texts[0] if texts else made}")
    for half, tally in totals.items():
        print(
            f"{half}: {tally['opened']} of {tally['questions']} open with a sentence of the answer "
            f"({tally['refused']} refused); {tally['own']} of {tally['sentences']} sentences are of it"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

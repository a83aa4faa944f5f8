"""MedQuAD: medical questions with answers of the National Institutes of Health, one XML file a topic."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.article import Source
from responsa.exchange.imports.entry import Entry, Found, Place, Untaken
from responsa.exchange.imports.files import content, name_of, walk
from responsa.exchange.imports.plain import to_markdown
from responsa.exchange.imports.xml import Element, XmlError, tree

LICENCE: Final = "CC BY 4.0"


class Collection(Struct, frozen=True):
    """Where answers come from: the shelf they go to, and who wrote them."""

    subject: str
    publisher: str


COLLECTIONS: Final = {
    "CancerGov": Collection("Cancer", "National Cancer Institute"),
    "GARD": Collection("Rare diseases", "Genetic and Rare Diseases Information Center"),
    "GHR": Collection("Genetics", "Genetics Home Reference"),
    "MPlusHealthTopics": Collection("Health topics", "MedlinePlus"),
    "NIDDK": Collection(
        "Diabetes, digestion and kidneys", "National Institute of Diabetes and Digestive and Kidney Diseases"
    ),
    "NINDS": Collection("Neurology", "National Institute of Neurological Disorders and Stroke"),
    "NIHSeniorHealth": Collection("Ageing", "NIHSeniorHealth"),
    "NHLBI": Collection("Heart, lungs and blood", "National Heart, Lung, and Blood Institute"),
    "CDC": Collection("Infectious diseases", "Centers for Disease Control and Prevention"),
}
_BEFORE_SIGN: Final = re.compile(r"\s+(?=[?.,;:!])")


def is_medquad(head: bytes) -> bool:
    """By the start of a file."""
    return (b"<Document" in head and b"<Focus" in head) or b"<doctitle-focus" in head


def entries(start: Path) -> Iterator[Found]:
    """Every pair, in the order of files; those whose answers the publishers withdrew are named as such."""
    for path in walk(start, (".xml",)):
        name = name_of(path, start)
        try:
            document = tree(content(path))
        except (XmlError, ValueError, IndexError) as error:
            yield Untaken(Place(name), "cannot be read", str(error))
            continue
        # A few files of the collection have the names of an earlier form, in small letters.
        if document.tag not in {"Document", "doc"}:
            yield Untaken(Place(name), "no MedQuAD", f"its first element is <{document.tag[:40]}>")
            continue
        focus = document.first("Focus", "doctitle-focus")
        for pair in document.all("QAPair", "pair"):
            yield _entry(pair, document, " ".join(focus.text.split()) if focus else "", name)


def _entry(pair: Element, document: Element, focus: str, name: str) -> Entry | Untaken:
    question, answer = pair.first("Question", "question"), pair.first("Answer", "answer")
    number = question.attributes.get("qid", "") if question else ""
    place = Place(name, f"question {number}")
    text = _BEFORE_SIGN.sub("", " ".join(question.text.split())) if question else ""
    text = text[:1].upper() + text[1:]
    if answer is None or not answer.text.strip():
        return Untaken(place, "no answer", text)
    attributes = document.attributes
    source, address = attributes.get("source") or attributes.get("corpus", ""), attributes.get("url", "")
    collection = COLLECTIONS.get(source) or Collection(source, source)
    kind = question.attributes.get("qtype", "") if question else ""
    cui = [one.text.strip() for one in document.all("CUI", "cui") if one.text.strip()]
    return Entry(
        place,
        f"medquad/{source}/{Path(name).stem}/{number}",
        text,
        to_markdown(answer.text),
        subject=collection.subject,
        author=collection.publisher,
        language="en",
        keywords=tuple(filter(None, (focus, *_synonyms(document), kind))),
        sources=(Source(f"{source}-{number}", focus, collection.publisher, venue=f"MedQuAD, {LICENCE}", url=address),),
        more={"licence": LICENCE, "focus": focus, "question_type": kind, "umls": cui},
    )


def _synonyms(document: Element) -> list[str]:
    found = (" ".join(one.text.split()) for one in document.all("Synonym"))
    return [synonym for synonym in found if synonym][:5]

"""Structured data (schema.org, JSON-LD): what a page honestly is, by the library's policy. Never invented votes.

A class here is a type of schema.org and its fields are properties of it; an empty one is left out.
"""

from typing import Final

import msgspec
from msgspec import Struct

from responsa.publish.views import Crumb, QuestionView, Reference, SiteView

MACHINE_WRITTEN: Final = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
CONTEXT: Final = "https://schema.org"

_ENCODER: Final = msgspec.json.Encoder()


class Node(Struct, frozen=True, gc=False, omit_defaults=True, rename="camel", tag_field="@type", tag=True):
    """Anything of schema.org."""


class Thing(Node, frozen=True):
    """What a text is about."""

    name: str = ""


class Organization(Node, frozen=True):
    """Who publishes."""

    name: str = ""


class Person(Node, frozen=True):
    """Who wrote or reviewed."""

    name: str = ""


class CreativeWork(Node, frozen=True):
    """A source."""

    name: str = ""
    url: str = ""
    date_published: str = ""


class At(Struct, frozen=True, rename={"address": "@id"}):
    """A thing that is described elsewhere, by its address."""

    address: str


class ListItem(Node, frozen=True):
    """A step of the way down; ``position`` counts from 1."""

    position: int
    name: str = ""
    item: At | None = None


class BreadcrumbList(Node, frozen=True):
    """The way down from the home page."""

    item_list_element: tuple[ListItem, ...] = ()


class WebSite(Node, frozen=True):
    """The whole site."""

    name: str = ""
    url: str = ""


class Article(Node, frozen=True):
    """A question page under the policy ``article``."""

    headline: str = ""
    url: str = ""
    description: str = ""
    in_language: str = ""
    date_published: str = ""
    author: Organization | Person | None = None
    publisher: Organization | None = None
    keywords: str = ""
    about: Thing | None = None
    citation: tuple[CreativeWork, ...] = ()
    digital_source_type: str = ""


class MedicalWebPage(Node, frozen=True):
    """A question page under the policy ``medicalwebpage``."""

    name: str = ""
    url: str = ""
    description: str = ""
    in_language: str = ""
    date_published: str = ""
    author: Organization | Person | None = None
    publisher: Organization | None = None
    keywords: str = ""
    about: Thing | None = None
    citation: tuple[CreativeWork, ...] = ()
    digital_source_type: str = ""
    reviewed_by: Person | None = None
    last_reviewed: str = ""


class Answer(Node, frozen=True):
    """The answer of a ``QAPage``."""

    text: str = ""
    url: str = ""
    date_published: str = ""
    author: Organization | Person | None = None
    digital_source_type: str = ""


class Question(Node, frozen=True):
    """The question of a ``QAPage``."""

    answer_count: int
    name: str = ""
    text: str = ""
    date_published: str = ""
    accepted_answer: Answer | None = None


class QAPage(Node, frozen=True):
    """A question page under the policy ``qapage``: readers can post answers."""

    url: str = ""
    in_language: str = ""
    main_entity: Question | None = None


class _Document(Struct, frozen=True, rename={"context": "@context", "graph": "@graph"}):
    context: str
    graph: tuple[Node, ...]


def json_ld(view: QuestionView, site: SiteView) -> str:
    """The JSON of a question page, safe inside ``<script>``; empty where the policy is ``none``."""
    if site.structured_data == "none":
        return ""
    main = _WRITERS[site.structured_data](view, site)
    if not view.crumbs:
        return encode(main)
    return encode(main, breadcrumbs((*view.crumbs, Crumb(view.heading, view.url)), site))


def encode(*nodes: Node) -> str:
    """Compact JSON that cannot end the script element it stands in."""
    json = _ENCODER.encode(_Document(CONTEXT, nodes))
    # Inside <script> only these can end the element or open a comment; as \u escapes they stay the same JSON.
    if b"<" in json:
        json = json.replace(b"<", b"\\u003c")
    if b">" in json:
        json = json.replace(b">", b"\\u003e")
    if b"&" in json:
        json = json.replace(b"&", b"\\u0026")
    return json.decode()


def breadcrumbs(steps: tuple[Crumb, ...], site: SiteView) -> BreadcrumbList:
    """The way down from the home page, the page itself last."""
    known = bool(site.base_url)
    items = [
        ListItem(at, step.title, At(site.base_url + step.url) if known else None) for at, step in enumerate(steps, 1)
    ]
    return BreadcrumbList(tuple(items))


def website(site: SiteView) -> WebSite:
    """The home page."""
    return WebSite(site.name, _whole("/", site))


def _article(view: QuestionView, site: SiteView) -> Article:
    return Article(
        headline=view.heading,
        url=_whole(view.url, site),
        description=view.description,
        in_language=view.language,
        date_published=view.posted_iso,
        author=_author(view, site),
        publisher=Organization(site.name),
        keywords=view.keywords,
        about=Thing(view.subject) if view.subject else None,
        citation=_citations(view.references),
        digital_source_type=MACHINE_WRITTEN if view.machine else "",
    )


def _medical(view: QuestionView, site: SiteView) -> MedicalWebPage:
    return MedicalWebPage(
        name=view.heading,
        url=_whole(view.url, site),
        description=view.description,
        in_language=view.language,
        date_published=view.posted_iso,
        author=_author(view, site),
        publisher=Organization(site.name),
        keywords=view.keywords,
        about=Thing(view.subject) if view.subject else None,
        citation=_citations(view.references),
        digital_source_type=MACHINE_WRITTEN if view.machine else "",
        reviewed_by=Person(view.reviewed_by) if view.reviewed_by else None,
        last_reviewed=view.reviewed_iso if view.reviewed_by else "",
    )


def _qapage(view: QuestionView, site: SiteView) -> QAPage:
    answer = Answer(
        text=view.answer_text or view.description or view.heading,
        url=_whole(view.url, site),
        date_published=view.posted_iso,
        author=_author(view, site),
        digital_source_type=MACHINE_WRITTEN if view.machine else "",
    )
    question = Question(1, view.question, view.question, view.posted_iso, answer)
    return QAPage(_whole(view.url, site), view.language, question)


_WRITERS: Final = {"article": _article, "medicalwebpage": _medical, "qapage": _qapage}


def _author(view: QuestionView, site: SiteView) -> Organization | Person | None:
    name = view.author or site.author
    if not name:
        return None
    # A record does not say whether its author is a person; the site's own name is no person.
    return Organization(name) if name in (site.name, site.author) else Person(name)


def _citations(references: tuple[Reference, ...]) -> tuple[CreativeWork, ...]:
    return tuple(
        CreativeWork(source.title, source.doi_url or source.pmid_url or source.url, source.year)
        for source in references
        if not source.retracted
    )


def _whole(url: str, site: SiteView) -> str:
    """A whole address; nothing where the site does not know its own."""
    return f"{site.base_url}{url}" if site.base_url else ""

"""Structured data (schema.org, JSON-LD): what a page honestly is, by the library's policy. Never invented votes."""

from typing import Any, Final

import msgspec

from responsa.publish.views import Crumb, QuestionView, Reference, SiteView

MACHINE_WRITTEN: Final = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"

# Inside <script> only these can end the element or open a comment; as \u escapes they stay the same JSON.
_ESCAPES: Final = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))

_ENCODER: Final = msgspec.json.Encoder()

Node = dict[str, Any]


def json_ld(view: QuestionView, site: SiteView) -> str:
    """The JSON of a question page, safe inside ``<script>``; empty where the policy is ``none``."""
    if site.structured_data == "none":
        return ""
    graph = [_main(view, site)]
    if view.crumbs:
        graph.append(breadcrumbs((*view.crumbs, Crumb(view.heading, view.url)), site))
    return encode({"@context": "https://schema.org", "@graph": graph})


def encode(node: Node) -> str:
    """Compact JSON that cannot end the script element it stands in."""
    json = _ENCODER.encode(node)
    for byte, escape in _ESCAPES:
        json = json.replace(byte, escape)
    return json.decode()


def breadcrumbs(steps: tuple[Crumb, ...], site: SiteView) -> Node:
    """The way down from the home page, the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": step.title, **_located(step.url, site, "item")}
            for position, step in enumerate(steps, 1)
        ],
    }


def _main(view: QuestionView, site: SiteView) -> Node:
    if site.structured_data == "qapage":
        return _qapage(view, site)
    if site.structured_data == "medicalwebpage":
        return _medical(view, site)
    return _present({**_common(view, site), "@type": "Article", "headline": view.heading})


def _qapage(view: QuestionView, site: SiteView) -> Node:
    answer = _present(
        {
            "@type": "Answer",
            "text": view.answer_text or view.description or view.heading,
            **_located(view.url, site),
            "datePublished": view.posted_iso,
            "author": _author(view, site),
            "digitalSourceType": MACHINE_WRITTEN if view.machine else "",
        }
    )
    question = _present(
        {
            "@type": "Question",
            "name": view.question,
            "text": view.question,
            "answerCount": 1,
            "datePublished": view.posted_iso,
            "acceptedAnswer": answer,
        }
    )
    return {"@type": "QAPage", "url": site.base_url + view.url, "inLanguage": view.language, "mainEntity": question}


def _medical(view: QuestionView, site: SiteView) -> Node:
    reviewed = {"reviewedBy": {"@type": "Person", "name": view.reviewed_by}, "lastReviewed": view.reviewed_iso}
    return _present(
        {
            **_common(view, site),
            "@type": "MedicalWebPage",
            "name": view.heading,
            **(reviewed if view.reviewed_by else {}),
        }
    )


def _common(view: QuestionView, site: SiteView) -> Node:
    return {
        "@type": "",
        **_located(view.url, site),
        "description": view.description,
        "inLanguage": view.language,
        "datePublished": view.posted_iso,
        "author": _author(view, site),
        "publisher": {"@type": "Organization", "name": site.name},
        "keywords": view.keywords,
        "about": {"@type": "Thing", "name": view.subject} if view.subject else "",
        "citation": [_citation(reference) for reference in view.references if not reference.retracted],
        "digitalSourceType": MACHINE_WRITTEN if view.machine else "",
    }


def _author(view: QuestionView, site: SiteView) -> Node | str:
    name = view.author or site.author
    if not name:
        return ""
    # A record does not say whether its author is a person; the site's own name is no person.
    kind = "Organization" if name in (site.name, site.author) else "Person"
    return {"@type": kind, "name": name}


def _citation(reference: Reference) -> Node:
    return _present(
        {
            "@type": "CreativeWork",
            "name": reference.title,
            "url": reference.doi_url or reference.pmid_url or reference.url,
            "datePublished": reference.year,
        }
    )


def _located(url: str, site: SiteView, key: str = "url") -> Node:
    """A whole address; nothing where the site does not know its own."""
    return {key: site.base_url + url} if site.base_url else {}


def _present(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in ("", [], None)}

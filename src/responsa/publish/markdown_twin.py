"""A page as Markdown, for readers that are programs: title, who and when, the answer as written, references."""

import re
from collections.abc import Iterator
from typing import Final

from responsa.publish.views import QuestionView, Reference, SiteView, clean

# Whatever would start a link, markup, code or HTML when it stands in a line of text.
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~])")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def markdown_twin(view: QuestionView, answer: str, site: SiteView) -> str:
    """The twin of ``view``; ``answer`` is the record's Markdown and stands unchanged but for unprintable letters."""
    parts = [f"# {escaped(view.heading)}", "\n".join(_meta(view, site)), _UNPRINTABLE.sub("\ufffd", answer).strip()]
    if view.references:
        parts.append("\n".join(["## References", "", *map(_reference, view.references)]))
    if view.related:
        links = (f"- [{escaped(item.title)}]({site.base_url}{item.url})" for item in view.related)
        parts.append("\n".join(["## Related questions", "", *links]))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """``text`` as one line of Markdown that says nothing but itself."""
    return _SPECIAL.sub(r"\\\1", clean(text))


def _meta(view: QuestionView, site: SiteView) -> Iterator[str]:
    if site.base_url:
        yield f"- Address: <{site.base_url}{view.url}>"
    if view.author:
        yield f"- Author: {escaped(view.author)}"
    if view.posted_iso:
        yield f"- Posted: {view.posted_iso}"
    if view.reviewed_by:
        yield f"- Reviewed: {view.reviewed_iso} by {escaped(view.reviewed_by)}"
    if view.review_due_iso:
        yield f"- Next review: {view.review_due_iso}"
    if view.disclosure:
        yield f"- {view.disclosure}"


def _reference(reference: Reference) -> str:
    year = f"({reference.year})" if reference.year else ""
    words = [f"{part}." for part in (reference.authors, reference.title, reference.venue) if part]
    text = escaped(" ".join([*words, year]).strip())
    address = reference.doi_url or reference.pmid_url or reference.url
    retracted = "RETRACTED. " if reference.retracted else ""
    return f"{reference.number}. {retracted}{text}{f' <{address}>' if address else ''}"

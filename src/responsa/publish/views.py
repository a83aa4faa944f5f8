"""What a template may see of a library: small frozen values, every one of them text, number or flag.

Strings are plain text and escaped by the template; ``body``, ``promo`` and ``analytics`` are HTML
that is safe already (sanitised) or the publisher's own. No view can hold itself: the collector of cycles leaves those
of a question alone, of which there are many.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import Final, Literal
from urllib.parse import quote, urlsplit

from msgspec import Struct

from responsa.article import Article, Provenance, Review, Source
from responsa.publish.citations import Quote, without
from responsa.publish.signs import FORBIDDEN
from responsa.records.fingerprint import fingerprint

StructuredData = Literal["article", "qapage", "medicalwebpage", "none"]

DESCRIPTION_LENGTH = 160
"""Search engines cut a description near here."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# moment.js tokens, longest first; text in [brackets] stands for itself.
_TOKEN = re.compile(r"\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|Do|DD|D|dddd|ddd")

_RIGHT_TO_LEFT: Final = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"))
_FORMULA = re.compile(r"<math\b.*?<annotation[^>]*>(.*?)</annotation>.*?</math>", re.DOTALL)
_BREAK = re.compile(r"<br>|</(?:p|li|h[1-6]|div|tr|t[dh]|pre|blockquote|d[dt]|figcaption|caption|summary)>")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r'<[A-Za-z/](?:[^">]|"[^"]*")*>')


class SiteView(Struct, frozen=True):
    """What every page shares. ``style_url`` and ``extra_styles`` carry their hash; ``base_url`` has no final slash."""

    name: str = "Questions and answers"
    base_url: str = ""
    language: str = "en"
    description: str = ""
    author: str = ""
    logo: str = ""
    tagline: str = ""
    notice: str = ""
    promo: str = ""
    analytics: str = ""
    style_url: str = "/assets/style.css"
    extra_styles: tuple[str, ...] = ()
    feed_url: str = "/feed.xml"
    search_url: str = ""
    structured_data: StructuredData = "article"


class Crumb(Struct, frozen=True, gc=False):
    """A step of the way down from the home page. The page itself is not among them."""

    title: str
    url: str


class ListItem(Struct, frozen=True, gc=False):
    """A question in a list. ``date`` is ISO, ``posted`` how a reader sees it; both may be empty."""

    title: str
    url: str
    subject: str = ""
    date: str = ""
    posted: str = ""


class Reference(Struct, frozen=True, gc=False):
    """A numbered source; ``url``, ``doi_url`` and ``pmid_url`` are safe http(s) addresses or empty."""

    number: int
    id: str
    title: str
    authors: str = ""
    year: str = ""
    venue: str = ""
    doi: str = ""
    doi_url: str = ""
    pmid: str = ""
    pmid_url: str = ""
    url: str = ""
    retracted: bool = False
    quotes: tuple[Quote, ...] = ()


class QuestionView(Struct, frozen=True, gc=False):
    """A question page. ``body`` is sanitised HTML; dates without ``_iso`` are as a reader sees them.

    ``disclosure`` says who wrote the text where a reader must be told, ``machine`` that a machine did.
    ``markdown_url`` is the address of the twin, empty where none is published; ``answer_text`` is filled
    only where structured data repeat the answer (``qapage``).
    """

    url: str
    title: str
    heading: str
    question: str
    body: str
    description: str = ""
    keywords: str = ""
    language: str = "en"
    direction: str = "ltr"
    subject: str = ""
    crumbs: tuple[Crumb, ...] = ()
    author: str = ""
    posted: str = ""
    posted_iso: str = ""
    reviewed_by: str = ""
    reviewed: str = ""
    reviewed_iso: str = ""
    review_due: str = ""
    review_due_iso: str = ""
    disclosure: str = ""
    machine: bool = False
    references: tuple[Reference, ...] = ()
    also_asked: tuple[str, ...] = ()
    related: tuple[ListItem, ...] = ()
    indexed: bool = True
    markdown_url: str = ""
    answer_text: str = ""


class PageLink(Struct, frozen=True):
    """One entry of a row of page numbers. Without ``url`` it is a gap (``label`` "…") or the page itself."""

    label: str
    url: str = ""
    current: bool = False


class SubjectView(Struct, frozen=True):
    """One page of a subject's list; ``pages`` is empty where one page holds all."""

    title: str
    url: str
    items: tuple[ListItem, ...]
    total: int
    page: int = 1
    page_count: int = 1
    pages: tuple[PageLink, ...] = ()
    previous_url: str = ""
    next_url: str = ""
    crumbs: tuple[Crumb, ...] = ()
    language: str = "en"
    indexed: bool = True
    study_url: str = ""


class SubjectItem(Struct, frozen=True):
    """A shelf in the list of shelves."""

    title: str
    url: str
    count: int


class HomeView(Struct, frozen=True):
    """The front page: every listed subject, and the newest questions."""

    subjects: tuple[SubjectItem, ...]
    newest: tuple[ListItem, ...]
    total: int


def question_view(
    article: Article,
    body: str,
    site: SiteView,
    *,
    crumbs: Iterable[Crumb] = (),
    related: Iterable[ListItem] = (),
    quotes: Iterable[Quote] = (),
    markdown_twin: bool = True,
    disclose_machine: bool = True,
    review_years: int = 3,
) -> QuestionView:
    """The page of ``article``: ``body`` is its answer as safe HTML, ``related`` what may really be linked.

    ``quotes`` are what citations in ``body`` lead to.

    A review whose fingerprint is not that of the answer is void and says nothing.
    """
    heading = clean(article.heading or article.question or article.title)
    stamp = article.reviewed
    review = stamp if stamp and stamp.of == fingerprint(article.answer) else None
    language = clean(article.language) or site.language
    due = article.review_by or (_years_later(review.on, review_years) if review else None)
    machine = article.provenance in (Provenance.MACHINE, Provenance.MACHINE_REVIEWED)
    return QuestionView(
        url=article.url,
        title=browser_title(clean(article.seo.title), heading, site.name),
        heading=heading,
        question=clean(article.question) or heading,
        body=body,
        description=shorten(clean(article.seo.description) or opening(body)),
        keywords=clean(article.seo.keywords),
        language=language,
        direction=direction(language),
        subject=clean(article.subject),
        crumbs=tuple(crumbs),
        author=clean(article.author),
        posted=posted_line(article),
        posted_iso=article.date.isoformat() if article.date else "",
        reviewed_by=clean(review.by) if review else "",
        reviewed=moment(review.on, article.date_format) if review else "",
        reviewed_iso=review.on.isoformat() if review else "",
        review_due=moment(due, article.date_format) if due else "",
        review_due_iso=due.isoformat() if due else "",
        disclosure=_disclosed(article, review) if disclose_machine else "",
        machine=machine,
        references=tuple(references(article.sources, quotes)),
        also_asked=tuple(filter(None, map(clean, article.also_asked))),
        related=tuple(related),
        indexed=not article.no_index,
        markdown_url=f"{article.url}.md" if markdown_twin else "",
        answer_text=shorten(plain_text(without(body)), 5000) if site.structured_data == "qapage" else "",
    )


def browser_title(seo_title: str, heading: str, site_name: str) -> str:
    """The question first: real libraries hold one and the same ``seo.title`` for a whole subject."""
    if seo_title and heading.casefold() in seo_title.casefold():
        return seo_title
    return f"{heading} | {seo_title or site_name}"


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, by the language's first subtag."""
    return "rtl" if re.split("[-_]", language.casefold())[0] in _RIGHT_TO_LEFT else "ltr"


def plain_text(body: str) -> str:
    """The words of safe HTML in one line; a formula is its TeX."""
    return clean(unescape(_TAG.sub("", _BREAK.sub(" ", _FORMULA.sub(r"\1", body)))))


def opening(body: str) -> str:
    """The words of the first paragraph: what a page says of itself where its record says nothing."""
    found = _PARAGRAPH.search(body)
    return plain_text(found[1]) if found else ""


def _disclosed(article: Article, review: Review | None) -> str:
    void = article.reviewed is not None and review is None
    return disclosure(article.provenance, reviewed=review is not None, void=void)


def disclosure(provenance: Provenance | None, *, reviewed: bool, void: bool = False) -> str:
    """What a reader is told about a machine's part in the text; nothing where a person wrote it or nobody knows.

    ``void``: a person reviewed an earlier answer than the one shown.
    """
    if void and provenance in (Provenance.MACHINE, Provenance.MACHINE_REVIEWED):
        return "Machine-written, changed since a person reviewed it."
    if provenance is Provenance.MACHINE_REVIEWED or (provenance is Provenance.MACHINE and reviewed):
        return "Machine-written, reviewed by a person."
    if provenance is Provenance.MACHINE:
        return "Machine-written, not reviewed by a person."
    return ""


def references(sources: Iterable[Source], quotes: Iterable[Quote] = ()) -> Iterator[Reference]:
    """Sources in the record's order, numbered from 1, each with the quotes that sentences rest on."""
    quoted = list(quotes)
    for number, source in enumerate(sources, 1):
        doi, pmid = clean(source.doi).removeprefix("https://doi.org/"), clean(source.pmid)
        yield Reference(
            number=number,
            id=clean(source.id),
            title=clean(source.title) or clean(source.id),
            authors=clean(source.authors),
            year=str(source.year) if source.year is not None else "",
            venue=clean(source.venue),
            doi=doi,
            doi_url=f"https://doi.org/{quote(doi, safe='/().;:-_')}" if doi else "",
            pmid=pmid,
            pmid_url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isascii() and pmid.isdigit() else "",
            url=web_address(source.url),
            retracted=source.retracted,
            quotes=tuple(quote for quote in quoted if quote.reference == number),
        )


def web_address(url: str) -> str:
    """``url`` if it is a whole http(s) address, else nothing: a reference is no place for ``javascript:``."""
    url = clean(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url, safe="/:?#[]@!$&'()*+,;=%~-._")


def posted_line(article: Article) -> str:
    """``Posted on Dec 07, 2024``: the record's words before its date in the record's format."""
    if article.date is None:
        return ""
    words = clean(article.post_on_text) or "Posted on"
    return f"{words} {moment(article.date, article.date_format)}"


@lru_cache(maxsize=4096)
def moment(date: datetime.date, date_format: str = "") -> str:
    """``date`` by moment.js tokens (``MMM DD, YYYY``); English names; other letters stand for themselves."""
    return _TOKEN.sub(lambda match: _token(date, match), clean(date_format) or "MMM DD, YYYY")


def _token(date: datetime.date, match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    month, weekday = MONTHS[date.month - 1], WEEKDAYS[date.weekday()]
    return {
        "YYYY": f"{date.year:04d}",
        "YY": f"{date.year % 100:02d}",
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{date.month:02d}",
        "M": str(date.month),
        "Do": _ordinal(date.day),
        "DD": f"{date.day:02d}",
        "D": str(date.day),
        "dddd": weekday,
        "ddd": weekday[:3],
    }[match[0]]


def _ordinal(day: int) -> str:
    if day in (11, 12, 13):
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def _years_later(date: datetime.date, years: int) -> datetime.date:
    try:
        return date.replace(year=date.year + years)
    except ValueError:  # 29 February
        return date.replace(year=date.year + years, day=28)


def clean(text: str) -> str:
    """One line of printable text."""
    # Of all blanks only the space is printable: nearly every field passes here, at a tenth of the cost.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text).split())


def shorten(text: str, length: int = DESCRIPTION_LENGTH) -> str:
    """``text`` cut at a word's end so that it holds at most ``length`` characters, the ellipsis among them."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    if not text[length - 1].isspace() and " " in head:
        head = head.rpartition(" ")[0]
    return head.rstrip(" ,;:.-") + "…"


def page_links(page: int, page_count: int, address: Callable[[int], str]) -> tuple[PageLink, ...]:
    """First, last and two neighbours on each side, gaps between them; nothing where there is one page."""
    if page_count <= 1:
        return ()
    shown = sorted({1, page_count, *range(max(1, page - 2), min(page_count, page + 2) + 1)})
    links: list[PageLink] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            links.append(PageLink("…"))
        links.append(PageLink(str(number), "" if number == page else address(number), current=number == page))
    return tuple(links)


def grouped(number: int) -> str:
    """``12,345``."""
    return f"{number:,}"

"""What the API takes and gives, as types: requests are checked by them and the OpenAPI document is made of them."""

from typing import Annotated

from msgspec import Meta, Struct

from responsa.serve.asking import Asked, Search

LONGEST_QUERY = 500
Query = Annotated[str, Meta(min_length=1, max_length=LONGEST_QUERY, description="Words, a sentence or a question.")]
Address = Annotated[
    str, Meta(min_length=1, max_length=2048, description="An article's address, as `/learn/medicine/what-is-hcc`.")
]
Limit = Annotated[int, Meta(ge=1, le=100, description="At most so many entries.")]
Offset = Annotated[int, Meta(ge=0, le=100_000, description="Entries to leave out at the beginning.")]
Subject = Annotated[str, Meta(max_length=200, description="Only of this subject, by slug or any of its spellings.")]


class SearchQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of `/api/search`."""

    q: Query
    limit: Annotated[int, Meta(ge=1, le=50, description="At most so many articles.")] = 10
    offset: Annotated[int, Meta(ge=0, le=200, description="Articles to leave out at the beginning.")] = 0
    subject: Subject = ""


class AskQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of `/api/ask`."""

    q: Query
    limit: Annotated[int, Meta(ge=1, le=10, description="At most so many articles.")] = 3


class AskedQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of `/api/asked`."""

    q: Query


class ArticlesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of `/api/articles`."""

    limit: Limit = 50
    cursor: Annotated[
        str, Meta(max_length=4096, description="`next` of the page before; the same at every change.")
    ] = ""
    subject: Subject = ""


class OfArticle(Struct, frozen=True, forbid_unknown_fields=True):
    """Which article is meant."""

    url: Address


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters."""


class Paged(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of a list."""

    limit: Limit = 50
    offset: Offset = 0


class ProblemsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of `/api/problems`."""

    limit: Limit = 50
    offset: Offset = 0
    rule: Annotated[str, Meta(max_length=100, description="Only this rule.")] = ""
    url: Annotated[str, Meta(max_length=2048, description="Only of the article at this address.")] = ""


class Hit(Struct, frozen=True):
    """An article in a list. `date` is ISO or empty."""

    url: str
    title: str
    subject: str
    date: str
    description: str


class Articles(Struct, frozen=True):
    """A page of articles, in the order of their files; `next` is the cursor of the page after it."""

    articles: tuple[Hit, ...]
    next: str | None


class Reference(Struct, frozen=True):
    """A source of an article."""

    id: str
    title: str
    authors: str
    year: int | None
    venue: str
    doi: str
    pmid: str
    url: str
    retracted: bool


class Reviewed(Struct, frozen=True):
    """A person's stamp; `current`: the answer is the one that was reviewed."""

    by: str
    on: str
    current: bool


class Article(Struct, frozen=True):
    """A published article. `answer` is Markdown; `score` is the share of claims that evidence carries, if checked."""

    url: str
    title: str
    question: str
    answer: str
    subject: str
    subject_url: str
    date: str
    author: str
    description: str
    language: str
    score: float | None
    provenance: str | None
    reviewed: Reviewed | None
    also_asked: tuple[str, ...]
    sources: tuple[Reference, ...]
    related: tuple[str, ...]


class Shelf(Struct, frozen=True):
    """A subject with how many listed articles it has."""

    slug: str
    title: str
    url: str
    articles: int


class Subjects(Struct, frozen=True):
    """All subjects, by title."""

    subjects: tuple[Shelf, ...]


class Link(Struct, frozen=True):
    """A question that a reader wants next, and why."""

    url: str
    title: str
    subject: str
    why: str


class Links(Struct, frozen=True):
    """The questions that an article should lead to."""

    url: str
    related: tuple[Link, ...]


class Near(Struct, frozen=True):
    """A question near to another; `similarity` is a cosine."""

    url: str
    title: str
    similarity: float


class Heard(Struct, frozen=True):
    """Whether a question was asked already: the article that asks it and why, or the nearest questions."""

    question: str
    asked: bool
    article: Hit | None
    why: str
    near: tuple[Near, ...]


class Copy(Struct, frozen=True):
    """An article that asks what another asks already."""

    url: str
    title: str
    why: str


class Cluster(Struct, frozen=True):
    """Articles that ask one question, and which of them should stay, for what `reason`."""

    url: str
    title: str
    reason: str
    copies: tuple[Copy, ...]


class Duplicates(Struct, frozen=True):
    """A stretch of all clusters."""

    total: int
    clusters: tuple[Cluster, ...]


class Differing(Struct, frozen=True):
    """What a claim says and what the source says in its place."""

    kind: str
    claim: str
    source: str


class Claim(Struct, frozen=True):
    """`answer[start:end]` says `text`; `verdict` says what was found in the sources, in the words of `quote`."""

    start: int
    end: int
    text: str
    verdict: str
    confidence: float
    judge: str
    passage: str
    quote: str
    source: Reference | None
    differences: tuple[Differing, ...]
    reason: str
    tension: str


class Claims(Struct, frozen=True):
    """What is known of an article's claims. `current`: the ledger is of the answer as it is now.

    `checked` is false where no claim was ever looked at.
    """

    url: str
    checked: bool
    current: bool
    score: float | None
    judge: str
    claims: tuple[Claim, ...]


class Problem(Struct, frozen=True):
    """One thing that is wrong, as `responsa check` says it."""

    path: str
    line: int
    rule: str
    severity: str
    message: str
    url: str
    fixable: bool


class Problems(Struct, frozen=True):
    """A stretch of all problems, by path and line; `counts` by rule are of all of them."""

    total: int
    counts: dict[str, int]
    problems: tuple[Problem, ...]


class Unreadable(Struct, frozen=True):
    """A file that is no record."""

    path: str
    line: int
    problem: str


class State(Struct, frozen=True):
    """The library as it is served. `number` grows with every change; `trouble` says why the last one is not in yet."""

    version: str
    number: int
    stamp: str
    articles: int
    pages: int
    held: dict[str, int]
    hidden: dict[str, int]
    unreadable: tuple[Unreadable, ...]
    deep: bool
    trouble: str


class Error(Struct, frozen=True):
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str


__all__ = ["Asked", "Search"]

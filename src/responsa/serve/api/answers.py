"""What each address of the API answers with: small functions from a library and a checked request to a model."""

import base64
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Final

import msgspec
from msgspec import structs

from responsa.article import Article, Source
from responsa.check.problem import Problem
from responsa.draft.writing import Study
from responsa.errors import ResponsaError, UsageError
from responsa.evidence.ledger import decode
from responsa.evidence.report import Checked
from responsa.index.found import shelf_of
from responsa.library.card import Card
from responsa.publish.views import clean
from responsa.records.fingerprint import fingerprint
from responsa.relate.duplicates import Cluster
from responsa.relate.heard import heard as heard_in
from responsa.relate.related import Relations, related
from responsa.serve import asking
from responsa.serve.api import models
from responsa.serve.live import Now

VERSION: Final = version("responsa")


class AbsentError(Exception):
    """There is no such thing here."""


class MovedError(Exception):
    """It is at another address, which is the argument."""


class MeantError(Exception):
    """The request cannot be meant; the argument says why."""


def search(now: Now, asked: models.SearchQuery) -> asking.Search:
    """Articles for a query, best first."""
    return asking.search(now, *searching(now, asked))


def searching(now: Now, asked: models.SearchQuery) -> tuple[str, int, int, str | None]:
    """What is searched for: query, how many, after how many, on which shelf."""
    return _said(asked.q), asked.limit, asked.offset, _shelf(now, asked.subject)


def ask(now: Now, study: Study | None, asked: models.AskQuery) -> asking.Asked:
    """What the library says to a question."""
    return asking.ask(now, _said(asked.q), asked.limit, study)


def articles(now: Now, asked: models.ArticlesQuery) -> models.Articles:
    """Published articles in the order of their files."""
    shelf = now.library.subject_of(asked.subject).slug if asked.subject else None
    cards = [*now.catalogue.after(_after(asked.cursor), asked.limit + 1, subject=shelf)]
    shown = cards[: asked.limit]
    more = _cursor(shown[-1].file) if len(cards) > len(shown) else None
    return models.Articles(tuple(map(_hit, shown)), more)


def article(now: Now, asked: models.OfArticle) -> models.Article:
    """One article whole."""
    card, found = _article(now, asked.url)
    review = found.reviewed
    return models.Article(
        url=card.url, title=clean(found.heading or found.question), question=found.question, answer=found.answer,
        subject=found.subject, subject_url=now.frame.shelf_url(card.subject_slug), date=card.date,
        author=found.author, description=found.seo.description,
        language=found.language or now.library.config.site.language,
        score=None if found.score is None else float(found.score),
        provenance=found.provenance.value if found.provenance else None,
        reviewed=models.Reviewed(review.by, review.on.isoformat(), review.of == card.answer_digest) if review else None,
        also_asked=found.also_asked, sources=tuple(map(_reference, found.sources)),
        related=tuple(link.url for link in found.related if link.url),
    )  # fmt: skip


def subjects(now: Now, _: models.Nothing) -> models.Subjects:
    """The shelves that readers see."""
    shelves = [shelf for shelf in now.catalogue.subjects() if shelf.info.listed and shelf.listed]
    return models.Subjects(
        tuple(
            models.Shelf(one.info.slug, clean(one.info.title), now.frame.shelf_url(one.info.slug), one.listed)
            for one in shelves
        )
    )


def related_to(now: Now, relations: Relations, asked: models.OfArticle) -> models.Links:
    """The five questions that an article should lead to."""
    card, _ = _article(now, asked.url)
    page = relations.table.by_url.get(card.url)
    links = related(page, relations) if page is not None else []
    return models.Links(card.url, tuple(models.Link(one.url, one.title, one.subject, one.why) for one in links))


def heard(now: Now, relations: Relations, asked: models.AskedQuery) -> models.Heard:
    """Whether a question was asked already."""
    question = _said(asked.q)
    found = heard_in(relations.table, now.index, now.catalogue, question)
    card = now.catalogue.card(found.article.url) if found.article else None
    near = tuple(models.Near(page.url, page.title, cosine) for page, cosine in found.near)
    return models.Heard(question, card is not None, _hit(card) if card else None, found.why if card else "", near)


def duplicates(clusters: list[Cluster], asked: models.Paged) -> models.Duplicates:
    """Questions that were asked more than once."""
    shown = clusters[asked.offset : asked.offset + asked.limit]
    return models.Duplicates(len(clusters), tuple(map(_cluster, shown)))


def claims(now: Now, asked: models.OfArticle) -> models.Claims:
    """The claims of an article with what the sources say to each."""
    card, found = _article(now, asked.url)
    try:
        report = decode(now.library.evidence(card.path))
    except ResponsaError:
        return models.Claims(card.url, checked=False, current=False, score=None, judge="", claims=())
    if report.url != card.url:
        return models.Claims(card.url, checked=False, current=False, score=None, judge="", claims=())
    sources = {source.id: source for source in found.sources}
    told = tuple(_claim(one, sources) for one in report.checked)
    score = None if report.score is None else float(report.score)
    current = report.of == fingerprint(found.answer)
    return models.Claims(card.url, checked=True, current=current, score=score, judge=report.judge, claims=told)


def problems(found: list[Problem], asked: models.ProblemsQuery) -> models.Problems:
    """What is wrong in the library."""
    chosen = [one for one in found if asked.rule in {"", one.rule} and asked.url in {"", one.url}]
    counts: dict[str, int] = {}
    for one in chosen:
        counts[one.rule] = counts.get(one.rule, 0) + 1
    shown = chosen[asked.offset : asked.offset + asked.limit]
    return models.Problems(len(chosen), counts, tuple(map(_problem, shown)))


def state(now: Now, trouble: str) -> models.State:
    """What is served, and how it came about."""
    held, hidden = now.catalogue.gates()
    unreadable = tuple(models.Unreadable(str(one.path), one.line, one.problem) for one in now.built.unreadable)
    return models.State(
        VERSION, now.number, now.stamp, now.catalogue.count(), now.built.pages, held, hidden, unreadable,
        now.indexed is not None and now.indexed.deep, trouble,
    )  # fmt: skip


def _article(now: Now, address: str) -> tuple[Card, Article]:
    url = address if address.startswith("/") else f"/{address}"
    card = now.catalogue.card(url)
    if card is None or not card.publishable:
        if (lead := now.moved.get(url)) is not None:
            raise MovedError(lead)
        raise AbsentError("No published article has this address.")
    entry = next(iter(now.catalogue.entries([card.path])))
    if not isinstance(entry, Article):
        raise AbsentError("The article at this address cannot be read at the moment.")
    return card, entry


def _said(query: str) -> str:
    if not query.strip():
        raise MeantError("`q`: expected words, found none")
    return query.strip()


def _shelf(now: Now, subject: str) -> str | None:
    try:
        return shelf_of(now.library, now.index, subject)
    except UsageError as error:
        raise MeantError(f"`subject`: {error}") from None


def _hit(card: Card) -> models.Hit:
    return models.Hit(card.url, clean(card.title), card.subject, card.date, card.description)


def _reference(source: Source) -> models.Reference:
    return models.Reference(**structs.asdict(source))


def _cluster(cluster: Cluster) -> models.Cluster:
    copies = tuple(models.Copy(copy.page.url, copy.page.title, copy.why) for copy in cluster.copies)
    return models.Cluster(cluster.canonical.url, cluster.canonical.title, cluster.reason, copies)


def _claim(one: Checked, sources: dict[str, Source]) -> models.Claim:
    claim, found = one.claim, one.finding
    source = sources.get(found.passage.partition("#")[0])
    return models.Claim(
        claim.start, claim.end, claim.text, found.verdict.value, found.confidence, found.judge, found.passage,
        found.quote, _reference(source) if source else None,
        tuple(models.Differing(each.kind, each.claim, each.source) for each in found.differences),
        found.reason, found.tension,
    )  # fmt: skip


def _problem(one: Problem) -> models.Problem:
    return models.Problem(
        str(one.path), one.line, one.rule, one.severity.value, one.message, str(one.url), one.edit is not None
    )


def _cursor(file: str) -> str:
    return base64.urlsafe_b64encode(file.encode()).decode("ascii").rstrip("=")


def _after(cursor: str) -> PurePosixPath | None:
    """The file after which the page begins: it need not be there any more."""
    if not cursor:
        return None
    try:
        file = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise MeantError("`cursor`: expected the `next` of another page") from None
    if not file or "\0" in file or _cursor(file) != cursor:
        raise MeantError("`cursor`: expected the `next` of another page")
    return PurePosixPath(file)


_ENCODER: Final = msgspec.json.Encoder()


def encoded(model: object) -> bytes:
    """The model as JSON."""
    return _ENCODER.encode(model)

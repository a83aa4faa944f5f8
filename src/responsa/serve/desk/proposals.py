"""What an editor's decisions come to: edits with their reasons, and what they make of the files. Nothing is written."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct, structs

from responsa.article import ABSENT, Article, Edit, Url, Value
from responsa.check.check import Shard as CheckShard
from responsa.check.check import check_shard
from responsa.errors import EditError, UnreadableError, UsageError
from responsa.evidence.report import Checked, Report, rescore
from responsa.library.card import Card
from responsa.library.catalogue import Catalogue
from responsa.library.library import Change, Library, apply
from responsa.library.remove import Removal
from responsa.records.fingerprint import fingerprint
from responsa.records.text import UNSHOWN
from responsa.relate.duplicates import Cluster, Copy
from responsa.relate.merge import merges
from responsa.relate.pages import page_of
from responsa.relate.related import relinked
from responsa.serve.desk.save import Proposal
from responsa.serve.desk.sources import Opened, by_embedded
from responsa.serve.desk.tasks import ACCEPTED

LONGEST: Final = 1_000_000
"""Characters of an answer."""
SLOTS: Final = 5


class Held(Struct, frozen=True):
    """An article as its file holds it now; ``digest`` is what a form keeps to know whether it still does."""

    article: Article
    data: bytes
    digest: str

    @property
    def path(self) -> PurePosixPath:
        """Of its file."""
        return self.article.path


class Written(Struct, frozen=True):
    """What an editor wrote into the form of an article, with real line breaks."""

    question: str
    answer: str
    description: str
    review_by: str = ""
    no_index: bool = False


def hold(library: Library, path: PurePosixPath) -> Held:
    """The article of a file. Raises ``UnreadableError``."""
    data = library.data(path)
    return Held(library.article(path), data, digest(data))


def digest(data: bytes) -> str:
    """Of a file's bytes."""
    return hashlib.sha256(data).hexdigest()[:32]


def written(article: Article) -> Written:
    """The form as it is first shown."""
    due = article.review_by.isoformat() if article.review_by else ""
    return Written(article.question, article.answer, article.seo.description, due, article.no_index)


def edited(library: Library, held: Held, form: Written, by: str, *, shelf: Opened, before: Report | None) -> Proposal:
    """The fields that differ. With another answer the claims are checked anew, and the score and ledger follow."""
    article = held.article
    edits = list(_fields(article, form, by))
    reports: tuple[tuple[Article, Report], ...] = ()
    if any(edit.field == "answer" for edit in edits):
        after = structs.replace(article, answer=form.answer, question=form.question)
        report = _renewed(after, shelf, before)
        if report is not None:
            reports = ((article, report),)
            edits += _score(article, report)
    return Proposal("edit", f"Edit: {article.question}", _applied(library, held, edits), reports=reports)


def stamped(library: Library, held: Held, by: str, today: datetime.date, review_by: datetime.date | None) -> Proposal:
    """A review of the answer as it is, and the day of the next one."""
    article = held.article
    stamp: dict[str, Value] = {"by": by, "on": today, "of": fingerprint(article.answer)}
    reason = f"{by} read the answer and stands for it"
    edits = [Edit(article.url, "reviewed", stamp, reason)]
    if review_by is not None and review_by != article.review_by:
        edits.append(Edit(article.url, "review_by", review_by, f"next review by {review_by}"))
    elif review_by is None and article.review_by is not None and article.review_by <= today:
        edits.append(Edit(article.url, "review_by", ABSENT, f"reviewed; it was due on {article.review_by}"))
    return Proposal("review", f"Review: {article.question}", _applied(library, held, edits))


def due(library: Library, held: Held, day: datetime.date) -> Proposal:
    """Another day of the next review."""
    edits = [Edit(held.article.url, "review_by", day, f"next review by {day}")]
    return Proposal("due", f"Next review: {held.article.question}", _applied(library, held, edits))


def accepted(library: Library, held: Held, claims: Sequence[Checked], by: str, today: datetime.date) -> Proposal:
    """Claims that stand as they are, whatever the checker says; another verdict, or other words, end that."""
    article = held.article
    before = article.extra.get(ACCEPTED)
    listed: list[Value] = [*before] if isinstance(before, list) else []
    for one in claims:
        entry: dict[str, Value] = {
            "claim": fingerprint(one.claim.text), "verdict": one.finding.verdict.value, "by": by, "on": today,
        }  # fmt: skip
        if not any(isinstance(old, dict) and _same(old, entry) for old in listed):
            listed.append(entry)
    said = "; ".join(one.claim.text[:80] for one in claims[:3])
    edits = [Edit(article.url, ACCEPTED, listed, f"{by} lets stand: {said}")]
    return Proposal("accept", f"Accept: {article.question}", _applied(library, held, edits))


def linked(library: Library, catalogue: Catalogue, held: Held, urls: Sequence[str], by: str) -> Proposal:
    """Other related questions, by slot; an empty address empties the slot. Raises ``UsageError`` for an unknown one."""
    article = held.article
    stored = {link.slot: link.url for link in article.related}
    edits: list[Edit] = []
    wanted = [url.strip() for url in urls[:SLOTS]]
    cards = catalogue.lookup(filter(None, wanted))
    for slot, url in enumerate(wanted, 1):
        if url and (Url(url) not in cards or url == article.url):
            known = "is the article itself" if url == article.url else "no article has this address"
            raise UsageError(f"{url}: {known}")
        if url and wanted.count(url) > 1:
            raise UsageError(f"{url}: stands in two places")
        if not url and slot in stored:
            edits.append(Edit(article.url, f"related_article{slot}", ABSENT, f"{by}: not related"))
        elif url and stored.get(slot) != url:
            card = cards[Url(url)]
            page = page_of(card, _article(catalogue, card))
            edits += relinked(article.url, slot, page, f"{by}: related", there=slot in stored)
    return Proposal("links", f"Related questions: {article.question}", _applied(library, held, edits))


def merged(library: Library, catalogue: Catalogue, stays: Held, others: Sequence[Held], by: str) -> Proposal:
    """One article of several: its addresses and wordings grow, links are led to it, the other files go."""
    cards = [_card(catalogue, held) for held in (stays, *others)]
    pages = [page_of(card, held.article) for card, held in zip(cards, (stays, *others), strict=True)]
    if pages[0].held:
        raise EditError(f"{pages[0].url}: is held back; the article that stays must be published")
    cluster = Cluster(pages[0], f"chosen by {by}", tuple(Copy(page, "merged at the desk") for page in pages[1:]))
    merge = next(iter(merges([cluster], catalogue)))
    changes = apply(library, merge.edits, catalogue.path_of)
    _unchanged(changes, (stays, *others))
    reason = f"merged into {stays.article.url}"
    gone = tuple(Removal(held.path, held.data, reason) for held in others)
    # A ledger without its article says nothing to anybody.
    kept = ((library.ledger(held.path), library.evidence(held.path)) for held in others)
    gone += tuple(Removal(path, data, reason) for path, data in kept if data)
    return Proposal("merge", f"Merge {len(others) + 1} articles: {stays.article.question}", tuple(changes), gone=gone)


def hidden(library: Library, held: Held, by: str, *, hide: bool) -> Proposal:
    """Published, but left out of lists and search; or listed again."""
    after: bool = hide
    word = "hidden from lists and search" if hide else "listed again"
    edits = [Edit(held.article.url, "no_index", after, f"{by}: {word}")] if held.article.no_index != hide else []
    return Proposal(
        "hide" if hide else "list", f"{word.capitalize()}: {held.article.question}", _applied(library, held, edits)
    )


def mended(library: Library, catalogue: Catalogue, held: Held, today: datetime.date) -> Proposal:
    """What the rules know one right repair for."""
    shelves = {shelf.info.slug: shelf.info for shelf in catalogue.subjects()}
    shard = CheckShard(library, catalogue.path, shelves, dict(catalogue.aliases()), today, [held.path])
    edits = [problem.edit for problem in check_shard(shard).problems if problem.edit is not None]
    distinct = {edit.field: edit for edit in edits}
    return Proposal("mend", f"Mend: {held.article.question}", _applied(library, held, [*distinct.values()]))


def together(kind: str, subject: str, proposals: Iterable[Proposal]) -> Proposal:
    """Several as one. Raises ``EditError`` where two of them change one file."""
    listed = list(proposals)
    changes = [change for one in listed for change in one.changes]
    if len({change.path for change in changes}) < len(changes):
        raise EditError("two of the changes touch one file; carry them out one after the other")
    return Proposal(
        kind, subject, tuple(changes), tuple(new for one in listed for new in one.new),
        tuple(gone for one in listed for gone in one.gone), tuple(report for one in listed for report in one.reports),
    )  # fmt: skip


def _fields(article: Article, form: Written, by: str) -> Iterable[Edit]:
    _check(form)
    url = article.url
    yield from _asked(article, " ".join(form.question.split()), by)
    if form.answer != article.answer:
        yield Edit(url, "answer", form.answer, f"{by}: another answer")
    description = " ".join(form.description.split())
    if description != " ".join(article.seo.description.split()):
        yield Edit(url, "seo.page_description", description, f"{by}: another description")
    day = day_of(form.review_by)
    if day != article.review_by:
        reason = f"{by}: next review {f'by {day}' if day else 'not set'}"
        yield Edit(url, "review_by", day if day is not None else ABSENT, reason)
    if form.no_index != article.no_index:
        yield Edit(url, "no_index", form.no_index, f"{by}: {'hidden from' if form.no_index else 'shown in'} lists")


def _check(form: Written) -> None:
    for name, text in (("question", form.question), ("answer", form.answer)):
        if not text.strip():
            raise UsageError(f"the {name} is empty")
    for name, text in (("question", form.question), ("answer", form.answer), ("description", form.description)):
        if sign := UNSHOWN.search(text):
            raise UsageError(f"the {name} holds a sign that no page can show (U+{ord(sign[0]):04X}); remove it")
    if len(form.answer) > LONGEST:
        raise UsageError(f"the answer has {len(form.answer):,} characters; {LONGEST:,} is the most")


def _asked(article: Article, question: str, by: str) -> Iterable[Edit]:
    if question == article.question:
        return
    yield Edit(article.url, "question", question, f"{by}: another question")
    # What repeated the question goes on repeating it.
    for field, value in (("title", article.title), ("article_title", article.heading)):
        if value and value == article.question:
            yield Edit(article.url, field, question, "says the question")


def day_of(text: str) -> datetime.date | None:
    """The ISO day, or none for nothing. Raises ``UsageError``."""
    if not text.strip():
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{text[:40]!r}: expected a day such as 2027-03-31") from error


def _renewed(article: Article, shelf: Opened, before: Report | None) -> Report | None:
    """Only where the embedded checker judged before, or nobody: a model's verdicts wait for the model."""
    if not by_embedded(before) or not shelf.places:
        return None
    return structs.replace(shelf.check(article, before), asked=0)


def _score(article: Article, report: Report) -> list[Edit]:
    edit = rescore(report)
    return [] if edit.after == (-1.0 if article.score is None else article.score) else [edit]


def _applied(library: Library, held: Held, edits: Sequence[Edit]) -> tuple[Change, ...]:
    changes = apply(library, edits, lambda _url: held.path)
    _unchanged(changes, [held])
    return tuple(changes)


def _unchanged(changes: Iterable[Change], helds: Sequence[Held]) -> None:
    known = {held.path: held.data for held in helds}
    for change in changes:
        if change.path in known and change.before != known[change.path]:
            raise EditError(f"{change.path}: was changed meanwhile; nothing was written")


def _same(old: dict[str, Value], new: dict[str, Value]) -> bool:
    return (old.get("claim"), old.get("verdict")) == (new["claim"], new["verdict"])


def _card(catalogue: Catalogue, held: Held) -> Card:
    card = catalogue.card_at(held.path)
    if card is None:
        raise EditError(f"{held.path}: is not known to the library yet; try again in a moment")
    return card


def _article(catalogue: Catalogue, card: Card) -> Article:
    entry = next(iter(catalogue.entries([card.path])))
    if isinstance(entry, UnreadableError):
        raise entry
    return entry

"""A draft becomes an article: one new record, its ledger beside it, and the draft is gone."""

import datetime
from pathlib import PurePosixPath

from msgspec import Struct, structs

from responsa.article import Article, Edit, Url
from responsa.draft.around import Style, Taken
from responsa.draft.carried import Proposed, uncarried
from responsa.draft.drafts import Listed, Saved, SavedRefusal, digest, drop
from responsa.draft.markdown import compared
from responsa.draft.writing import Study
from responsa.errors import EditError, ResponsaError
from responsa.evidence.check import check
from responsa.evidence.claims import claims
from responsa.evidence.ledger import decode, recall
from responsa.evidence.ledger import record as keep
from responsa.evidence.report import Report, rescore
from responsa.library.create import New, create
from responsa.library.library import Library
from responsa.records.fields import edit_record
from responsa.records.fingerprint import fingerprint
from responsa.records.record import Record, parse


class Accepted(Struct, frozen=True):
    """A new article: its file, its ledger and its score."""

    path: PurePosixPath
    ledger: PurePosixPath
    url: Url
    score: float
    edited: bool


def accept(  # noqa: PLR0917 - what a draft meets in the library
    library: Library, one: Listed, taken: Taken, style: Style, study: Study, today: datetime.date
) -> Accepted:
    """Raises ``EditError`` for a refusal, and for a draft with a sentence that nothing carries.

    An editor may have changed the record: then its sentences are judged again, with what is kept for the others.
    """
    saved = one.entry
    if isinstance(saved, SavedRefusal):
        raise EditError(f"{one.name}: is a refusal ({saved.reason}: {saved.message}); it cannot become an article")
    record, edited = _record(library, one, saved)
    article = library.article_of(record, PurePosixPath(saved.path))
    if not article.question.strip() or not article.answer.strip():
        raise EditError(f"{one.name}: its record has no question or no answer left; draft the question again")
    before = _filed_before(library, one, taken, article)
    if before is not None:
        return before
    taken.release(saved.url, saved.path)
    url, path = _place(library, taken, saved, article, style, today)
    article = structs.replace(article, url=url, path=path)
    report = _report(one, saved, article, study)
    record = _finished(library, record, article, report, saved, taken, today)
    final = library.article_of(record, path)
    # The ledger first: an article without one would be built without its citations; a ledger alone is no article.
    keep(library, final, report)
    create(library, [New(path, record.data)])
    drop(library, one)
    score = report.score
    return Accepted(path, library.ledger(path), url, -1.0 if score is None else float(score), edited)


def _record(library: Library, one: Listed, saved: Saved) -> tuple[Record, bool]:
    """The file beside the draft, and whether an editor changed it."""
    name = one.name.with_suffix(".md")
    data = library.data(name)
    return parse(data, name), digest(data) != saved.of


def _filed_before(library: Library, one: Listed, taken: Taken, article: Article) -> Accepted | None:
    """What an acceptance left that was killed before it took the draft away. Raises ``EditError`` for another article.

    Where the question was answered since, the same words would be two articles.
    """
    card = taken.answers(article.question)
    if card is None:
        return None
    there = library.article(card.path)
    if there.answer != article.answer or recall(library, there) is None:
        raise EditError(f"{one.name}: the question is an article already: {card.url}; remove the draft")
    drop(library, one)
    score = -1.0 if there.score is None else float(there.score)
    return Accepted(card.path, library.ledger(card.path), there.url, score, edited=False)


def _place(  # noqa: PLR0917 - as above
    library: Library, taken: Taken, saved: Saved, article: Article, style: Style, today: datetime.date
) -> tuple[Url, PurePosixPath]:
    """Where it was meant to go, unless something else is there by now."""
    path = PurePosixPath(saved.path)
    if not path.is_relative_to(library.content) or ".." in path.parts or path.suffix != ".md":
        raise EditError(f"{saved.record}: {path}: is no place for an article")
    if article.url == saved.url and taken.is_free(saved.url, path):
        return Url(saved.url), path
    url, path = taken.place(article.question, article.subject, style, today.isoformat())
    return Url(url), path


def _report(one: Listed, saved: Saved, article: Article, study: Study) -> Report:
    """The draft's own ledger where the answer and the passages are those that were judged; else a new one.

    Raises ``EditError`` for a sentence that nothing carries as the sources are now.
    """
    try:
        kept = decode(bytes(saved.ledger))
    except ResponsaError as error:
        raise EditError(f"{one.name}: its ledger is damaged ({error}); draft the question again") from error
    there = {passage.id for passage in study.checking.passages}
    standing = [entry for entry in kept.checked if not entry.finding.passage or entry.finding.passage in there]
    if kept.of == fingerprint(article.answer) and len(standing) == len(kept.checked):
        bad = [sentence.text for sentence in saved.sentences if not sentence.carried or sentence.passage not in there]
        report = structs.replace(kept, url=article.url)
    else:
        report = check(article, study.checking, study.judge, before=structs.replace(kept, checked=tuple(standing)))
        bad = unsupported(article.answer, report, study)
    if bad:
        listed = "; ".join(f"“{text[:120]}”" for text in bad[:3])
        count = f"{len(bad)} sentences that no source carries" if len(bad) > 1 else "a sentence that no source carries"
        raise EditError(f"{one.name}: {count}: {listed}. Cut them or add a source")
    return structs.replace(report, url=article.url, asked=0)


def unsupported(answer: str, report: Report, study: Study) -> list[str]:
    """Sentences of an answer that may not stand in an accepted draft, by the rule for drafts."""
    found = {compared(entry.claim.text): entry for entry in report.checked}
    texts = {passage.id: passage for passage in study.checking.passages}
    bad: list[str] = []
    for claim in claims(answer):
        if not claim.checkable:
            continue
        entry = found.get(compared(claim.text))
        passage = texts.get(entry.finding.passage) if entry else None
        proposed = Proposed(claim.text, passage, entry.finding.quote if entry else "", 0)
        if entry is None or uncarried(proposed, entry):
            bad.append(claim.text)
    return bad


def _finished(  # noqa: PLR0917 - what a record is finished with
    library: Library, record: Record, article: Article, report: Report, saved: Saved, taken: Taken, today: datetime.date
) -> Record:
    """With the day, the number and the place that it has now, and the score of its ledger."""
    layout = library.config.layout
    changes: dict[str, object] = {"date": today, "file_name": article.path.name, "url": str(article.url)}
    if taken.has_number(saved.id):
        changes["id"] = taken.number()
    edits = [
        Edit(article.url, field, value, "accepted")  # type: ignore[arg-type]
        for field, value in changes.items()
        if layout.key(field) in record.values
    ]
    for edit in [*edits, rescore(report)]:
        record = edit_record(record, edit, layout)
    return record

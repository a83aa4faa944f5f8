"""An article beside its evidence: claims by verdict, passages, problems, related questions, history."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from responsa.article import Article, Url
from responsa.errors import GitError
from responsa.evidence.ledger import recall
from responsa.evidence.report import Report
from responsa.library import git
from responsa.publish.views import moment
from responsa.records.fingerprint import fingerprint
from responsa.serve.desk.asked import Answer, Asked, to
from responsa.serve.desk.desk import Desk
from responsa.serve.desk.diff import of_files
from responsa.serve.desk.marks import marked
from responsa.serve.desk.save import kept
from responsa.serve.desk.sources import Opened
from responsa.serve.desk.tasks import KINDS
from responsa.serve.desk.undo import can_undo, files_of
from responsa.serve.desk.verdicts import seen, tones
from responsa.serve.desk.views.lists import way
from responsa.serve.live import Now

COMMITS = 30
ABOUT_CLAIMS = frozenset({"contradicted", "differs", "tension", "unsupported", "stale"})


class Fact(Struct, frozen=True):
    """A line about the article; ``tone`` colours it."""

    name: str
    value: str
    tone: str = ""


class LinkTo(Struct, frozen=True):
    """A related question; ``broken``: no article has its address."""

    slot: int
    url: str
    title: str
    href: str
    broken: bool


class Step(Struct, frozen=True):
    """A commit of the article's history."""

    id: str
    subject: str
    author: str
    on: str
    href: str


def article(desk: Desk, asked: Asked) -> Answer:
    """The page on which most of the work is done."""
    with desk.reading() as now:
        held = desk.held(now, asked.query("url"))
        shelf = desk.shelf(now.library)
        report, is_kept = report_of(now, held.article, shelf)
        tasks = desk.queue.of(held.article.url, desk.day)
        found = seen(held.article, report, shelf, kept=is_kept)
        body = marked(held.article.answer, report.checked, tones(report))
        card = now.catalogue.card_at(held.path)
        return desk.pages.page(
            "article",
            asked,
            article=held.article,
            base=held.digest,
            body=body.body,
            seen=found,
            facts=list(_facts(now, held.article)),
            tasks=[(task, KINDS[task.kind]) for task in tasks if task.kind not in ABOUT_CLAIMS],
            repeated=any(task.kind == "duplicate" for task in tasks),
            related=_related(now, held.article),
            public=held.article.url if card and not card.held else "",
            held=card.held if card else "",
            way=way(asked),
            done=asked.query("done") if is_id(asked.query("done")) or asked.query("done") == "none" else "",
            trouble=_refusal(desk) if asked.query("done") == "refused" else "",
            reviewed=_is_reviewed(held.article),
            kept=[(name, asked.query(name)) for name in ("kind", "subject", "text", "at") if asked.query(name)],
            opens=sum(claim.open for claim in found.claims),
            addresses=addresses_of(held.article, asked),
        )


def _refusal(desk: Desk) -> str:
    """Words of the server's own: an address could say anything."""
    return f"The change is written, but Git did not commit it ({desk.refusal}). The next save tries again."


def report_of(now: Now, article: Article, shelf: Opened) -> tuple[Report, bool]:
    """The ledger's report where it is of this answer, else what the embedded checker says now."""
    report = recall(now.library, article)
    if report is not None and report.of == fingerprint(article.answer):
        return report, True
    return shelf.check(article, report), False


def history(desk: Desk, asked: Asked) -> Answer:
    """The commits that touched the article."""
    with desk.reading() as now:
        held = desk.held(now, asked.query("url"))
        steps = _steps(now, held.path)
        kept_by_git = git.is_kept(now.library.folder)
        return desk.pages.page(
            "history", asked, article=held.article, steps=steps, git=kept_by_git,
            addresses=addresses_of(held.article, asked), way=way(asked),
        )  # fmt: skip


def changes(desk: Desk, asked: Asked) -> Answer:
    """The last commits of the library."""
    with desk.reading() as now:
        kept_by_git = git.is_kept(now.library.folder)
        steps = _steps(now, None) if kept_by_git else []
        return desk.pages.page("changes", asked, steps=steps, git=kept_by_git)


def change(desk: Desk, asked: Asked) -> Answer:
    """What one commit did to the library, and the way to undo it."""
    id = asked.query("id")  # noqa: A001 - the name everywhere
    with desk.reading() as now:
        note = kept(now.library, id) if is_id(id) else None
        commit = None if note else _commit(now, id)
        message = note.message if note else commit.message if commit else ""
        files = files_of(now.library, id) if message else []
        return desk.pages.page(
            "change",
            asked,
            200 if message else 404,
            id=id,
            message=message,
            author=note.name if note else commit.author.name if commit else "",
            on=commit.on.isoformat(" ", "minutes") if commit else "",
            files=of_files(files),
            count=len(files),
            undoable=can_undo(message),
        )


def is_id(text: str) -> bool:
    """Whether ``text`` could be a commit's, or a save's."""
    return 7 <= len(text) <= 64 and text.isascii() and text.isalnum() and text == text.lower()  # noqa: PLR2004


def _commit(now: Now, id: str) -> git.Commit | None:  # noqa: A002
    if not is_id(id) or not git.is_kept(now.library.folder):
        return None
    try:
        paths = git.changed(now.library.folder, id)
        logs = (git.log(now.library.folder, path, 500) for path in paths[:1])
        return next((one for log in logs for one in log if one.id.startswith(id)), None)
    except GitError:
        return None


def _steps(now: Now, path: PurePosixPath | None) -> list[Step]:
    if not git.is_kept(now.library.folder):
        return []
    return [
        Step(one.id, one.subject, one.author.name, one.on.strftime("%Y-%m-%d %H:%M"), to("/change", id=one.id))
        for one in git.log(now.library.folder, path, COMMITS)
    ]


def _facts(now: Now, article: Article) -> Sequence[Fact]:
    facts = [Fact("Subject", now.library.subject_of(article.subject).title)]
    score = "never checked" if article.score is None else f"{100 * article.score:.0f}% of its claims carried"
    facts.append(Fact("Score", score, "" if article.score is not None else "soft"))
    facts.append(_review(article))
    if article.review_by:
        facts.append(Fact("Next review", article.review_by.isoformat()))
    if article.provenance:
        facts.append(Fact("Written by", article.provenance.value.replace("-", ", ")))
    if article.no_index:
        facts.append(Fact("Listed", "no: kept out of lists and search", "warn"))
    facts.append(Fact("File", str(article.path)))
    return facts


def _review(article: Article) -> Fact:
    stamp = article.reviewed
    if stamp is None:
        return Fact("Review", "none", "soft")
    when = f"{stamp.by}, {moment(stamp.on)}"
    return Fact("Review", when) if _is_reviewed(article) else Fact("Review", f"void: changed since {when}", "warn")


def _is_reviewed(article: Article) -> bool:
    return article.reviewed is not None and article.reviewed.of == fingerprint(article.answer)


def _related(now: Now, article: Article) -> list[LinkTo]:
    cards = now.catalogue.lookup(link.url for link in article.related)
    return [
        LinkTo(
            link.slot, link.url, cards[link.url].title if link.url in cards else link.title or link.url,
            to("/article", url=link.url), Url(link.url) not in cards,
        )
        for link in article.related
    ]  # fmt: skip


def addresses_of(article: Article, asked: Asked) -> dict[str, str]:
    """Of the other pages on this article, which keep the way through the queue."""
    kept_way = {name: asked.query(name) for name in ("kind", "subject", "text", "at")}
    names = ("article", "edit", "links", "history", "merge")
    return {name: to(f"/{name}", url=article.url, **kept_way) for name in names}

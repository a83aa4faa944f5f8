"""Decisions that need no text: reviews, accepted claims, repairs, undoing, and several articles at once."""

from collections.abc import Sequence
from typing import Final

from responsa.errors import EditError, GitError, LockedError, ResponsaError, UsageError
from responsa.publish.html import render
from responsa.publish.structure import REGION
from responsa.serve.desk.asked import Answer, Asked, NotThereError, seen, to
from responsa.serve.desk.desk import Desk
from responsa.serve.desk.diff import of_proposal
from responsa.serve.desk.proposals import Held, accepted, day_of, due, hidden, mended, merged, stamped, together
from responsa.serve.desk.save import Proposal
from responsa.serve.desk.tasks import kind_of
from responsa.serve.desk.undo import undo
from responsa.serve.desk.verdicts import chosen
from responsa.serve.desk.views.article import addresses_of, report_of
from responsa.serve.desk.views.edit import done
from responsa.serve.desk.views.lists import ACTIONS, shelf_titles, way
from responsa.serve.live import Now

MOST: Final = 500
"""Articles changed at once."""
TITLES: Final = dict(ACTIONS)


def decide(desk: Desk, asked: Asked) -> Answer:
    """One decision on one article. A form of an article that changed meanwhile decides nothing."""
    what = asked.form("do")
    with desk.reading() as now:
        held = desk.held(now, asked.form("url"))
        if asked.form("base") != held.digest:
            return _late(desk, asked, held)
        try:
            proposal = _proposal(desk, asked, now, held, what)
            saved = desk.save(asked, now.library, proposal)
        except (EditError, LockedError, UsageError) as error:
            return word(desk, asked, "Nothing was changed", str(error), 409, to("/article", url=held.article.url))
    return done(asked, held.article.url, saved)


def batch(desk: Desk, asked: Asked) -> Answer:
    """Several articles: first what would change, then the change as one commit."""
    what, urls = asked.form("do"), list(dict.fromkeys(asked.form.all("url")))[:MOST]
    if what not in TITLES or not urls:
        missing = "Choose at least one article." if what in TITLES else "Choose what is to be done."
        return word(desk, asked, "Nothing was changed", missing, 422, to("/queue"))
    with desk.reading() as now:
        helds, gone = _helds(desk, now, urls)
        bases = dict(zip(asked.form.all("url"), asked.form.all("base"), strict=False))
        late = [held for held in helds if bases.get(held.article.url, held.digest) != held.digest]
        proposals, left = _proposals(desk, asked, now, [held for held in helds if held not in late], what)
        left += [(held.article.question, "somebody changed it meanwhile") for held in late]
        left += [(url, "no article has this address") for url in gone]
        whole = together("batch", f"{TITLES[what]} ({len(proposals)})", proposals)
        if asked.form("sure") == "yes" and whole.changes:
            try:
                saved = desk.save(asked, now.library, whole)
            except (EditError, LockedError) as error:
                return word(desk, asked, "Nothing was changed", str(error), 409, to("/queue"))
            return seen(to("/change", id=saved.id) if saved.id else to("/queue"))
        return desk.pages.page(
            "batch",
            asked,
            what=what,
            title=TITLES[what],
            chosen=[held for held in helds if held not in late],
            files=of_proposal(whole),
            count=len(whole.changes),
            left=left,
            review_by=asked.form("review_by"),
            back=to("/queue"),
        )


def take_back(desk: Desk, asked: Asked) -> Answer:
    """Undo a save as one new commit."""
    with desk.reading() as now:
        try:
            proposal = undo(now.library, asked.form("id"))
            saved = desk.save(asked, now.library, proposal)
        except (EditError, GitError, LockedError) as error:
            return word(desk, asked, "Not undone", str(error), 409, to("/change", id=asked.form("id")))
    url = asked.form("url")
    return done(asked, url, saved) if url else seen(to("/change", id=saved.id))


def merge(desk: Desk, asked: Asked) -> Answer:
    """Articles that ask one question, beside each other."""
    with desk.reading() as now:
        held = desk.held(now, asked.query("url"))
        others = [desk.held(now, url) for url in _same(now, held, asked.query.all("with"))]
        return desk.pages.page(
            "merge",
            asked,
            article=held.article,
            helds=[held, *others],
            bodies=[_body(one, number) for number, one in enumerate((held, *others), 1)],
            titles=shelf_titles(now),
            way=way(asked),
            addresses=addresses_of(held.article, asked),
            word="",
        )


def _body(held: Held, number: int) -> str:
    """The answer as readers see it. Answers to one question hold the same tables, whose names say which is whose."""
    body = render(held.article.answer).body
    return body.replace(f"{REGION}Table", f"{REGION}Answer {number}, table")


def save_merge(desk: Desk, asked: Asked) -> Answer:
    """First what would change, then the merge as one commit."""
    stays, gone = asked.form("stays"), [url for url in asked.form.all("goes") if url != asked.form("stays")]
    if not stays or not gone:
        return word(
            desk, asked, "Nothing was changed", "Choose the article that stays and at least one other.", 422,
            to("/merge", url=stays or asked.form("url")),
        )  # fmt: skip
    by = asked.person.user.name if asked.person else ""
    with desk.reading() as now:
        kept, others = desk.held(now, stays), [desk.held(now, url) for url in dict.fromkeys(gone)]
        bases = dict(zip(asked.form.all("seen"), asked.form.all("base"), strict=False))
        if any(bases.get(held.article.url) != held.digest for held in (kept, *others)):
            return _late(desk, asked, kept)
        try:
            proposal = merged(now.library, now.catalogue, kept, others, by)
            if asked.form("sure") == "yes":
                saved = desk.save(asked, now.library, proposal)
                return done(asked, stays, saved)
        except (EditError, LockedError) as error:
            return word(desk, asked, "Nothing was changed", str(error), 409, to("/merge", url=stays))
        return desk.pages.page(
            "merging", asked, article=kept.article, stays=kept, others=others, files=of_proposal(proposal),
            count=len(proposal.changes) + len(proposal.gone),
        )  # fmt: skip


def word(desk: Desk, asked: Asked, title: str, text: str, status: int, onward: str) -> Answer:  # noqa: PLR0917
    """A page with one sentence and the way on."""
    return desk.pages.page("word", asked, status, title=title, text=text, onward=onward)


def _late(desk: Desk, asked: Asked, held: Held) -> Answer:
    text = "Somebody changed this article after you opened it. Look at it as it is now, then decide again."
    return word(desk, asked, "Changed meanwhile", text, 409, to("/article", url=held.article.url))


def _proposal(desk: Desk, asked: Asked, now: Now, held: Held, what: str) -> Proposal:
    by = asked.person.user.name if asked.person else ""
    if what == "review":
        return stamped(now.library, held, by, desk.today(), day_of(asked.form("review_by")))
    if what == "due":
        day = day_of(asked.form("review_by"))
        if day is None:
            raise UsageError("name the day of the next review")
        return due(now.library, held, day)
    if what == "accept":
        return _accepted(desk, asked, now, held, by)
    if what == "mend":
        return mended(now.library, now.catalogue, held, desk.today())
    if what in {"hide", "list"}:
        return hidden(now.library, held, by, hide=what == "hide")
    raise NotThereError(f"{what[:40]}: no such decision")


def _accepted(desk: Desk, asked: Asked, now: Now, held: Held, by: str) -> Proposal:
    """The claims that the form names; without any, all that are open."""
    report, _ = report_of(now, held.article, desk.shelf(now.library))
    numbers = [int(number) for number in asked.form.all("claim") if number.isascii() and number.isdigit()]
    if not numbers:
        numbers = [number for number, entry in enumerate(report.checked, 1) if kind_of(entry)]
    claims = chosen(report, numbers)
    if not claims:
        raise UsageError("no claim of this answer waits for anybody")
    return accepted(now.library, held, claims, by, desk.today())


def _helds(desk: Desk, now: Now, urls: Sequence[str]) -> tuple[list[Held], list[str]]:
    helds: list[Held] = []
    gone: list[str] = []
    for url in urls:
        try:
            helds.append(desk.held(now, url))
        except ResponsaError:
            gone.append(url)
    return helds, gone


def _proposals(
    desk: Desk, asked: Asked, now: Now, helds: Sequence[Held], what: str
) -> tuple[list[Proposal], list[tuple[str, str]]]:
    found: list[Proposal] = []
    left: list[tuple[str, str]] = []
    for held in helds:
        try:
            proposal = _proposal(desk, asked, now, held, what)
        except ResponsaError as error:
            left.append((held.article.question, str(error)))
            continue
        if proposal.changes:
            found.append(proposal)
        else:
            left.append((held.article.question, "nothing to change"))
    return found, left


def _same(now: Now, held: Held, wanted: Sequence[str]) -> list[str]:
    """Articles with the same question, and those that the address names; at most ten."""
    card = now.catalogue.card_at(held.path)
    key = card.question_key if card else ""
    groups = (group for group in now.catalogue.repeated("question_key") if group.key == key)
    same = [str(one.url) for group in groups for one in group.cards] if key else []
    return [url for url in dict.fromkeys([*same, *wanted]) if url != held.article.url][:10]

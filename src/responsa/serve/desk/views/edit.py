"""Writing: an article's form with a preview and a check as one types, its related questions, and conflicts."""

from msgspec import Struct, structs

from responsa.errors import EditError, LockedError, ResponsaError, UsageError
from responsa.evidence.ledger import recall
from responsa.library import git
from responsa.serve.desk.asked import Answer, Asked, Fields, seen, to
from responsa.serve.desk.desk import Desk
from responsa.serve.desk.diff import words
from responsa.serve.desk.marks import marked
from responsa.serve.desk.proposals import Held, Written, edited, linked, written
from responsa.serve.desk.save import Saved
from responsa.serve.desk.verdicts import seen as seen_as
from responsa.serve.desk.verdicts import tones
from responsa.serve.desk.views.article import addresses_of
from responsa.serve.desk.views.lists import way
from responsa.serve.live import Now

SUGGESTED = 12
PREVIEWED = 200_000
"""Characters that are checked while somebody types."""


class Preview(Struct, frozen=True):
    """What a page would show, and what the checker says about it."""

    body: str
    seen: object


def edit(desk: Desk, asked: Asked) -> Answer:
    """The form, with what the file holds."""
    with desk.reading() as now:
        held = desk.held(now, asked.query("url"))
        return _form(desk, asked, now, held, written(held.article), held.digest)


def save(desk: Desk, asked: Asked) -> Answer:
    """Preview, or carry out; another editor's change in between is shown beside one's own words."""
    form = read_form(asked.form)
    with desk.reading() as now:
        held = desk.held(now, asked.form("url"))
        if asked.form("do") == "preview":
            return _form(desk, asked, now, held, form, asked.form("base"))
        if asked.form("base") != held.digest:
            return _conflict(desk, asked, now, held, form)
        try:
            shelf, before = desk.shelf(now.library), recall(now.library, held.article)
            by = asked.person.user.name if asked.person else ""
            proposal = edited(now.library, held, form, by, shelf=shelf, before=before)
            saved = desk.save(asked, now.library, proposal)
        except ResponsaError as error:
            return _refused(desk, asked, now, form, error)
    return done(asked, held.article.url, saved)


def _refused(desk: Desk, asked: Asked, now: Now, form: Written, error: ResponsaError) -> Answer:
    """Nothing was written; every word is still in the form."""
    again = desk.held(now, asked.form("url"))
    if isinstance(error, EditError) and again.digest != asked.form("base"):
        return _conflict(desk, asked, now, again, form)
    if isinstance(error, LockedError):
        word = f"{error}. Your words are still here: press Save again in a moment."
        return _form(desk, asked, now, again, form, again.digest, word=word, status=503)
    return _form(desk, asked, now, again, form, again.digest, word=str(error), status=422)


def preview(desk: Desk, asked: Asked) -> Answer:
    """What is being typed, as its page would show it, with verdicts; nothing is kept."""
    with desk.reading() as now:
        held = desk.held(now, asked.form("url"))
        shown = _preview(desk, now, held, read_form(asked.form))
    return desk.pages.page("preview", asked, preview=shown)


def links(desk: Desk, asked: Asked) -> Answer:
    """The form of the five related questions, with the nearest others."""
    with desk.reading() as now:
        held = desk.held(now, asked.query("url"))
        stored = {link.slot: str(link.url) for link in held.article.related}
        return _links_form(desk, asked, now, held, [stored.get(slot, "") for slot in range(1, 6)])


def save_links(desk: Desk, asked: Asked) -> Answer:
    """Change what differs."""
    urls = asked.form.all("link")
    with desk.reading() as now:
        held = desk.held(now, asked.form("url"))
        if asked.form("base") != held.digest:
            word = "Somebody changed this article meanwhile. Your choice is still here: look at it again, then save."
            return _links_form(desk, asked, now, held, urls, word, 409)
        by = asked.person.user.name if asked.person else ""
        try:
            saved = desk.save(asked, now.library, linked(now.library, now.catalogue, held, urls, by))
        except UsageError as error:
            return _links_form(desk, asked, now, held, urls, str(error), 422)
        except (EditError, LockedError) as error:
            return _links_form(desk, asked, now, held, urls, f"{error}. Nothing was written.", 409)
    return done(asked, held.article.url, saved)


def read_form(form: Fields) -> Written:
    """What was written, with real line breaks."""
    return Written(
        form("question"), form.text("answer"), form.text("description"), form("review_by"), form("no_index") == "yes"
    )


def done(asked: Asked, url: str, saved: Saved) -> Answer:
    """Back to the article, with the way to undo."""
    kept = {name: asked.form(name) for name in ("kind", "subject", "text", "at")}
    return seen(to("/article", url=url, done=saved.id or ("refused" if saved.trouble else "none"), **kept))


def kept_words(desk: Desk, asked: Asked, word: str) -> Answer:
    """A form that came too late (signed out, signed in anew): shown again with every word, to be sent again."""
    with desk.reading() as now:
        held = desk.held(now, asked.form("url"))
        return _form(desk, asked, now, held, read_form(asked.form), asked.form("base"), word=word, status=403)


def _form(  # noqa: PLR0917 - the parts of one page
    desk: Desk, asked: Asked, now: Now, held: Held, form: Written, base: str, *, word: str = "", status: int = 200
) -> Answer:
    return desk.pages.page(
        "edit",
        asked,
        status,
        article=held.article,
        form=form,
        base=base,
        word=word,
        preview=_preview(desk, now, held, form),
        addresses=addresses_of(held.article, _asked_way(asked)),
        way=way(_asked_way(asked)),
        kept=_kept(asked),
    )


def _preview(desk: Desk, now: Now, held: Held, form: Written) -> Preview:
    article = structs.replace(held.article, answer=form.answer[:PREVIEWED], question=form.question)
    shelf = desk.shelf(now.library)
    report = shelf.check(article, recall(now.library, held.article))
    body = marked(article.answer, report.checked, tones(report))
    return Preview(body.body, seen_as(article, report, shelf, kept=False))


def _conflict(desk: Desk, asked: Asked, now: Now, held: Held, form: Written) -> Answer:
    """Both versions; one's own words stay in the form, which now starts from the other's."""
    theirs = written(held.article)
    pairs = (("Question", theirs.question, form.question), ("Answer", theirs.answer, form.answer),
             ("Description", theirs.description, form.description))  # fmt: skip
    folder = now.library.folder
    # What is not committed was not written by whoever committed last.
    known = git.is_kept(folder) and git.is_clean(folder, [held.path])
    log = git.log(folder, held.path, 1) if known else []
    return desk.pages.page(
        "conflict",
        asked,
        409,
        article=held.article,
        form=form,
        theirs=theirs,
        base=held.digest,
        who=log[0].author.name if log else "",
        when=log[0].on.strftime("%Y-%m-%d %H:%M") if log else "",
        differences=[(name, words(one, other)) for name, one, other in pairs if one != other],
        addresses=addresses_of(held.article, _asked_way(asked)),
        kept=_kept(asked),
    )


def _links_form(  # noqa: PLR0917 - the parts of one form
    desk: Desk, asked: Asked, now: Now, held: Held, urls: list[str], word: str = "", status: int = 200
) -> Answer:
    cards = now.catalogue.lookup(filter(None, urls))
    titles = {str(url): card.title for url, card in cards.items()}
    try:
        hits = now.index.search(held.article.question, SUGGESTED + 6)
    except ResponsaError:
        hits = []
    offered = [hit for hit in hits if hit.url != held.article.url and hit.url not in urls][:SUGGESTED]
    return desk.pages.page(
        "links",
        asked,
        status,
        article=held.article,
        base=held.digest,
        rows=[(slot, url, titles.get(url, "")) for slot, url in enumerate((*urls, *[""] * 5)[:5], 1)],
        offered=offered,
        word=word,
        addresses=addresses_of(held.article, _asked_way(asked)),
        way=way(_asked_way(asked)),
        kept=_kept(asked),
    )


def _asked_way(asked: Asked) -> Asked:
    """The way through the queue stands in the address of what is read, and in the form of what is written."""
    return structs.replace(asked, query=asked.form) if asked.form.pairs else asked


def _kept(asked: Asked) -> list[tuple[str, str]]:
    query = asked.form if asked.form.pairs else asked.query
    return [(name, query(name)) for name in ("kind", "subject", "text", "at") if query(name)]

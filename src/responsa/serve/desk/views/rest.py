"""A source from end to end, the overview, and signing in."""

from responsa.serve.desk.asked import Answer, Asked, NotThereError, back, seen, to
from responsa.serve.desk.chart import bars, line
from responsa.serve.desk.desk import Desk
from responsa.serve.desk.figures import figures
from responsa.serve.login.door import Refused

SHOWN = 400
"""Passages of a source on one page, around the one that is asked for."""


def source(desk: Desk, asked: Asked) -> Answer:
    """The words of a source, at the passage that is asked for. Nothing is fetched: the shelf's own files are all."""
    name, wanted = asked.query("id"), asked.query("passage")
    with desk.reading() as now:
        shelf = desk.shelf(now.library)
        passages = shelf.source(name)
        if not passages:
            raise NotThereError(f"{name[:100]}: no source of this library has this id")
        at = next((place for place, one in enumerate(passages) if one.id == wanted), 0)
        start = max(0, min(at - SHOWN // 2, len(passages) - SHOWN))
        meta = shelf.references.get(name)
        title = meta.title if meta and meta.title else name
        return desk.pages.page(
            "source", asked, id=name, meta=meta, passages=passages[start : start + SHOWN], wanted=wanted,
            before=start, after=max(0, len(passages) - start - SHOWN), title=title,
            doi=f"https://doi.org/{meta.doi}" if meta and meta.doi else "",
        )  # fmt: skip


def board(desk: Desk, asked: Asked) -> Answer:
    """The library in numbers."""
    with desk.reading() as now:
        found = figures(desk.queue, now, desk.day)
        trouble, count = desk.trouble or desk.live.trouble, found.articles
    charts = [
        ("What waits for a person", "tasks", found.tasks),
        ("Scores", "articles", found.scores),
        ("Reviews", "articles", found.reviews),
        ("Related questions of an article", "articles", found.links),
        ("Subjects with the most to do", "tasks", found.subjects),
        ("Largest subjects", "articles", found.shelves),
    ]
    shown = [(title, unit, rows, bars(title, rows)) for title, unit, rows in charts]
    totals = {"Articles": found.articles, "Held back": found.held, "Tasks": found.waiting}
    counts = [(title, f"{number:,}") for title, number in totals.items()]
    return desk.pages.page(
        "board", asked, figures=found, totals=counts, charts=shown, over_time=line("Tasks over time", found.days),
        trouble=trouble, progress=desk.queue.progress or (None if desk.queue.made else (0, count)),
    )  # fmt: skip


def entry(desk: Desk, asked: Asked) -> Answer:
    """The form to sign in with."""
    return _entry(desk, asked, "")


def enter(desk: Desk, asked: Asked) -> Answer:
    """Sign in; what was asked for before comes next."""
    found = desk.door.enter(asked.visit, dict(asked.cookies), asked.form("login"), asked.form("password"))
    if isinstance(found, Refused):
        wait = f" Wait {int(found.wait) + 1} seconds before the next try." if found.wait else ""
        return _entry(desk, asked, f"Login and password do not fit.{wait}", 429 if found.wait else 403)
    name = desk.door.cookie(asked.visit)
    secure = "; Secure" if name.startswith("__Host-") else ""
    cookie = f"{name}={found}; Path=/; HttpOnly; SameSite=Lax{secure}"
    return Answer(status=303, location=back(asked.form("next")), cookie=cookie)


def leave(desk: Desk, asked: Asked) -> Answer:
    """Sign out."""
    desk.door.leave(asked.visit, dict(asked.cookies))
    name = desk.door.cookie(asked.visit)
    secure = "; Secure" if name.startswith("__Host-") else ""
    return Answer(
        status=303, location=to("/login"), cookie=f"{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"
    )


def home(_desk: Desk, _asked: Asked) -> Answer:
    """The queue is where a day begins."""
    return seen(to("/queue"))


def _entry(desk: Desk, asked: Asked, word: str, status: int = 200) -> Answer:
    onward = back(asked.form("next") or asked.query("next"))
    plain = not desk.door.cookie(asked.visit).startswith("__Host-") or asked.visit.is_secure(desk.door.access)
    return desk.pages.page(
        "login", asked, status, onward=onward, word=word, login=asked.form("login")[:64], plain=plain
    )

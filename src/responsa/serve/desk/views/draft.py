"""A draft beside the passages that its sentences cite: to be accepted or put away."""

from responsa.draft.drafts import Listed, Saved, load
from responsa.errors import EditError, LockedError, ResponsaError, UsageError
from responsa.publish.html import render
from responsa.serve.desk.asked import Answer, Asked, NotThereError, seen, to
from responsa.serve.desk.desk import Desk
from responsa.serve.desk.drafts import accepted, files_of, put_away, tasks_of_drafts
from responsa.serve.desk.proposals import digest
from responsa.serve.desk.views.decide import word
from responsa.serve.desk.views.lists import way
from responsa.serve.live import Now


def draft(desk: Desk, asked: Asked) -> Answer:
    """The draft as it would be read, sentence by sentence with what it cites; or why there is none."""
    with desk.reading() as now:
        one = _draft(now, asked.query("path"))
        entry = one.entry
        body, shelf = "", desk.shelf(now.library)
        if isinstance(entry, Saved):
            body = render(_answer(now, one)).body
        titles = {source.id: source.title or source.id for source in shelf.references.values()}
        return desk.pages.page(
            "draft",
            asked,
            name=str(one.name),
            base=_base(now, one),
            entry=entry,
            refused=not isinstance(entry, Saved),
            body=body,
            sentences=entry.sentences if isinstance(entry, Saved) else (),
            cut=entry.cut if isinstance(entry, Saved) else (),
            titles=titles,
            way=way(asked),
        )


def decide(desk: Desk, asked: Asked) -> Answer:
    """Accept, or put away."""
    with desk.reading() as now:
        one = _draft(now, asked.form("path"))
        onward = to("/draft", path=str(one.name))
        if asked.person is None or asked.form("base") != _base(now, one):
            return word(desk, asked, "Nothing was changed", "The draft changed meanwhile. Read it again.", 409, onward)
        try:
            if asked.form("do") == "accept":
                saved, url = accepted(now.library, one, asked.person.author, desk.today())
                desk.take_up(saved.paths)
                desk.refusal = saved.trouble
                address = to("/article", url=url, done=saved.id or ("refused" if saved.trouble else "none"))
            else:
                saved = desk.save(asked, now.library, put_away(now.library, one))
                address = to("/change", id=saved.id) if saved.id else to("/queue", kind="draft")
        except (EditError, LockedError, UsageError) as error:
            return word(desk, asked, "Nothing was changed", str(error), 409, onward)
        desk.queue.drafts(tasks_of_drafts(now.library))
    return seen(address)


def _draft(now: Now, name: str) -> Listed:
    try:
        return load(now.library, name.replace("\0", ""))
    except ResponsaError as error:
        raise NotThereError(f"{name[:100]}: no such draft") from error


def _answer(now: Now, one: Listed) -> str:
    try:
        record = now.library.record(one.name.with_suffix(".md"))
        return now.library.article_of(record, now.library.content / "draft.md").answer
    except ResponsaError:
        return ""


def _base(now: Now, one: Listed) -> str:
    return digest(b"\0".join(file.before or b"" for file in files_of(now.library, one)))

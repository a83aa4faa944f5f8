"""Drafts and refusals of the folder of drafts, as tasks; accepting one makes an article by one commit."""

import datetime
from collections.abc import Iterator
from pathlib import PurePosixPath

from responsa.draft.accepting import accept
from responsa.draft.drafts import Listed, Saved, listed
from responsa.draft.filing import around
from responsa.draft.shelves import study_of
from responsa.errors import EditError
from responsa.library.git import Author
from responsa.library.library import Library
from responsa.library.remove import Removal
from responsa.serve.desk.save import Before, Proposal, held, message_of, noted
from responsa.serve.desk.save import Saved as Done
from responsa.serve.desk.tasks import Task


def tasks_of_drafts(library: Library) -> Iterator[Task]:
    """Drafts first, then refusals; by name."""
    for one in listed(library):
        entry = one.entry
        if isinstance(entry, Saved):
            text = f"{len(entry.sentences)} cited sentences, drafted by {entry.by}"
            yield Task(str(one.name), entry.url, entry.question, "", "draft", 0.0, text, "draft")
        else:
            text = f"Refused: {entry.message}"
            yield Task(str(one.name), "", entry.question, "", "draft", 1.0, text[:300], entry.reason.value)


def files_of(library: Library, one: Listed) -> list[Before]:
    """The draft's files with what they hold; they go when it is accepted or put away."""
    paths = (one.name, one.name.with_suffix(".md"))
    found = [(path, held(library, path)) for path in paths if not (library.folder / path).is_symlink()]
    return [Before(str(path), data, None) for path, data in found if data is not None]


def accepted(library: Library, one: Listed, author: Author, today: datetime.date) -> tuple[Done, str]:
    """An article made of a draft, and its address. Raises ``EditError`` for what cannot become one."""
    entry = one.entry
    if not isinstance(entry, Saved):
        raise EditError(f"{entry.question}: was refused ({entry.message}); a refusal cannot become an article")
    meant = PurePosixPath(entry.path)
    if not meant.is_relative_to(library.content) or ".." in meant.parts:
        raise EditError(f"{one.name}: {meant} is no place for an article")
    urls: list[str] = []

    def job() -> list[PurePosixPath]:
        with around(library) as near:
            made = accept(library, one, near.taken, near.style, study_of(library, meaning=False), today)
        urls.append(made.url)
        return [made.path, made.ledger]

    message = message_of("draft", f"Accept a draft: {entry.question}")
    done = noted(library, author, message, job, files=files_of(library, one), others=[meant, library.ledger(meant)])
    return done, urls[0]


def put_away(library: Library, one: Listed) -> Proposal:
    """The draft's files go."""
    gone = [Removal(PurePosixPath(file.path), file.before or b"") for file in files_of(library, one)]
    return Proposal("draft", f"Put a draft away: {one.entry.question}", gone=tuple(gone))

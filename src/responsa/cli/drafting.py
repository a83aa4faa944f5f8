"""What ``responsa draft`` does with one question once the parts that it needs are there."""

import datetime
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import typer
from msgspec import Struct

from responsa.cli.meter import Meter
from responsa.cli.plain import plain
from responsa.draft.drafts import Listed, Saved, SavedRefusal, find, save
from responsa.draft.filing import Around, around
from responsa.draft.model import Model, prompt_of
from responsa.draft.outcome import Draft, Refusal
from responsa.draft.shelves import study_of
from responsa.draft.store import Store, stored
from responsa.draft.writing import Study, Writer
from responsa.draft.writing import draft as drafted
from responsa.errors import UsageError
from responsa.evidence.budget import Budget, Purse, budget
from responsa.evidence.chat import http
from responsa.evidence.judges import judge_of, wanted
from responsa.library.library import Library
from responsa.library.lock import PRIVATE

KEY: Final = "RESPONSA_DRAFT_KEY"
JUDGE_KEY: Final = "RESPONSA_JUDGE_KEY"


class Wish(Struct, frozen=True):
    """The command line."""

    again: bool
    quote: bool
    endpoint: str
    model: str
    judge: str
    judge_model: str
    jobs: int
    spend: str
    limit: int
    skip_lost: bool
    forecast: bool
    as_json: bool


class Result(Struct, frozen=True):
    """What became of a question: an article that answers it, or what lies in the folder of drafts."""

    question: str
    asked: str = ""
    why: str = ""
    held: Listed | None = None
    made: Draft | Refusal | None = None

    @property
    def kind(self) -> str:
        """`asked`, `drafted` or `refused`."""
        if self.held is None:
            return "asked"
        return "refused" if isinstance(self.held.entry, SavedRefusal) else "drafted"


def meant(what: str, revise: str, *, only: str, write: bool, forecast: bool, limit: int) -> None:
    """Raises ``UsageError`` for options that say nothing of what shall be done: none is passed over."""
    if revise and what:
        raise UsageError(f"--revise {revise}: mends one article; leave `{what[:60]}` out")
    if write and not revise:
        raise UsageError("--write belongs to --revise URL; a draft is saved in any case and `responsa accept` files it")
    if only and not revise:
        raise UsageError("--only belongs to --revise URL: which of its repairs are taken")
    if (forecast or limit) and (revise or not _named(what)):
        raise UsageError("--forecast and --limit belong to a file of questions (.csv, .jsonl)")


def is_file(what: str) -> bool:
    """Whether questions are meant that stand in a file. Raises ``UsageError`` where it is not there."""
    if not what.strip():
        raise UsageError("say a question, a file of questions (.csv, .jsonl), or --revise URL")
    if _named(what) and not Path(what).is_file():
        raise UsageError(f"{what}: no such file")
    if not _named(what) and " " not in what and os.path.lexists(what):
        raise UsageError(f"{what}: is a file or folder and no question; a file of questions ends with .csv or .jsonl")
    return _named(what)


def _named(what: str) -> bool:
    return Path(what).suffix.casefold() in {".csv", ".jsonl"} and "\n" not in what


def one(library: Library, question: str, wish: Wish, *, shown: bool) -> bool:
    """Draft one question and print what became of it; ``False``: it was refused."""
    with Meter("Indexing", shown=shown) as meter, around(library, meter.advance) as held, stored(library) as store:
        purse = Purse(limits(library, wish))
        study, writer = means(library, wish, store, purse, meter)
        result = answered(held, question, study, writer, wish)
    show(result, wish, purse if writer else None)
    return result.kind != "refused"


def answered(held: Around, question: str, study: Study, writer: Writer | None, wish: Wish) -> Result:
    """Asked before, drafted before, or drafted now and saved."""
    question = " ".join(question.split())
    known = known_already(held, question, wish)
    if known is not None:
        return known
    made = drafted(question, study, writer, near_articles=held.near(question))
    return Result(question, held=kept(held, made), made=made)


def known_already(held: Around, question: str, wish: Wish) -> Result | None:
    """An article that answers it, or a draft or refusal that waits; none where it is new or drafted ``again``."""
    found = held.heard(question)
    if found.article is not None:
        return Result(question, str(found.article.url), found.why)
    before = None if wish.again else find(held.library, question)
    return Result(question, why="drafted before", held=before) if before else None


def kept(held: Around, made: Draft | Refusal) -> Listed:
    """Saved in the folder of drafts."""
    today = datetime.datetime.now().astimezone().date()
    if isinstance(made, Refusal):
        return save(held.library, made, None, b"", today)
    before = find(held.library, made.question)
    saved = before.entry if before and isinstance(before.entry, Saved) else None
    if saved:
        held.taken.release(saved.url, saved.path)
    filed, data = held.filed(made, today, saved)
    return save(held.library, made, filed, data, today)


def means(library: Library, wish: Wish, store: Store, purse: Purse, meter: Meter) -> tuple[Study, Writer | None]:
    """With what drafts are made: the shelf, who judges, and who writes where a model does."""
    settings = library.config.draft
    choice = wanted(wish.judge, wish.judge_model)
    judge = None
    if choice.judge:
        judge = judge_of(choice, library.folder / PRIVATE / "judge", purse, os.environ.get(JUDGE_KEY, ""))
    study = study_of(library, judge, mark=settings.unsupported == "mark", progress=meter.of("Passages"))
    return study, writer_of(library, wish, store, purse)


def writer_of(library: Library, wish: Wish, store: Store, purse: Purse) -> Writer | None:
    """The model that the command line or the settings name; none where sentences are only quoted."""
    settings = library.config.draft
    address, model = wish.endpoint or settings.endpoint, wish.model or settings.model
    if wish.quote or not address:
        if wish.model and not wish.quote:
            raise UsageError("--model belongs to --endpoint or [draft] endpoint")
        return None
    if not model:
        raise UsageError("--endpoint needs --model: the model that the endpoint shall ask (or [draft] model)")
    send = http(address, os.environ.get(KEY, ""), settings.timeout, option="--endpoint", variable=KEY)
    return Model(model, store.keeping(send, purse, address, skip_lost=wish.skip_lost), prompt_of(library))


def limits(library: Library, wish: Wish) -> Budget:
    """The budget of the command line, at the price of the settings where it names none."""
    price = library.config.draft.price
    text = wish.spend
    if "money" in text and "price" not in text and any(price):
        text = f"{text},price={price[0]:f}/{price[1]:f}"
    found = budget(text)
    return msgspec.structs.replace(found, price=price) if found.price == (0.0, 0.0) else found


def show(result: Result, wish: Wish, purse: Purse | None) -> None:
    """One line of JSON, or the draft with its citations, the refusal with its reason, the article that is there."""
    if wish.as_json:
        typer.echo(json.dumps(as_dict(result), ensure_ascii=False))
        return
    if result.held is None:
        typer.echo(plain(f"Asked already ({result.why}): {result.asked}"))
    elif isinstance(entry := result.held.entry, SavedRefusal):
        typer.echo(plain(f"Refused ({entry.reason}): {entry.message}"))
        typer.echo(plain(f"Kept in {result.held.name}"))
    else:
        for line in _lines(result.held):
            typer.echo(plain(line))
    if purse is not None and purse.requests:
        typer.echo(f"Spent: {purse}.")


def _lines(held: Listed) -> Iterator[str]:
    entry = held.entry
    assert not isinstance(entry, SavedRefusal)
    numbers: dict[str, int] = {}
    label = ""
    for sentence in entry.sentences:
        if sentence.label != label:
            label = sentence.label
            yield f"{label}:"
        number = numbers.setdefault(sentence.source, len(numbers) + 1)
        mark = "" if sentence.carried else "  [not carried]"
        yield f"  {sentence.text} [{number}]{mark}"
    for source, number in numbers.items():
        yield f"  [{number}] {source}"
    yield from (f"Cut: {one.text}  ({one.why})" for one in entry.cut)
    yield f"Score {entry.score:g}; {held.name.with_suffix('.md')}, to be accepted as {entry.path}"


def as_dict(result: Result) -> dict[str, Any]:
    """What ``--json`` says, as docs/draft.md has it."""
    told: dict[str, Any] = {"question": result.question, "outcome": result.kind}
    if result.held is None:
        return {**told, "article": result.asked, "why": result.why}
    entry = msgspec.json.decode(msgspec.json.encode(result.held.entry))
    return {**told, "before": result.why == "drafted before", "draft": str(result.held.name), **entry}

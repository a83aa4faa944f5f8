"""What the templates of search and ask show: plain texts, all of which they escape."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from urllib.parse import urlencode

from msgspec import Struct

from responsa.publish.views import clean
from responsa.serve.asking import Asked, Digest, Found, Passage, Search


class Piece(Struct, frozen=True):
    """A stretch of a passage; ``mark``: it is what the query asks for."""

    text: str
    mark: bool


class HitView(Struct, frozen=True):
    """An article in a list of results."""

    url: str
    title: str
    subject: str
    passage: tuple[Piece, ...]


class Lead(Struct, frozen=True):
    """A link to another way to look."""

    url: str
    text: str


class Paragraph(Struct, frozen=True):
    """Sentences of one source, as they follow each other in a digest."""

    text: str
    source: int


class SourceView(Struct, frozen=True):
    """A source below a digest."""

    number: int
    title: str
    url: str
    year: str


class Results(Struct, frozen=True):
    """What stands below the box. ``word`` says in a sentence what came of it."""

    kind: str
    query: str = ""
    title: str = ""
    word: str = ""
    respelled: tuple[str, ...] = ()
    hits: tuple[HitView, ...] = ()
    more: str = ""
    other: Lead | None = None
    warning: str = ""
    digest: tuple[Paragraph, ...] = ()
    sources: tuple[SourceView, ...] = ()


def searched(found: Search, offset: int, limit: int) -> Results:
    """The page of a search."""
    ask = Lead(f"/ask?{urlencode({'q': found.query})}", "Ask this as a question")
    more = f"/search?{urlencode({'q': found.query, 'offset': offset + limit})}" if found.more else ""
    hits = tuple(map(hit_view, found.hits))
    return Results(
        "search", found.query, "Results", _found(found, offset), _respelled(found.respelled), hits, more, ask
    )


def answered(asked: Asked) -> Results:
    """The page of a question."""
    search = Lead(f"/search?{urlencode({'q': asked.question})}", "See all results for these words")
    if asked.known and asked.digest:
        word = "What the sources say, word for word, and the best existing answers."
    elif asked.digest:
        word = "No article answers this. What the library's sources say to it, word for word:"
    elif asked.known:
        word = "The best existing answers, with the passage that is nearest to your question."
    elif asked.answers:
        word = "The library does not know: no article answers this. The nearest it has:"
    else:
        word = "The library does not know, and has nothing near to it."
    title = "Answers" if asked.known else "From the sources" if asked.digest else "No answer"
    hits = tuple(map(hit_view, asked.answers))
    return Results(
        "ask", asked.question, title, word, _respelled(asked.respelled), hits, "", search, asked.warning,
        *_digest(asked.digest),
    )  # fmt: skip


def hit_view(found: Found) -> HitView:
    """One result."""
    return HitView(found.url, clean(found.title), clean(found.subject), tuple(pieces(found.passage)))


def pieces(passage: Passage) -> Iterator[Piece]:
    """The passage cut at its marks."""
    done = 0
    for start, end in passage.marks:
        if start > done:
            yield Piece(passage.text[done:start], mark=False)
        yield Piece(passage.text[start:end], mark=True)
        done = end
    if done < len(passage.text):
        yield Piece(passage.text[done:], mark=False)


def _digest(digest: Digest | None) -> tuple[tuple[Paragraph, ...], tuple[SourceView, ...]]:
    if digest is None:
        return (), ()
    runs = groupby(digest.sentences, key=lambda one: one.source)
    told = tuple(Paragraph(" ".join(one.text for one in run), number) for number, run in runs)
    sources = tuple(SourceView(one.number, one.title, one.url, str(one.year or "")) for one in digest.sources)
    return told, sources


def _found(found: Search, offset: int) -> str:
    if not found.hits:
        return f"Nothing found for “{found.query}”."
    if not found.found:
        return f"Nothing found for “{found.query}”. The nearest there is:"
    first, last = offset + 1, offset + len(found.hits)
    told = f"Results {first} to {last}" if found.more or offset else f"{last} article{'' if last == 1 else 's'}"
    without = "" if found.phrases else "; no article holds the words in quotes in that order"
    return f"{told} for “{found.query}”{without}."


def _respelled(respelled: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(f"No article has “{word}”; near spellings were taken." for word in respelled)

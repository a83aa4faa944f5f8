"""The API as an ASGI app: an address finds its endpoint, a request is checked, an answer is validated by its tag."""

import datetime
import hashlib
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl, quote

import msgspec
from msgspec import Struct
from starlette.types import Receive, Scope, Send

from responsa.check.check import check
from responsa.check.problem import Problem
from responsa.relate.duplicates import Cluster, duplicates
from responsa.relate.now import vectors
from responsa.relate.related import Relations, relations
from responsa.serve.answers import Answers
from responsa.serve.api import answers, models
from responsa.serve.api.answers import AbsentError, MeantError, MovedError
from responsa.serve.api.openapi import Endpoint, document
from responsa.serve.derived import Derived
from responsa.serve.live import Live, Now
from responsa.serve.log import Log
from responsa.serve.replies import SAFE, Headers, Reply, header, policy, problem
from responsa.serve.settings import Settings
from responsa.serve.shelf import Shelf
from responsa.serve.work import Work
from responsa.shards import Here

ROOM: Final = 32 * 1024 * 1024
"""Bytes of answers that are kept."""
ARTICLES: Final = "/api/articles/"
_HEAD: Final[Headers] = (
    *SAFE, (b"content-type", b"application/json"), (b"cache-control", b"no-cache"), policy("default-src 'none'"),
)  # fmt: skip

Answer = Callable[[Now, Any], Struct]


class Api:
    """Everything below ``/api`` and ``/openapi.json``."""

    def __init__(self, live: Live, work: Work, settings: Settings, log: Log, shelf: Shelf) -> None:
        self._live, self._work, self._shelf = live, work, shelf
        self._trouble = lambda why: log("trouble", error=why)
        self._answers = Answers(ROOM)
        self.relations = relations_of(live, self._trouble)
        self._clusters: Derived[list[Cluster]] = Derived(live, self._duplicates, self._trouble)
        self._problems: Derived[list[Problem]] = Derived(live, _problems, self._trouble)
        found = [*self._open(), *([] if settings.public else self._inner())]
        self._endpoints = {endpoint.path: (endpoint, answer) for endpoint, answer in found}
        self._document = msgspec.json.encode(document([endpoint for endpoint, _ in found], answers.VERSION))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        reply = await self._reply(scope)
        await reply(scope, receive, send)

    def _open(self) -> list[tuple[Endpoint, Answer]]:
        """What any reader may see."""
        return [
            (Endpoint("/api/search", "Articles for a query, by words and meaning", models.SearchQuery, models.Search),
             answers.search),
            (Endpoint("/api/ask", "What the library says to a question", models.AskQuery, models.Asked, tagged=False),
             lambda now, asked: answers.ask(now, self._shelf.study(now.library), asked)),
            (Endpoint("/api/asked", "Whether a question was asked already", models.AskedQuery, models.Heard),
             lambda now, asked: answers.heard(now, self.relations.get(now)[1], asked)),
            (Endpoint("/api/articles", "All articles, page by page", models.ArticlesQuery, models.Articles),
             answers.articles),
            (Endpoint(f"{ARTICLES}{{url}}", "One article", models.OfArticle, models.Article, one=True),
             answers.article),
            (Endpoint("/api/subjects", "All subjects", models.Nothing, models.Subjects), answers.subjects),
            (Endpoint("/api/related", "The questions it leads to", models.OfArticle, models.Links, one=True),
             lambda now, asked: answers.related_to(now, self.relations.get(now)[1], asked)),
            (Endpoint("/api/claims", "Its claims and their evidence", models.OfArticle, models.Claims, one=True),
             answers.claims),
        ]  # fmt: skip

    def _inner(self) -> list[tuple[Endpoint, Answer]]:
        """What editors see: not on a public server."""
        return [
            (Endpoint("/api/duplicates", "Questions asked more than once", models.Paged, models.Duplicates),
             lambda now, asked: answers.duplicates(self._clusters.get(now)[1], asked)),
            (Endpoint("/api/problems", "What is wrong in the library", models.ProblemsQuery, models.Problems),
             lambda now, asked: answers.problems(self._problems.get(now)[1], asked)),
            (Endpoint("/api/state", "The library as it is served", models.Nothing, models.State),
             lambda now, _: answers.state(now, self._live.trouble)),
        ]  # fmt: skip

    def _duplicates(self, now: Now) -> list[Cluster]:
        return duplicates(self.relations.get(now)[1], now.catalogue)

    async def _reply(self, scope: Scope) -> Reply:
        path = scope["path"]
        found, given = self._endpoint(path)
        if found is None and path != "/openapi.json":
            return problem(404, "There is nothing at this address; /openapi.json describes what there is.")
        if scope["method"] not in {"GET", "HEAD"}:
            return problem(405, "The API is only read.", (b"allow", b"GET, HEAD"))
        return await self._read(scope, found, given) if found else Reply(200, _HEAD, self._document)

    async def _read(self, scope: Scope, found: tuple[Endpoint, Answer], given: dict[str, str]) -> Reply:
        try:
            asked = _asked(found[0], scope["query_string"], given)
            return await self._answered(scope, *found, asked)
        except MeantError as error:
            return problem(400, str(error))
        except AbsentError as error:
            return problem(404, str(error))
        except MovedError as error:
            return _moved(found[0], str(error))

    def _endpoint(self, path: str) -> tuple[tuple[Endpoint, Answer] | None, dict[str, str]]:
        if path.startswith(ARTICLES) and len(path) > len(ARTICLES):
            return self._endpoints[f"{ARTICLES}{{url}}"], {"url": path.removeprefix(ARTICLES)}
        return self._endpoints.get(path), {}

    async def _answered(self, scope: Scope, endpoint: Endpoint, answer: Answer, asked: Struct) -> Reply:
        with self._live.reading() as now:
            if not endpoint.tagged:
                return Reply(200, _HEAD, await self._work.do(lambda: answers.encoded(answer(now, asked))))
            tag = self._tag(now, endpoint, asked)
            if tag in [one.strip().removeprefix(b"W/") for one in header(scope, b"if-none-match").split(b",")]:
                return Reply(304, (*_HEAD[:-3], *_HEAD[-2:], (b"etag", b"W/" + tag)))
            body = self._answers.get(tag)
            if body is None:
                body = await self._worked_out(now, answer, asked)
                # What was worked out meanwhile has another tag: this one may be of before it.
                self._answers.put(tag, body)
        return Reply(200, (*_HEAD, (b"etag", b"W/" + tag)), body)

    async def _worked_out(self, now: Now, answer: Answer, asked: Struct) -> bytes:
        if isinstance(asked, models.SearchQuery):
            return await self._work.search(now, *answers.searching(now, asked))
        return await self._work.do(lambda: answers.encoded(answer(now, asked)))

    def _tag(self, now: Now, endpoint: Endpoint, asked: Struct) -> bytes:
        """The same as long as the answer is: it depends on the library, the request, and what is worked out behind."""
        kept = [str(one.stamp) for one in (self.relations, self._clusters, self._problems)]
        parts = [answers.VERSION, str(now.number), now.stamp, endpoint.path, *kept, self._live.trouble]
        data = msgspec.json.encode([*parts, asked])
        return b'"%s"' % hashlib.blake2b(data, digest_size=12).hexdigest().encode("ascii")


def _asked(endpoint: Endpoint, query: bytes, given: dict[str, str]) -> Struct:
    """The request as its type. Raises ``MeantError`` with the parameter that is wrong."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise MeantError("the query cannot be read: expected name=value pairs in UTF-8, percent-encoded") from None
    values = dict(pairs)
    if len(values) < len(pairs):
        raise MeantError("a parameter is given twice")
    if given.keys() & values.keys():
        raise MeantError(f"unknown parameter `{next(iter(given))}`")
    if any("\0" in value for value in (*values.values(), *given.values())):
        raise MeantError("a value holds a NUL character")
    known = endpoint.parameters()
    for name in values:
        if name not in known:
            raise MeantError(f"unknown parameter `{name[:100]}`; known are {', '.join(known) or 'none'}")
    try:
        return msgspec.convert({**values, **given}, endpoint.takes, strict=False)
    except msgspec.ValidationError as error:
        raise MeantError(_worded(str(error))) from None


def _worded(message: str) -> str:
    """The words of msgspec, with the parameter's name in front."""
    what, _, where = message.partition(" - at `$.")
    return f"`{where.rstrip('`')}`: {what}" if where else message.replace("Object missing required field", "missing")


def _moved(endpoint: Endpoint, lead: str) -> Reply:
    """The same question of the article's present address."""
    address = quote(lead, safe="/:@!()+,=&~%")
    where = (
        f"{ARTICLES}{address.lstrip('/')}" if endpoint.path.startswith(ARTICLES) else f"{endpoint.path}?url={address}"
    )
    return problem(301, f"The article is at {lead} now.", (b"location", where.encode("ascii")))


def relations_of(live: Live, trouble: Callable[[str], object]) -> Derived[Relations]:
    """Every question's neighbours, worked out when first asked for."""
    return Derived(live, _relations, trouble)


def _relations(now: Now) -> Relations:
    found = relations(now.library, now.catalogue, now.index.encoder.name, lambda texts: vectors(now.index, texts))
    _ = found.table.vectors
    return found


def _problems(now: Now) -> list[Problem]:
    return check(now.library, now.catalogue, datetime.datetime.now(tz=datetime.UTC).date(), Here())

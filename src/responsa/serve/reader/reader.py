"""The pages on which readers search and ask, as an ASGI app below ``/search`` and ``/ask``."""

import hashlib
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import minijinja
import msgspec
from msgspec import structs
from starlette.types import Receive, Scope, Send

from responsa.publish.assets import Asset, hashed
from responsa.publish.page import MissingPage, escaped, template_loader
from responsa.serve import asking
from responsa.serve.answers import Answers
from responsa.serve.live import IndexingError, Live, Now
from responsa.serve.reader.views import Results, answered, searched
from responsa.serve.replies import SAFE, STRICT, Headers, Reply, header, policy, problem
from responsa.serve.shelf import Shelf
from responsa.serve.work import Work

HERE: Final = Path(__file__).parent
LIMIT: Final = 10
ROOM: Final = 8 * 1024 * 1024
"""Bytes of pages that are kept."""
NOTHING: Final = Results("none")
INDEXING: Final = Results("error", word="The library is being indexed: search again in a minute.")
_DECODER: Final = msgspec.json.Decoder(asking.Search)
FURTHEST: Final = 200
"""Results beyond which nobody pages."""
_PAGE: Final[Headers] = (
    *SAFE, (b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-cache"), policy(STRICT),
)  # fmt: skip
_READ_ONLY: Final = (b"allow", b"GET, HEAD")


class Reader:
    """Pages are made by the publisher's own templates around ours, anew with every state of the library."""

    def __init__(self, live: Live, work: Work, shelf: Shelf, addition: bytes = b"") -> None:
        self._live, self._work, self._shelf, self._addition = live, work, shelf, addition
        self._assets = {f"/search/{one.path}": one for one in (_asset("ask.css"), _asset("ask.js"))}
        self._style, self._script = self._assets
        self._answers = Answers(ROOM)
        self._pages: tuple[int, minijinja.Environment] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        reply = await self._reply(scope)
        await reply(scope, receive, send)

    async def _reply(self, scope: Scope) -> Reply:
        if scope["method"] not in {"GET", "HEAD"}:
            return problem(405, "Pages are only read.", _READ_ONLY)
        path = scope["path"]
        if (asset := self._assets.get(path)) is not None:
            return _immutable(asset)
        if path.rstrip("/") not in {"/search", "/ask"}:
            return problem(404, "There is no page at this address.")
        asked = _asked(scope["query_string"])
        with self._live.reading() as now:
            tag = _tag(now, path, scope["query_string"])
            if tag in header(scope, b"if-none-match"):
                return Reply(304, (*_PAGE, (b"etag", tag)))
            try:
                html = self._answers.get(tag) or await self._made_page(now, path, asked, tag)
            except IndexingError:
                html = await self._work.do(lambda: self._page(now, path, asked.get("q", ""), asked, INDEXING))
                return Reply(503, (*_PAGE, (b"retry-after", b"10")), html)
        return Reply(200, (*_PAGE, (b"etag", tag)), html)

    async def _made_page(self, now: Now, path: str, asked: dict[str, str], tag: bytes) -> bytes:
        question = asked.get("q", "").strip()[: asking.LONGEST]
        if path.startswith("/ask"):
            # Not kept: what sources say may change while the library does not.
            return await self._work.do(lambda: self._page(now, path, question, asked, self._asked(now, question)))
        results = await self._searched(now, question, asked)
        html = await self._work.do(lambda: self._page(now, path, question, asked, results))
        self._answers.put(tag, html)
        return html

    def _page(self, now: Now, path: str, question: str, asked: dict[str, str], results: Results) -> bytes:
        context = structs.asdict(results)
        environment = self._environment(now)
        if asked.get("part") == "results":
            return environment.render_template("results.html", **context).encode()
        what = "Ask" if path.startswith("/ask") else "Search"
        title = f"{question} | {what}" if question else what
        html = environment.render_template(
            "ask.html", page=MissingPage(), page_title=f"{title} | {now.frame.site.name}", share_title=what,
            page_description="", json_ld="", script_url=self._script, heading=what, action=path.rstrip("/"),
            **(context | {"query": question}),
        )  # fmt: skip
        return html.encode().replace(b"</head>", self._addition + b"</head>", 1)

    def _asked(self, now: Now, question: str) -> Results:
        return answered(asking.ask(now, question, study=self._shelf.study(now.library))) if question else NOTHING

    async def _searched(self, now: Now, question: str, asked: dict[str, str]) -> Results:
        if not question:
            return NOTHING
        offset = min(int(asked["offset"][:4]), FURTHEST) if asked.get("offset", "").isdecimal() else 0
        return searched(_DECODER.decode(await self._work.search(now, question, LIMIT, offset)), offset, LIMIT)

    def _environment(self, now: Now) -> minijinja.Environment:
        kept = self._pages
        if kept is None or kept[0] != now.number:
            kept = self._pages = (now.number, self._made(now))
        return kept[1]

    def _made(self, now: Now) -> minijinja.Environment:
        overrides = now.frame.overrides
        site = structs.replace(now.frame.site, search_url="", extra_styles=(self._style,), analytics="", promo="")
        published = template_loader(overrides)

        def load(name: str) -> str | None:
            own = HERE / "templates" / Path(name).name
            if name in {"ask.html", "results.html"} and not (overrides and (overrides / name).is_file()):
                return own.read_text(encoding="utf-8")
            return published(name)

        return minijinja.Environment(
            loader=load, auto_escape_callback=lambda _name: "html", finalizer=escaped, undefined_behavior="strict",
            keep_trailing_newline=True, trim_blocks=True, globals={"site": site}, debug=False,
        )  # fmt: skip


def _asset(name: str) -> Asset:
    path = HERE / "static" / name
    return hashed(path.stem, path.suffix, path.read_bytes())


def _immutable(asset: Asset) -> Reply:
    kind = b"text/css; charset=utf-8" if asset.path.endswith(".css") else b"text/javascript; charset=utf-8"
    caching = (b"cache-control", b"public, max-age=31536000, immutable")
    return Reply(200, (*SAFE, (b"content-type", kind), caching), asset.content)


def _asked(query: bytes) -> dict[str, str]:
    """What a form sent; what cannot be read counts as nothing. The first of doubled names counts."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {name: "".join(sign for sign in value if sign.isprintable()) for name, value in reversed(pairs)}


def _tag(now: Now, path: str, query: bytes) -> bytes:
    data = f"{now.number} {now.stamp} {path} ".encode() + query
    return b'"%s"' % hashlib.blake2b(data, digest_size=12).hexdigest().encode("ascii")

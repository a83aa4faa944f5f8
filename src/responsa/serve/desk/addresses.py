"""The addresses of the desk: who may ask for what, what a form must prove, and the headers of every answer."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct, structs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from responsa.errors import ResponsaError
from responsa.serve.desk.asked import LONGEST, Answer, Asked, Fields, FormError, NotThereError, fields, seen, to
from responsa.serve.desk.desk import Desk
from responsa.serve.desk.pages import static
from responsa.serve.desk.views import article, decide, draft, edit, lists, rest
from responsa.serve.login.visit import Visit

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing of a page runs or is loaded but files of this server; pictures of other sites would tell them who reads."""
HEADERS: Final = (
    ("content-security-policy", POLICY),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
)
View = Callable[[Desk, Asked], Answer]


class Page(Struct, frozen=True):
    """``read`` answers a GET, ``write`` a form. ``anybody``: the way in, which nobody has to be let in for."""

    path: str
    read: View | None = None
    write: View | None = None
    anybody: bool = False
    late: View | None = None


def _late_edit(desk: Desk, asked: Asked) -> Answer:
    return edit.kept_words(desk, asked, "Your sign-in was renewed meanwhile. Every word is still here: save again.")


PAGES: Final = (
    Page("", rest.home),
    Page("/queue", lists.queue),
    Page("/go", lists.go),
    Page("/article", article.article),
    Page("/history", article.history),
    Page("/changes", article.changes),
    Page("/change", article.change),
    Page("/source", rest.source),
    Page("/overview", rest.board),
    Page("/edit", edit.edit, edit.save, late=_late_edit),
    Page("/preview", None, edit.preview),
    Page("/links", edit.links, edit.save_links),
    Page("/decide", None, decide.decide),
    Page("/batch", None, decide.batch),
    Page("/undo", None, decide.take_back),
    Page("/merge", decide.merge, decide.save_merge),
    Page("/draft", draft.draft, draft.decide),
    Page("/login", rest.entry, rest.enter, anybody=True),
    Page("/logout", None, rest.leave),
)


def routes(desk: Desk) -> list[BaseRoute]:
    """Of the whole desk, below ``/desk``."""
    listed: list[BaseRoute] = [Route(to(page.path), _endpoint(desk, page), methods=["GET", "POST"]) for page in PAGES]
    listed.append(Route(to("/"), _endpoint(desk, Page("/", rest.home))))
    listed.append(Route(to("/static/{name}"), _static))
    listed.append(Route(to("/{rest:path}"), _endpoint(desk, Page("", _nothing)), methods=["GET", "POST"]))
    return listed


def _endpoint(desk: Desk, page: Page) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        try:
            data = await _body(request) if request.method == "POST" else b""
        except FormError as error:
            return _response(Answer(str(error), 413, kind="text/plain; charset=utf-8"))
        return _response(await run_in_threadpool(_answer, desk, page, _asked(request), request.method, data))

    return endpoint


def _answer(desk: Desk, page: Page, asked: Asked, method: str, data: bytes) -> Answer:
    """The page, or why there is none: in words, whatever happens."""
    try:
        person = desk.door.person(asked.visit, dict(asked.cookies))
        asked = structs.replace(asked, person=person)
        if method == "POST":
            return _written(desk, page, structs.replace(asked, form=fields(data)))
        return _read(desk, page, asked)
    except NotThereError as error:
        return _word(desk, asked, "Not found", str(error), 404)
    except FormError as error:
        return _word(desk, asked, "Not understood", str(error), 400)
    except ResponsaError as error:
        return _word(desk, asked, "Not possible now", str(error), 503)


def _read(desk: Desk, page: Page, asked: Asked) -> Answer:
    if not page.anybody and not desk.door.may_read(asked.visit, asked.person):
        return seen(to("/login", next=_again(asked)))
    if page.read is None:
        return _word(desk, asked, "Nothing to see here", "This address takes forms only.", 405)
    return page.read(desk, asked)


def _written(desk: Desk, page: Page, asked: Asked) -> Answer:
    """A form is believed if a page of ours sent it, for the person who is signed in."""
    if page.write is None:
        return _word(desk, asked, "Not understood", "This address takes no forms.", 405)
    if not asked.visit.comes_from_us(desk.door.access):
        text = "This form did not come from a page of the desk. Behind a proxy, it must pass the Host header on."
        return _word(desk, asked, "Refused", text, 403)
    if page.anybody:
        return page.write(desk, asked)
    if asked.person is None or not desk.door.believes(asked.visit, asked.person, asked.form("csrf")):
        return _late(desk, page, asked)
    return page.write(desk, asked)


def _late(desk: Desk, page: Page, asked: Asked) -> Answer:
    """Signed out meanwhile, or signed in anew: nothing is carried out, and no word is lost."""
    if asked.person is not None and page.late is not None:
        return page.late(desk, asked)
    onward = to("/login", next=to("/article", url=asked.form("url")) if asked.form("url") else to("/queue"))
    if asked.person is None:
        text = "You are not signed in (any more). Sign in in another window, go back in this one and press Save again."
        return desk.pages.page(
            "signed_out", asked, 403, title="Nothing was written", text=text, onward=onward, answer=asked.form("answer")
        )
    return _word(desk, asked, "Nothing was changed", "This page was too old. Open it again.", 403)


def _word(desk: Desk, asked: Asked, title: str, text: str, status: int) -> Answer:
    if asked.person is None and not desk.door.may_read(asked.visit, None):
        # A stranger learns nothing of the library from what went wrong.
        return seen(to("/login")) if status in {404, 503} else desk.pages.page(
            "word", asked, status, title=title, text=text if status == 403 else "", onward=to("/login")  # noqa: PLR2004
        )  # fmt: skip
    return desk.pages.page("word", asked, status, title=title, text=text, onward=to("/queue"))


def _nothing(_desk: Desk, asked: Asked) -> Answer:
    raise NotThereError(f"{asked.path[:100]}: the desk has no such page")


def _again(asked: Asked) -> str:
    return to(asked.path.removeprefix(to("")), **dict(asked.query.pairs[:10]))


def _asked(request: Request) -> Asked:
    headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in request.headers.raw}
    peer = request.client.host if request.client else ""
    query = Fields(tuple((key, value[:4000]) for key, value in request.query_params.multi_items()[:200]))
    visit = Visit(peer, request.url.scheme, headers)
    return Asked(request.url.path, query, visit, cookies=dict(request.cookies))


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return b""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LONGEST:
            raise FormError(f"a form has {LONGEST:,} bytes at most")
        parts.append(part)
    return b"".join(parts)


def _response(answer: Answer) -> Response:
    headers = dict([*HEADERS, *answer.headers])
    if answer.location:
        headers["location"] = answer.location
    if answer.cookie:
        headers["set-cookie"] = answer.cookie
    headers["content-type"] = answer.kind
    return Response(answer.body.encode("utf-8", "replace"), answer.status, headers)


async def _static(request: Request) -> Response:
    """The desk's own files, whose names change with what they hold."""
    found = static(request.path_params["name"])
    if found is None:
        return Response("not found", 404, dict(HEADERS), media_type="text/plain")
    data, kind = found
    headers = {**dict(HEADERS), "cache-control": "public, max-age=31536000, immutable", "content-type": kind}
    return Response(data, 200, headers)

"""A browser without a screen: cookies, forms as the pages hold them, and the origin that browsers send."""

import html
import re

from starlette.routing import Router
from starlette.testclient import TestClient

PASSWORD = "correct horse battery"
BASE = "http://localhost:8000"


class Editor:
    """Signed in as ``login``, or nobody."""

    def __init__(self, routes, login="", *, base=BASE, client=("127.0.0.1", 5000), headers=None):
        self.client = TestClient(
            Router(routes),
            base,
            follow_redirects=False,
            client=client,
            headers=headers or {},
            raise_server_exceptions=True,
        )
        self.base = base
        if login:
            assert self.post("/desk/login", {"login": login, "password": PASSWORD}).status_code == 303

    def get(self, path, follow=False, **query):
        answer = self.client.get(path, params=query or None)
        while follow and answer.status_code == 303:
            answer = self.client.get(answer.headers["location"])
        return answer

    def post(self, path, fields, follow=False, headers=None):
        answer = self.client.post(path, data=fields, headers={"origin": self.base, **(headers or {})})
        return self.get(answer.headers["location"], follow=True) if follow and answer.status_code == 303 else answer

    def form(self, path, action, **query):
        """The fields of the form of a page that goes to ``action``, as the browser would send them."""
        return fields_of(self.get(path, **query).text, action)


def fields_of(page, action):
    """The first form with this action: hidden fields, inputs, texts and chosen options."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form for {action}"
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = given.get("type", "text"), given.get("name")
        if not name or (kind in {"checkbox", "radio"} and " checked" not in tag):
            continue
        value = html.unescape(given.get("value", ""))
        found[name] = (
            [*found[name], value]
            if isinstance(found.get(name), list)
            else ([found[name], value] if name in found else value)
        )
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL):
        found[name] = html.unescape(text)
    return found

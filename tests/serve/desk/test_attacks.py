"""What an attacker tries at the desk; none of it comes to anything."""

import html
import re
from urllib.parse import urlencode

import html5lib
import pytest
from desk_library import BCLC, BCLC_FILE, run
from desk_server import BASE, Editor, fields_of

from library_folder import address, put
from responsa.library import git
from responsa.library.library import read
from responsa.serve.desk.addresses import routes
from responsa.serve.desk.asked import LONGEST, back, fields
from responsa.serve.desk.desk import Desk
from responsa.serve.live import Live
from responsa.serve.login.access import Access

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
WRITES = ("/desk/edit", "/desk/links", "/desk/decide", "/desk/batch", "/desk/undo", "/desk/merge", "/desk/logout")


def assert_harmless(page):
    """As a browser reads it: no script but ours, no handler, no address that runs, no style."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert not (element.tag == "script" and not element.get("src", "").startswith("/desk/static/desk."))
        assert element.tag not in {"iframe", "object", "embed", "base"}
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on"), name
            assert str(name) != "style"
            assert not re.match(r"\s*(?:javascript|data|vbscript):(?!,$)", value, re.IGNORECASE), value


@pytest.fixture
def hostile(tmp_path, users):
    """A library whose every text is an attack."""
    folder = tmp_path / "hostile"
    quoted = EVIL.replace('"', "").replace("'", "")
    put(folder, "evil", answer=f"{EVIL} [x](javascript:alert(1)) A claim that says five things at once.")
    put(folder, "twin", question="What is evil?", subject="'<b>x</b>'", answer=f"{EVIL}")
    file = folder / "content/learn/medicine/evil.md"
    more = f"title: '{quoted}'\nprovenance: '{quoted}'\nreview_by: 2020-01-01\n"
    file.write_text(file.read_text().replace("score: -1.0", f"score: -1.0\n{more}"))
    (folder / "sources").mkdir()
    (folder / "sources" / "evil.md").write_text(
        f"---\nid: evil\ntitle: '{quoted}'\nauthors: '{quoted}'\n---\n\n"
        f"# {EVIL}\n\n{EVIL} A claim that says five things at once.\n"
    )
    (folder / "responsa.toml").write_text(f"[site]\nname = '''{EVIL}'''\n")
    run(folder, "init", "--quiet")
    run(folder, "config", "user.name", "<script>alert(1)</script>")
    run(folder, "config", "user.email", "e@example.org")
    run(folder, "add", "--all")
    run(folder, "commit", "--quiet", "-m", EVIL)
    with Live(folder) as live:
        live.open()
        with Desk(live, Access(users)) as desk:
            with live.reading() as now:
                desk.queue.renew(now.library, now.catalogue)
            yield Editor(routes(desk), "ann")


def test_hostile_articles_and_sources_become_text(hostile):
    evil = f"?url={address('evil')}"
    names = ("queue", "overview", "changes", f"article{evil}", f"edit{evil}", f"links{evil}", f"merge{evil}")
    for path in (*names, f"history{evil}", "source?id=evil"):
        answer = hostile.get(f"/desk/{path}")
        assert answer.status_code == 200, path
        assert_harmless(answer.text)


def test_hostile_words_that_are_typed_become_text(hostile, ann):
    form = hostile.form("/desk/edit", "/desk/edit", url=address("evil"))
    typed = {**form, "question": EVIL, "answer": EVIL, "description": EVIL, "review_by": EVIL}
    for path in ("/desk/edit", "/desk/preview"):
        for what in ("preview", "save"):
            assert_harmless(hostile.post(path, {**typed, "do": what}).text)
    assert_harmless(hostile.post("/desk/edit", {**typed, "base": EVIL, "do": "save"}).text)
    for path in ("/desk/queue", "/desk/article", "/desk/source", "/desk/change", "/desk/login", f"/desk/{EVIL}"):
        names = ("url", "id", "kind", "subject", "text", "at", "done", "trouble", "next", "passage", "start")
        assert_harmless(ann.get(path, **dict.fromkeys(names, EVIL)).text)


def test_the_page_says_nothing_runs_but_the_desks_own_files(ann):
    headers = ann.get("/desk/queue").headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": BASE, "sec-fetch-site": "cross-site"},
        {"origin": "", "referer": ""},
    ],
)
def test_a_form_of_another_site_does_nothing(ann, library, headers):
    """CSRF: even with the right token, which that site cannot know."""
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    before = run(library, "rev-parse", "HEAD")
    sent = {**form, "answer": "Planted.", "do": "save", "id": before.strip(), "stays": BCLC, "goes": BCLC}
    for path in WRITES:
        assert ann.post(path, sent, headers=headers).status_code == 403
    assert run(library, "rev-parse", "HEAD") == before
    assert run(library, "status", "--porcelain") == ""
    assert ann.get("/desk/edit", url=BCLC).text.count("Sign out") == 1


@pytest.mark.parametrize("token", ["", "x", None])
def test_a_form_without_its_token_does_nothing(ann, library, token):
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    sent = {**form, "answer": "Planted.", "do": "save"}
    if token is None:
        del sent["csrf"]
    else:
        sent["csrf"] = token
    for path in WRITES:
        assert ann.post(path, sent).status_code == 403
    assert "Planted" not in (library / BCLC_FILE).read_text()


def test_another_editors_token_is_no_token(ann, bob, library):
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    sent = {**form, "csrf": bob.form("/desk/edit", "/desk/edit", url=BCLC)["csrf"], "answer": "Planted.", "do": "save"}
    assert ann.post("/desk/edit", sent).status_code == 403
    assert "Planted" not in (library / BCLC_FILE).read_text()


def test_without_a_login_this_machine_reads_and_nobody_writes(nobody, library):
    assert nobody.get("/desk/queue").status_code == 200
    page = nobody.get("/desk/edit", url=BCLC).text
    sent = {**fields_of(page, "/desk/edit"), "answer": "Planted.", "do": "save"}
    for path in WRITES:
        assert nobody.post(path, sent).status_code == 403
    assert "Planted" not in (library / BCLC_FILE).read_text()
    assert run(library, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("base", "client", "headers"),
    [
        ("http://localhost:8000", ("203.0.113.7", 1), {}),
        ("http://evil.example:8000", ("127.0.0.1", 1), {}),
        ("http://localhost:8000", ("127.0.0.1", 1), {"x-forwarded-for": "203.0.113.7"}),
    ],
)
def test_from_elsewhere_nothing_is_read_without_a_login(app, base, client, headers):
    stranger = Editor(app, base=base, client=client, headers=headers)
    for path in (
        "/desk/queue",
        f"/desk/article?url={BCLC}",
        "/desk/source?id=bclc-2022",
        "/desk/changes",
        "/desk/nowhere",
    ):
        answer = stranger.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/desk/login")
    form = {"url": BCLC, "answer": "x", "do": "save"}
    for path in (*WRITES, "/desk/preview"):
        answer = stranger.post(path, form)
        assert answer.status_code == 403
        assert "staged in the BCLC system" not in answer.text


def test_a_session_that_a_stranger_planted_is_not_the_one_that_is_signed_in(app):
    """Fixation: the name changes at the login, and the old one opens nothing."""
    victim = Editor(app)
    victim.client.cookies.set("responsa-desk", "planted-by-a-stranger")
    answer = victim.post("/desk/login", {"login": "ann", "password": "correct horse battery"})
    given = answer.headers["set-cookie"]
    assert "planted" not in given
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    stranger = Editor(app)
    stranger.client.cookies.set("responsa-desk", "planted-by-a-stranger")
    assert "Sign out" not in stranger.get("/desk/queue").text


def test_the_cookie_is_for_tls_alone_where_others_can_reach_the_desk(desk):
    access = Access(desk.door.access.users, public=True, proxies=("127.0.0.1",))
    desk.door.access = access
    behind = Editor(routes(desk), base="http://desk.example.org", headers={"x-forwarded-proto": "https"})
    answer = behind.post("/desk/login", {"login": "ann", "password": "correct horse battery"})
    assert answer.headers["set-cookie"].startswith("__Host-responsa-desk=")
    assert "Secure" in answer.headers["set-cookie"]


def test_guessing_waits_and_a_login_that_there_is_not_looks_the_same(app, nobody):
    pages = [nobody.post("/desk/login", {"login": name, "password": "wrong"}) for name in ("ann", "nosuch")]
    assert pages[0].text.replace("ann", "x") == pages[1].text.replace("nosuch", "x")
    for _ in range(10):
        answer = nobody.post("/desk/login", {"login": "ann", "password": "wrong"})
    assert answer.status_code == 429
    assert nobody.post("/desk/login", {"login": "ann", "password": "correct horse battery"}).status_code == 429
    assert Editor(app, "bob").get("/desk/queue").status_code == 200


def test_a_login_from_another_site_is_refused(nobody):
    """Signing somebody in as an attacker would put their work under the attacker's name."""
    sent = {"login": "ann", "password": "correct horse battery"}
    answer = nobody.post("/desk/login", sent, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/desk",
        "/\\evil.example/desk",
        "/desk/..//evil.example",
        "/desk\r\nset-cookie: x=y",
        "javascript:alert(1)",
        "/elsewhere",
        "/deskx",
        "http:///desk",
        "///evil.example",
        "\t//evil.example",
    ],
)
def test_a_login_leads_on_to_the_desk_alone(nobody, wanted):
    assert back(wanted) == "/desk"
    sent = {"login": "ann", "password": "correct horse battery", "next": wanted}
    assert nobody.post("/desk/login", sent).headers["location"] == "/desk"


def test_a_login_leads_on_to_the_page_that_was_asked_for():
    assert back(f"/desk/article?url={BCLC}&at=3") == f"/desk/article?url={BCLC}&at=3"


NAMES = (
    "../../etc/passwd",
    "/../../../../etc/passwd",
    "/etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "content/learn/medicine/x.md",
    "\0",
    "file:///etc/passwd",
    "/learn/medicine/questions/../../../../responsa.toml",
    "http://169.254.169.254/latest/meta-data",
)


def test_no_address_names_a_file(ann, library):
    """Traversal and SSRF: articles and sources are found by what the library lists, never opened or fetched by name."""
    secret = library.parent / "users.json"
    assert secret.exists()
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    for name in NAMES:
        for path in ("article", "edit", "links", "merge", "history", "source", "change", "draft"):
            answer = ann.get(f"/desk/{path}?{urlencode(dict.fromkeys(('url', 'id', 'path', 'passage'), name))}")
            assert answer.status_code in {404, 400}, path
            assert "root:" not in answer.text
            assert "argon2" not in answer.text
        for path in ("/desk/edit", "/desk/decide", "/desk/undo", "/desk/links"):
            answer = ann.post(path, {**form, "url": name, "id": name, "do": "review", "link": [name]})
            assert answer.status_code in {303, 404, 409, 422}, path
    assert run(library, "status", "--porcelain") == ""
    for path in ("/desk/static/../desk.py", "/desk/static/..%2f..%2f..%2fusers.json", "/desk/static/%2e%2e"):
        assert ann.get(path).status_code == 404


def test_a_link_among_the_articles_is_not_followed(ann, library):
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    target = library.parent / "outside.md"
    target.write_bytes((library / BCLC_FILE).read_bytes())
    (library / BCLC_FILE).unlink()
    (library / BCLC_FILE).symlink_to(target)
    before = target.read_bytes()
    answer = ann.post("/desk/edit", {**form, "answer": "Planted.", "do": "save"})
    assert answer.status_code in {404, 409, 422, 503}
    assert target.read_bytes() == before


def test_a_body_without_end_is_cut_off(ann):
    answer = ann.client.post(
        "/desk/edit",
        content=b"answer=" + b"x" * (LONGEST + 1),
        headers={"origin": BASE, "content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


def test_a_form_with_fields_without_end_is_refused(ann):
    answer = ann.post("/desk/batch", {f"f{number}": "x" for number in range(5000)})
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_body_of_another_kind_is_no_form(ann, library, kind):
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    body = "&".join(f"{key}={value}" for key, value in form.items() if isinstance(value, str)).encode()
    answer = ann.client.post("/desk/edit", content=body, headers={"origin": BASE, "content-type": kind})
    assert answer.status_code in {403, 404}
    assert run(library, "status", "--porcelain") == ""


def test_bytes_that_are_no_text_are_refused_in_words(ann):
    answer = ann.client.post(
        "/desk/edit",
        content=b"answer=%ff%fe&csrf=\xff",
        headers={"origin": BASE, "content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 400
    assert "cannot be read" in html.unescape(answer.text)


def test_an_editors_words_cannot_forge_a_commit(ann, library):
    """Line breaks in a question do not become lines of the message, nor trailers, nor options."""
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    evil = "--amend\n\nCo-authored-by: Eve <eve@evil.example>\nResponsa-Desk: edit"
    ann.post("/desk/edit", {**form, "question": evil, "do": "save"})
    message = git.log(library)[0].message
    assert message.count("\nResponsa-Desk:") == 1
    assert "\nCo-authored-by" not in message
    assert git.log(library)[0].author.email == "ann@example.org"
    form = ann.form("/desk/article", "/desk/decide", url=BCLC)
    ann.post("/desk/decide", {**form, "do": "review"})
    assert "\nCo-authored-by" not in git.log(library)[0].message


def test_an_answer_cannot_break_out_of_its_field(ann, library):
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    evil = "x\n---\nurl: /learn/stolen\nno_index: true\n---\n'\"\\n: - # {} \u2028 end"
    ann.post("/desk/edit", {**form, "answer": evil, "do": "save"})
    article = read(library).article(read(library).paths()[0].parent.parent / "medicine" / BCLC_FILE.rpartition("/")[2])
    assert article.url == BCLC
    assert article.answer.strip() == evil
    assert not article.no_index


def test_a_strangers_form_cannot_make_the_desk_show_their_words_in_a_frame_or_run_them(ann):
    answer = ann.post("/desk/edit", {"url": BCLC, "answer": EVIL}, headers={"origin": "https://evil.example"})
    assert EVIL not in answer.text
    assert fields(b"a=1&a=2").all("a") == ["1", "2"]

"""What strangers send. None of it may reach a reader, a file or another's connection."""

import json
import re
import socket
import time

import pytest
from serving import serving

from library_folder import put

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'


def head(path, *lines, method="GET", host="localhost"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "", ""]).encode()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    put(
        folder, "evil", question=f"What is {SCRIPT} or {IMAGE}?",
        answer=f"Evil text {SCRIPT} and {IMAGE} and [link](javascript:alert(1)) about evil things.",
        subject="Medicine",
    )  # fmt: skip
    with serving(folder) as served:
        yield served


@pytest.mark.parametrize("path", ["/search?q=evil", "/ask?q=what+is+evil", "/search?q=evil&part=results"])
def test_articles_bring_no_script_onto_the_pages_of_results(hostile, path):
    _, headers, body = hostile.get(path)
    assert b"evil" in body
    assert b"<script>alert" not in body
    assert b"<img" not in body
    assert b'href="javascript' not in body
    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert "script-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "query", [SCRIPT, IMAGE, "'-alert(1)-'", "{{7*7}}", "</title><svg onload=alert(1)>", "\u202egpj.exe"]
)
@pytest.mark.parametrize("page", ["/search", "/ask"])
def test_a_query_brings_no_markup(served, page, query):
    encoded = "".join(f"%{byte:02x}" for byte in query.encode())
    for path in (f"{page}?q={encoded}", f"{page}?{encoded}=1&q=a", f"{page}?q=a&offset={encoded}&part={encoded}"):
        status, _, body = served.get(path)
        text = body.decode()
        assert status == 200
        assert not re.search(r"<(?:script>|svg|img)", text)
        assert "onerror=" not in re.sub(r'="[^"]*"', "", text.replace("&lt;", "")) or "&lt;img" in text
        assert "\u202e" not in text
        assert "49" not in re.findall(r'value="([^"]*)"', text)


def test_every_answer_forbids_guessing_its_type(served):
    for path in ("/", "/nothing", "/search", "/api/search?q=a", "/api/x", "/healthz", "/metrics", "/openapi.json"):
        _, headers, _ = served.get(path)
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_pages_allow_no_inline_script(served):
    for path in ("/", "/nothing", "/search"):
        policy = served.get(path)[1]["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_a_publishers_own_html_keeps_its_scripts(tmp_path):
    put(tmp_path, "a")
    (tmp_path / "count.html").write_text("<script>count()</script>")
    (tmp_path / "responsa.toml").write_text('[site]\nanalytics = "count.html"\n')
    with serving(tmp_path) as served:
        assert "script-src" not in served.get("/")[1]["content-security-policy"]
        assert "script-src 'self'" in served.get("/search")[1]["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "localhost:99999999", "127.0.0.1@evil", "a b"]
)
@pytest.mark.parametrize("path", ["/", "/search?q=a", "/api/search?q=a", "/healthz", "/_responsa/changes"])
def test_a_name_that_was_made_to_lead_here_is_not_answered(served, host, path):
    answer = served.raw(head(path, "Connection: close", host=host))
    assert answer.startswith((b"HTTP/1.1 421", b"HTTP/1.1 400"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "[::1]:8000", "LOCALHOST"])
def test_names_of_this_machine_are(served, host):
    assert served.raw(head("/healthz", "Connection: close", host=host)).startswith(b"HTTP/1.1 200")


def test_a_public_server_answers_to_its_names_alone(library):
    with serving(library, public=True, names=("library.example",)) as served:
        assert served.raw(head("/", "Connection: close", host="library.example")).startswith(b"HTTP/1.1 200")
        assert served.raw(head("/", "Connection: close", host="other.example")).startswith(b"HTTP/1.1 421")


def test_a_line_break_in_an_address_brings_no_header(served):
    for path in ("/old/address%0d%0aX-Bad:%201", "/questions/undefined/learn/%0d%0aX-Bad:%201", "/x%0d%0aX-Bad:%201/"):
        answer = served.raw(head(path, "Connection: close"))
        assert b"\r\nx-bad" not in answer.lower()


def test_nobody_is_sent_to_another_site(served):
    for path in (
        "//evil.example/",
        "/%2f%2fevil.example",
        "/questions/undefined/learn//evil.example",
        "/\\evil.example/",
    ):
        answer = served.raw(head(path, "Connection: close"))
        found = re.search(rb"\r\nlocation: ([^\r]*)", answer)
        assert found is None or re.match(rb"/[^/\\]", found[1])


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(served):
    for part in ("/", "/search", "/api/search?q=a"):
        answer = served.raw(head(part, "Content-Length: 99999999999", method="POST"))
        assert answer.startswith(b"HTTP/1.1 413")
        assert b"connection: close" in answer.lower()


def test_two_lengths_or_a_length_beside_chunks_are_no_request(served):
    for lines in (
        ("Content-Length: 3", "Content-Length: 5"),
        ("Content-Length: 3", "Transfer-Encoding: chunked"),
        ("Content-Length: -1",),
    ):
        answer = served.raw(head("/", *lines, "Connection: close") + b"abc\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n")
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 413"))
        assert answer.count(b"HTTP/1.1") == 1


def test_a_head_without_end_is_cut_off(served):
    for data in (
        b"GET /" + b"a" * 200_000,
        head("/")[:-2] + b"X: " + b"y" * 200_000,
        head("/")[:-2] + b"X: y\r\n" * 40_000,
    ):
        answer = served.raw(data)
        assert answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")) or answer == b""


def test_a_slow_head_and_a_slow_body_are_not_waited_for(library):
    with serving(library, patience=0.5, desk=True) as served:
        started = time.monotonic()
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            assert connection.recv(1000) == b""
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(b"\r\n")
            assert connection.recv(1000) == b""
        assert time.monotonic() - started < 8
        assert served.get("/healthz")[0] == 200


def test_who_does_not_read_is_let_go(tmp_path):
    put(tmp_path, "a")
    (tmp_path / "responsa.toml").write_text('[build]\nstatic = "own"\n')
    (tmp_path / "own").mkdir()
    (tmp_path / "own/film.mp4").write_bytes(bytes(30_000_000))
    with serving(tmp_path, patience=0.5) as served:
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(head("/film.mp4"))
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
            until = time.monotonic() + 20
            while served.running.server_state.connections and time.monotonic() < until:
                time.sleep(0.1)
            assert not served.running.server_state.connections
        assert served.get("/healthz")[0] == 200


@pytest.mark.parametrize(
    "query",
    [
        "a" * 500, "?" * 500, '"' * 500, '"a ' * 160, "e\u0301" * 250, "\u3042" * 500, "-" * 500, "(" * 500, "* " * 250,
        "a b " * 125, "aaaaaaaaaaaaaaaaaaaaab " * 20,
    ],
)  # fmt: skip
def test_no_query_takes_long(served, query):
    encoded = "".join(f"%{byte:02x}" for byte in query[:500].encode())
    for path in ("/search?q=", "/api/search?q=", "/ask?q="):
        started = time.process_time()
        status, _, _ = served.get(path + encoded)
        assert status in {200, 400}
        assert time.process_time() - started < 3


def test_a_query_without_end_is_no_query(served):
    assert served.get("/api/search?q=" + "a" * 5000)[0] == 400
    assert served.get("/search?q=" + "a" * 5000)[0] == 200
    assert served.raw(head("/search?q=" + "a" * 50_000)).startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
    assert served.get("/api/search?" + "&".join(f"a{n}=1" for n in range(500)))[0] == 400


def test_who_asks_too_often_is_told_when_to_ask_again(library):
    with serving(library, rate=1.0) as served:
        answers = [served.get("/api/search?q=a") for _ in range(6)]
        status, headers, body = answers[-1]
        assert [answer[0] for answer in answers[:3]] == [200, 200, 200]
        assert (status, json.loads(body)["status"]) == (429, 429)
        assert int(headers["retry-after"]) >= 1
        assert served.get("/")[0] == 200, "pages are not counted"
        assert served.get("/api/search?q=a", x_forwarded_for="9.9.9.9")[0] == 429, "nobody vouches for that header"


def test_behind_a_proxy_each_client_has_its_own_rate(library):
    with serving(library, rate=1.0, public=True, environment={"RESPONSA_PROXIES": "127.0.0.1"}) as served:
        for _ in range(6):
            served.get("/api/search?q=a", x_forwarded_for="9.9.9.9")
        assert served.get("/api/search?q=a", x_forwarded_for="9.9.9.9")[0] == 429
        assert served.get("/api/search?q=a", x_forwarded_for="8.8.8.8")[0] == 200


def test_figures_of_a_public_server_are_for_this_machine(library):
    with serving(library, public=True) as served:
        assert served.get("/metrics", x_forwarded_for="9.9.9.9")[0] == 404
        assert served.raw(head("/metrics", "Connection: close", host="library.example")).startswith(b"HTTP/1.1 404")
        assert served.raw(head("/metrics", "Connection: close")).startswith(b"HTTP/1.1 200")
        assert served.get("/_responsa/changes")[0] == 404


def test_the_log_holds_what_was_asked_as_text(library):
    with serving(library, access_log=True) as served:
        served.get("/%0afake%0aline%1b[31m?q=secret")
        lines = [json.loads(line) for line in served.lines]
        [asked] = [line for line in lines if line["event"] == "request"]
        assert asked["path"] == "/\nfake\nline\x1b[31m"
        assert all(line.count("\n") == 1 for line in served.lines)

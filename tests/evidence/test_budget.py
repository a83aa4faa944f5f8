import json
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from responsa.cli.app import main
from responsa.errors import UsageError
from responsa.evidence.budget import Budget, Purse, SpentError, budget
from responsa.evidence.chat import Reply, charged

TEXT = "Iron number {0} weighs less than {0} others of steel.\\n\\nThe second sentence about steel is number {0}."


def test_a_budget_is_read_from_its_parts():
    assert budget("requests=5, tokens=200, minutes=1.5") == Budget(5, 200, 1.5)
    assert budget("money=2,price=0.15/0.60") == Budget(money=2, price=(0.15, 0.6))
    assert budget("") == Budget()


@pytest.mark.parametrize(
    "text", ["5", "requests", "requests=-1", "requests=0", "euros=5", "money=2", "price=1", "requests=1;"]
)
def test_a_budget_that_cannot_be_meant_is_a_usage_error(text):
    with pytest.raises(UsageError, match="--budget"):
        budget(text)


@pytest.mark.parametrize(
    ("limits", "allowed", "told"),
    [
        (Budget(requests=3), 3, "3 requests"),
        (Budget(tokens=1_000), 4, "1000 tokens"),
        (Budget(minutes=1), 6, "1 minutes"),
        (Budget(money=1, price=(2_000, 4_000)), 2, "1 of money"),
    ],
)
def test_a_purse_lets_pass_what_the_budget_holds(limits, allowed, told):
    clock = iter(range(0, 1000, 10))
    purse = Purse(limits, now=lambda: next(clock))
    for _ in range(allowed):
        purse.take(200)
        purse.settle(200, 200, 50)
    with pytest.raises(SpentError, match=told):
        purse.take(200)


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        (b'{"usage": {"prompt_tokens": 70, "completion_tokens": 5, "total_tokens": 75}}', 75),
        (b'data: {"usage":{"prompt_tokens":70,"completion_tokens":5}}\n\ndata: [DONE]\n', 75),
        (b"x" * 40, 100 + 10),
    ],
)
def test_what_was_asked_costs_what_the_endpoint_counted(body, tokens):
    purse = Purse(Budget(tokens=1000))
    charged(lambda _: Reply(200, body), purse)(b"x" * 400)
    assert purse.asked + purse.answered == tokens


def test_a_request_without_an_answer_costs_no_tokens():
    purse = Purse(Budget())
    charged(lambda _: Reply(429), purse)(b"x" * 400)
    assert (purse.requests, purse.asked + purse.answered) == (1, 0)


@contextmanager
def endpoint(answer):
    """An endpoint that gives ``answer(number of the request)`` as (status, content)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, content = answer(len(asked))
            choice = {"message": {"content": content}, "finish_reason": "stop"}
            body = json.dumps({"choices": [choice], "usage": {"prompt_tokens": 300, "completion_tokens": 20}}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


NONE = json.dumps({"verdict": "none", "passage": 0, "quote": ""})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RESPONSA_JUDGE_KEY", "sesame")
    monkeypatch.setattr("responsa.evidence.chat._PATIENCE", 0.01)
    shelf = tmp_path / "library/content/learn/medicine"
    shelf.mkdir(parents=True)
    for number in range(6):
        (shelf / f"a{number}.md").write_text(
            f"---\nquestion: What about {number}?\nanswer: >-\n    {TEXT.format(number)}\nsubject: Medicine\n"
            f"url: /learn/medicine/questions/a{number}\nscore: -1.0\n---\n"
        )
    (tmp_path / "library/sources").mkdir()
    (tmp_path / "library/sources/a.txt").write_text("Steel rusts where iron is wet, others say.")
    return tmp_path / "library"


def verify(folder, address, *more):
    return main(["verify", str(folder), "--judge", address, "--model", "m", "--write", "--jobs", "2", *more])


def test_a_spent_budget_ends_the_run_and_the_same_command_goes_on_without_asking_twice(folder, capsys):
    with endpoint(lambda _: (200, NONE)) as (address, asked):
        assert verify(folder, address, "--budget", "requests=5") == 4
        told = capsys.readouterr()
        assert "error: the budget of 5 requests is spent; 4 articles are left: the same command goes on" in told.err
        assert "Spent: 5 requests, 1600 tokens." in told.out
        assert len(list((folder / "evidence/medicine").iterdir())) == 2
        assert verify(folder, address) == 0
        assert len(asked) == 12
        assert len({json.dumps(one) for one in asked}) == 12
        assert verify(folder, address) == 0
        assert len(asked) == 12
    assert "6 articles" in capsys.readouterr().out


def test_an_endpoint_that_is_down_ends_the_run_and_nothing_is_taken_for_judged(folder, capsys):
    with endpoint(lambda number: (200, NONE) if number <= 4 else (401, "")) as (address, asked):
        assert verify(folder, address, "--jobs", "1") == 3
        assert "m: refused the request (status 401), 3 times in a row; what is done is kept" in capsys.readouterr().err
        assert len(asked) == 7
    with endpoint(lambda _: (200, NONE)) as (address, asked):
        assert verify(folder, address, "--jobs", "1") == 0
        assert len(asked) == 8
    for file in (folder / "evidence/medicine").iterdir():
        assert {claim["judge"] for claim in json.loads(file.read_text())["claims"]} == {
            json.loads(file.read_text())["judge"]
        }


def test_a_claim_that_got_no_answer_is_asked_about_by_the_next_run(folder):
    with endpoint(lambda number: (503, "") if number <= 4 else (200, NONE)) as (address, asked):
        assert verify(folder, address, "--jobs", "1") == 0
        assert len(asked) == 4 + 11
        assert verify(folder, address, "--jobs", "1") == 0
        assert len(asked) == 4 + 12


def test_what_the_endpoint_did_is_logged_without_the_key(folder, tmp_path, capsys):
    answers = {1: (429, ""), 2: (200, "no JSON"), 3: (200, "no JSON")}
    log = tmp_path / "log"
    with endpoint(lambda number: answers.get(number, (200, NONE))) as (address, _):
        assert verify(folder, address, "--jobs", "1", "--log", str(log), "--stream") == 0
    text = log.read_text()
    assert "m: status 429, again in 0.01 s" in text
    assert "WARNING m: an answer that is not the JSON asked for, about 'Iron number 0" in text
    assert "sesame" not in text + "".join(capsys.readouterr())
    assert not any("sesame" in file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file())
    assert logging.getLogger("responsa.evidence").handlers == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--judge", "http://x/v1"], "needs --model"),
        (["--model", "m"], "--model belongs to --judge"),
        (["--judge", "ftp://x", "--model", "m"], "expected an address"),
        (["--judge", "http://me:sesame@x/v1", "--model", "m"], "RESPONSA_JUDGE_KEY"),
        (["--budget", "all"], "--budget all"),
    ],
)
def test_options_that_cannot_be_meant_are_usage_errors(folder, capsys, options, told):
    assert main(["verify", str(folder), *options]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert "sesame" not in err

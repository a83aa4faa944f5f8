import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest
from serving import serving
from test_live import eventually

from library_folder import put
from responsa.serve import asking
from responsa.serve.searching import messages
from responsa.serve.searching.messages import HAS, LACKS, Frames, Opening, Query
from responsa.serve.searching.searcher import Searcher
from responsa.serve.searching.searchers import Searchers

ENCODED = msgspec.json.encode


def with_searchers(served):
    """Two of them, ready."""
    served.json("/api/search?q=first")
    assert eventually(lambda: served.app.work.searchers == 2), served.lines
    return served


def pids(served):
    return served.app.work._searchers.processes


def alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.fixture(scope="module")
def shared(library):
    with serving(library, workers=2) as served:
        yield with_searchers(served)


@pytest.mark.parametrize(
    "query",
    ["bone marrow", "livr", '"soft tissue"', '"tissue soft"', "what is it", "leber ärger", "zzz", "\N{PILE OF POO}"],
)
def test_a_searcher_finds_what_the_server_itself_finds(shared, query):
    with shared.live.reading() as now:
        ours = ENCODED(asking.search(now, query, 3, 1))
        opened, searcher = Opening(now.number, now.library, now.index.state), Searcher()
        [(kind, body)] = Frames().put(messages.opening(opened))
        assert searcher.answer(kind, body) == messages.framed(HAS, b"")
        [(kind, body)] = Frames().put(messages.query(Query(now.number, query, 3, 1, None)))
        assert searcher.answer(kind, body) == messages.framed(HAS, ours)
        searcher.close()
    quoted = "".join(f"%{byte:02X}" for byte in query.encode())
    status, _, told = shared.get(f"/api/search?q={quoted}&limit=3&offset=1")
    assert (status, told) == (200, ours)


def test_pages_of_results_are_the_same_whoever_searches(shared, library):
    with serving(library) as alone:
        for path in ("/search?q=marrow", "/search?q=livr", "/search?q=bone&offset=10", "/search"):
            assert shared.get(path)[2] == alone.get(path)[2]


def test_a_state_that_is_gone_or_older_is_left_to_the_server(tmp_path):
    put(tmp_path, "a")
    with serving(tmp_path) as served:
        with served.live.reading() as now:
            opened = Opening(now.number, now.library, now.index.state)
        searcher = Searcher()
        [first] = Frames().put(messages.opening(opened))
        searcher.answer(*first)
        [older] = Frames().put(messages.query(Query(now.number + 1, "a", 3, 0, None)))
        assert searcher.answer(*older) == messages.framed(LACKS, b"")
        put(tmp_path, "b")
        served.live.renew()
        searcher.answer(*first)
        [asked] = Frames().put(messages.query(Query(now.number, "a", 3, 0, None)))
        assert searcher.answer(*asked) == messages.framed(LACKS, b"")
        searcher.close()


def test_messages_come_whole_however_they_are_cut():
    sent = messages.framed(HAS, b"one") + messages.framed(LACKS, b"") + messages.framed(HAS, b"x" * 70_000)
    frames = Frames()
    found = [message for at in range(0, len(sent), 7) for message in frames.put(sent[at : at + 7])]
    assert found == [(HAS, b"one"), (LACKS, b""), (HAS, b"x" * 70_000)]


def test_searchers_killed_under_load_cost_no_wrong_answer_and_are_started_again(tmp_path):
    for name in "abcdefgh":
        put(tmp_path, name, answer=f"All about word{name}.")
    with serving(tmp_path, workers=2) as served:
        with_searchers(served)
        over, wrong, told = threading.Event(), [], []

        def ask(begin):
            number = 0
            while not over.is_set():
                number += 1
                name = "abcdefgh"[number % 8]
                status, headers, body = served.get(f"/api/search?q=word{name}+{begin}{number}")
                told.append(status)
                if status == 200:
                    if not msgspec.json.decode(body)["hits"][0]["url"].endswith(f"/{name}"):
                        wrong.append(body)
                elif status != 503 or "retry-after" not in headers:
                    wrong.append((status, body))

        readers = [threading.Thread(target=ask, args=(begin,)) for begin in "xyz"]
        for reader in readers:
            reader.start()
        for _ in range(4):
            before = pids(served)
            os.kill(before[0], signal.SIGKILL)
            assert eventually(lambda: before[0] not in pids(served))  # noqa: B023 - asked at once
            time.sleep(0.2)
        assert eventually(lambda: served.app.work.searchers == 2)
        over.set()
        for reader in readers:
            reader.join()
        assert wrong == []
        assert told.count(200) > 10
        assert any("a searcher ended (-9)" in line for line in served.lines)


def test_an_edit_is_in_the_answers_that_come_after_it(tmp_path):
    put(tmp_path, "a", answer="Round 0.")
    with serving(tmp_path, workers=2) as served:
        with_searchers(served)
        for number in range(1, 6):
            put(tmp_path, "a", answer=f"Round {number} on zebra{number}.")
            served.live.renew()
            for _ in range(3):
                [hit] = served.json(f"/api/search?q=zebra{number}")["hits"]
                assert f"zebra{number}" in hit["passage"]["text"]
        assert served.app.work.searchers == 2


def test_no_searcher_is_left_when_the_server_ends(library):
    with serving(library, workers=2) as served:
        with_searchers(served)
        found = pids(served)
        assert all(map(alive, found))
    assert not any(map(alive, found))


def test_no_searcher_is_left_when_the_server_is_killed(tmp_path):
    put(tmp_path, "a")
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); from serving import serving; from test_searching import *\n"
        "with serving(Path(sys.argv[1]), workers=2) as served:\n"
        "    with_searchers(served); print(*pids(served), flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        found = [int(pid) for pid in process.stdout.readline().split()]
        process.kill()
    assert len(found) == 2
    assert eventually(lambda: not any(map(alive, found)))


def test_searchers_that_cannot_start_are_told_and_the_server_searches_itself(library, monkeypatch):
    monkeypatch.setattr(Searchers.__init__, "__defaults__", (128, (sys.executable, "-c", "raise SystemExit(3)")))
    with serving(library, workers=2) as served:
        for number in range(5):
            assert served.json(f"/api/search?q=marrow+{number}")["hits"]
        assert eventually(lambda: any("a searcher ended" in line for line in served.lines))
        assert served.app.work.searchers == 0

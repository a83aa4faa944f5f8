import os
import threading
import time

import pytest
from serving import serving

from library_folder import put
from responsa.errors import ConfigError, ResponsaError
from responsa.index.index import open_index
from responsa.library.lock import lock
from responsa.serve.live import Live

URL = "/learn/medicine/questions/a"


def eventually(fact, seconds=20.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if fact():
            return True
        time.sleep(0.05)
    return False


def test_a_change_is_on_the_page_in_search_and_in_the_api(tmp_path):
    put(tmp_path, "a", answer="First words.")
    with serving(tmp_path, follow=True) as served:
        before = served.get(URL)[1]["etag"]
        put(tmp_path, "a", answer="Second thoughts on zebras.")
        assert eventually(lambda: b"zebras" in served.get(URL)[2])
        assert served.get(URL, if_none_match=before)[0] == 200
        assert eventually(lambda: served.json("/api/search?q=zebras")["hits"][0]["passage"]["marks"])
        assert "zebras" in served.json(f"/api/articles{URL}")["answer"]
        put(tmp_path, "b", answer="A new one on yaks.")
        assert eventually(lambda: served.json("/api/search?q=yaks")["hits"][0]["url"].endswith("/b"))
        (tmp_path / "content/learn/medicine/b.md").unlink()
        assert eventually(lambda: served.get("/learn/medicine/questions/b")[0] == 404)


def test_a_browser_hears_of_a_change(tmp_path):
    put(tmp_path, "a")
    with serving(tmp_path) as served:
        assert b'<script src="/_responsa/reload.js" defer></script>' in served.get(URL)[2]
        heard = []
        thread = threading.Thread(
            target=lambda: heard.append(served.raw(b"GET /_responsa/changes HTTP/1.1\r\nHost: localhost\r\n\r\n", 4))
        )
        thread.start()
        assert eventually(lambda: served.app.reload.listening == 1)
        put(tmp_path, "a", answer="Changed.")
        served.live.renew()
        thread.join()
        assert b"data: changed" in heard[0]


def test_a_public_server_adds_nothing_to_pages(library):
    with serving(library, public=True) as served:
        assert b"_responsa" not in served.get("/")[2]


def test_readers_never_see_half_a_change_nor_wait_for_one(tmp_path):
    for name in "abcdefgh":
        put(tmp_path, name, answer="Round 0.")
    with serving(tmp_path) as served:
        over, faults, slowest = threading.Event(), [], [0.0]

        def read():
            while not over.is_set():
                for path in (URL, "/api/search?q=round", f"/api/articles{URL}", "/", "/search?q=round"):
                    started = time.monotonic()
                    status, _, body = served.get(path)
                    slowest[0] = max(slowest[0], time.monotonic() - started)
                    if status != 200 or not body:
                        faults.append((path, status, body[:200]))

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(1, 9):
            for name in "abcdefgh":
                put(tmp_path, name, answer=f"Round {number}.")
            served.live.renew()
        over.set()
        for reader in readers:
            reader.join()
        assert faults == []
        assert b"Round 8." in served.get(URL)[2]
        assert served.live._users == {}, "every state is given back"
        assert slowest[0] < 10


def test_a_setting_that_cannot_be_meant_leaves_what_was_and_is_told(tmp_path):
    put(tmp_path, "a")
    with serving(tmp_path, follow=True) as served:
        (tmp_path / "responsa.toml").write_text("[site]\nnmae = 'x'\n")
        assert eventually(lambda: "nmae" in served.json("/api/state")["trouble"])
        assert served.json("/healthz")["status"] == "behind"
        assert served.get(URL)[0] == 200
        (tmp_path / "responsa.toml").write_text("[site]\nname = 'Mended'\n")
        assert eventually(lambda: b"Mended" in served.get("/")[2])
        assert eventually(lambda: served.json("/healthz")["status"] == "ok")


def test_who_reads_keeps_a_state_until_done(tmp_path):
    put(tmp_path, "a", answer="Old.")
    with Live(tmp_path) as live:
        live.open()
        with live.reading() as old:
            put(tmp_path, "a", answer="New.")
            live.renew()
            with live.reading() as new:
                assert new.number == old.number + 1
            assert old.catalogue.count() == 1, "still open"
        live.renew()
        with live.reading() as same:
            assert same.number == new.number, "nothing changed"


def test_what_cannot_be_opened_is_told_at_the_start(tmp_path):
    (tmp_path / "responsa.toml").write_text("[nothing]\n")
    with Live(tmp_path) as live, pytest.raises(ConfigError, match="unknown key"):
        live.open()
    with pytest.raises(ResponsaError, match="no longer served"), live.reading():
        pass


def test_the_site_lies_among_derived_files_unless_told_otherwise(tmp_path):
    put(tmp_path, "a")
    with Live(tmp_path) as live:
        live.open()
    assert (tmp_path / ".responsa/site/index.html").is_file()
    assert not (tmp_path / "site").exists()
    with Live(tmp_path, tmp_path / "out") as live:
        live.open()
    assert os.path.exists(tmp_path / "out/index.html")  # noqa: PTH110


def held_index(monkeypatch):
    """An event that the first index waits for."""
    free = threading.Event()

    def slow(*given, **named):
        free.wait(20)
        return open_index(*given, **named)

    monkeypatch.setattr("responsa.serve.live.open_index", slow)
    return free


def test_pages_and_articles_are_served_while_the_first_index_is_made(tmp_path, monkeypatch):
    put(tmp_path, "a", answer="About zebras.")
    free = held_index(monkeypatch)
    with serving(tmp_path, start=Live.publish, follow=True, workers=2) as served:
        assert served.get(URL)[0] == 200
        assert served.json("/healthz")["status"] == "indexing"
        assert "zebras" in served.json(f"/api/articles{URL}")["answer"]
        for path in ("/api/search?q=zebras", "/api/ask?q=zebras", "/search?q=zebras", "/ask?q=zebras"):
            status, headers, body = served.get(path)
            assert (status, headers["retry-after"]) == (503, "10")
            assert b"is being indexed" in body
        assert served.lines == [], "nothing is wrong"
        put(tmp_path, "a", answer="About yaks.")
        served.live.renew()
        assert b"yaks" in served.get(URL)[2], "a change is on its page meanwhile"
        free.set()
        assert eventually(lambda: served.json("/healthz")["status"] == "ok")
        assert served.json("/api/search?q=yaks")["hits"][0]["passage"]["marks"]
        assert served.get("/search?q=yaks")[0] == 200


def test_who_waits_for_the_index_is_called_once(tmp_path, monkeypatch):
    put(tmp_path, "a")
    free = held_index(monkeypatch)
    with Live(tmp_path) as live:
        called, taken_back = [], []
        live.publish()
        live.when_indexed(lambda: called.append(1))
        live.when_indexed(lambda: taken_back.append(1))()
        live.follow()
        assert called == []
        free.set()
        assert eventually(lambda: called == [1])
        put(tmp_path, "b")
        live.renew()
        live.when_indexed(lambda: called.append(2))
        assert (called, taken_back) == ([1, 2], [])


def test_an_index_that_cannot_be_made_is_tried_again(tmp_path, monkeypatch):
    put(tmp_path, "a")
    tries = []

    def failing(*given, **named):
        tries.append(1)
        if len(tries) < 2:
            raise ResponsaError("the disk is full")
        return open_index(*given, **named)

    monkeypatch.setattr("responsa.serve.live.open_index", failing)
    with serving(tmp_path, start=Live.publish, follow=True) as served:
        assert eventually(lambda: served.get("/api/search?q=what")[0] == 200)
        assert len(tries) >= 2


def test_another_command_is_waited_for_at_the_start(tmp_path):
    put(tmp_path, "a")
    with Live(tmp_path) as live:
        with lock(tmp_path, "build.lock"):
            thread = threading.Thread(target=live.open)
            thread.start()
            time.sleep(0.5)
        thread.join(20)
        with live.reading() as now:
            assert now.built.pages == 1

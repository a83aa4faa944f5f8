"""Models by name, against a server that speaks the hub's protocol on this machine."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evidence.tiny_model import write
from responsa.errors import MissingExtraError, ResponsaError, UsageError
from responsa.index import hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PAIR = {"id": 1, "claim": "Chemoembolisation is systemic.", "evidence": "That it was systemic was confirmed."}


@contextmanager
def hub_with(files):
    """A hub that has one model, ``acme/nli``; the paths that were asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.do_GET(body=False)

        def do_GET(self, *, body=True):
            asked.append(self.path)
            path = self.path.partition("?")[0]
            name = path.partition("/resolve/")[2].partition("/")[2]
            if path.startswith("/api/models/acme/nli/tree/"):
                sizes = {name: len(content) for name, content in files.items()}
                tree = [{"type": "file", "path": name, "size": size, "oid": "0"} for name, size in sizes.items()]
                self.answer(json.dumps(tree).encode(), body, "json")
            elif path.startswith("/api/models/acme/nli"):
                siblings = [{"rfilename": name} for name in files]
                self.answer(json.dumps({"id": "acme/nli", "sha": COMMIT, "siblings": siblings}).encode(), body, "json")
            elif name in files:
                self.answer(files[name], body, "octet-stream")
            else:
                self.send_response(404)
                self.send_header("X-Error-Code", "RepoNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def answer(self, content, body, kind):
            self.send_response(200)
            self.send_header("Content-Type", f"application/{kind}")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hashlib.sha1(content).hexdigest()}"')
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def judged(folder, endpoint, name="acme/nli"):
    """`responsa claims` with a judge from the hub, in a process of its own: the hub's settings are read once."""
    pairs, out = folder / "pairs.jsonl", folder / "out.jsonl"
    pairs.write_text(json.dumps(PAIR))
    settings = {"HF_ENDPOINT": endpoint, "HF_HOME": str(folder / "kept"), "HF_HUB_DISABLE_TELEMETRY": "1"}
    words = ["claims", "--pairs", str(pairs), "--out", str(out), "--judge", f"hub:{name}"]
    command = [sys.executable, "-c", "import sys; from responsa.cli import main; sys.exit(main(sys.argv[1:]))", *words]
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)
    return done, json.loads(out.read_text()) if out.exists() else None


@pytest.fixture
def files(tmp_path):
    folder = write(tmp_path / "model", {"confirmed": [160.0, 0.0, 0.0]}, ["entailment", "neutral", "contradiction"])
    held = {path.name: path.read_bytes() for path in folder.iterdir()}
    return {"onnx/model.onnx": held.pop("model.onnx"), "weights.safetensors": b"large", **held}


def test_a_judge_is_fetched_by_name_once_and_works_without_the_hub_after(tmp_path, files):
    with hub_with(files) as (endpoint, asked):
        done, verdict = judged(tmp_path, endpoint)
        assert (done.returncode, verdict["verdict"]) == (0, "supported"), done.stderr
        assert verdict["reason"].startswith("acme-nli-")
        assert not any("safetensors" in path for path in asked)
    done, again = judged(tmp_path, endpoint)
    assert (done.returncode, again) == (0, verdict), done.stderr


def test_a_model_without_a_graph_is_told(tmp_path, files):
    del files["onnx/model.onnx"]
    with hub_with(files) as (endpoint, _):
        done, _ = judged(tmp_path, endpoint)
    assert done.returncode == 3
    assert "hub:acme/nli: has no model.onnx or onnx/model.onnx" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_that_is_not_there_is_told(tmp_path, files):
    with hub_with(files) as (endpoint, _):
        done, _ = judged(tmp_path, endpoint, "acme/other")
    assert done.returncode == 3
    assert done.stderr.startswith("error: hub:acme/other: cannot be fetched: ")


@pytest.mark.parametrize("name", ["nli", "a/b/c", "../x/y", "a/b@", "a/b?x", "a/..", ""])
def test_only_a_name_is_asked_for(name):
    with pytest.raises(UsageError, match="expected hub:OWNER/NAME"):
        hub.fetched(name)


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setattr(hub, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r"responsa\[hub\]"):
        hub.fetched("a/b")


def test_a_kept_model_that_is_not_whole_is_fetched_again(monkeypatch, tmp_path):
    class Hub:
        class HfApi:
            def list_repo_files(self, *_, **__):
                raise ConnectionError("no way there")

        @staticmethod
        def try_to_load_from_cache(*_, **__):
            return str(tmp_path / "tokenizer.json")

    monkeypatch.setattr(hub, "_hub", lambda: Hub)
    with pytest.raises(ResponsaError, match="no way there"):
        hub.fetched("a/b")

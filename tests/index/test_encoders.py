import json
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType

import numpy as np
import pytest

from responsa.errors import ConfigError, ResponsaError, UsageError
from responsa.index.encoders import KEY, encoder_of
from responsa.index.endpoint import Endpoint
from responsa.index.onnx import EMBEDDED, Onnx
from responsa.index.static import Static
from responsa.library.library import read


def setting(folder, encoder, model=""):
    (folder / "responsa.toml").write_text(f'[index]\nencoder = "{encoder}"\nmodel = "{model}"\n')
    return read(folder)


@pytest.fixture(scope="module")
def minilm():
    return Onnx()


def test_the_embedded_encoder_tells_meanings_apart(tmp_path):
    one, same, other = encoder_of(read(tmp_path)).encode(
        ["How far is the moon?", "What is the distance to the moon?", "How do I bake bread?"]
    )
    assert one @ same > 0.8
    assert one @ other < 0.3


def test_a_vector_does_not_depend_on_its_company(minilm):
    texts = [f"What is the {word} of the moon?" for word in ("mass", "size", "age", "far side")] + ["", "?", "x " * 300]
    together = minilm.encode(texts)
    alone = np.concatenate([minilm.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-6
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_threads_change_nothing(minilm):
    texts = [f"What is {'very ' * number}old?" for number in range(12)]
    assert np.array_equal(Onnx(threads=1).encode(texts), minilm.encode(texts))


def test_nothing_gives_no_rows(minilm):
    assert minilm.encode([]).shape == (0, 384)


@pytest.fixture
def model(tmp_path):
    return shutil.copytree(EMBEDDED, tmp_path / "model")


def test_an_onnx_folder_is_a_setting(tmp_path, model, minilm):
    found = encoder_of(setting(tmp_path, f"onnx:{model.name}"))
    assert np.array_equal(found.encode(["liver"]), minilm.encode(["liver"]))
    assert np.array_equal(
        encoder_of(setting(tmp_path, f"sentence-transformers:{model}")).encode(["a"]), found.encode(["a"])
    )


def test_a_changed_model_is_refused(model):
    tokenizer = model / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text() + " ")
    with pytest.raises(ResponsaError, match=r"tokenizer\.json: is not the file that SHA256SUMS tells of"):
        Onnx(model)


@pytest.mark.parametrize(
    ("file", "told"), [("model.onnx", "is no ONNX graph"), ("tokenizer.json", "is no tokenizer")]
)  # fmt: skip
def test_a_broken_model_is_a_plain_error(model, file, told):
    (model / "SHA256SUMS").unlink()
    (model / file).write_bytes(b"garbage")
    with pytest.raises(ResponsaError, match=told):
        Onnx(model)


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(UsageError, match="holds no encoder"):
        Onnx(tmp_path)
    with pytest.raises(UsageError, match="none: no such folder"):
        encoder_of(setting(tmp_path, "onnx:none"))


def test_an_unknown_kind_is_an_error_of_the_settings(tmp_path):
    with pytest.raises(ConfigError, match=r"responsa\.toml:2: `index\.encoder`: expected `minilm`"):
        setting(tmp_path, "gpt")


def static(folder, kind=np.float32, name="embeddings"):
    """A model2vec folder: one vector a token of the embedded tokenizer."""
    folder.mkdir()
    shutil.copyfile(EMBEDDED / "tokenizer.json", folder / "tokenizer.json")
    table = (np.random.default_rng(1).standard_normal((30522, 8)) * 20).astype(kind)
    tag = {np.float32: "F32", np.float16: "F16", np.int8: "I8"}[kind]
    head = json.dumps({name: {"dtype": tag, "shape": table.shape, "data_offsets": [0, table.nbytes]}}).encode()
    (folder / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + table.tobytes())
    return folder


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.int8])
def test_static_vectors_are_the_mean_of_their_words(tmp_path, kind):
    static(tmp_path / "s", kind)
    found = encoder_of(setting(tmp_path, "static:s"))
    liver, cancer, both, none = found.encode(["liver", "cancer", "liver cancer", ""])
    assert found.dims == 8
    assert abs(both @ liver) <= 1.00001
    assert both @ (liver + cancer) > liver @ cancer
    assert not none.any()


def test_a_static_table_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ResponsaError, match="holds no tensor `embeddings`"):
        Static(static(tmp_path / "s", name="other"))


@pytest.mark.usefixtures("tmp_path")
def test_sentence_transformers_must_be_installed(tmp_path, monkeypatch):
    monkeypatch.setattr("responsa.index.encoders.find_spec", lambda _: None)
    with pytest.raises(UsageError, match="pip install sentence-transformers"):
        encoder_of(setting(tmp_path, "sentence-transformers:some/model"))


class Model:
    def __init__(self, name):
        if name == "none":
            raise OSError("no such model")

    def get_sentence_embedding_dimension(self):
        return 3

    def encode(self, texts, batch_size, show_progress_bar):
        assert (batch_size, show_progress_bar) == (1, False)
        return np.array([[len(text), 1, 0] for text in texts], np.float32)


def test_a_model_of_sentence_transformers_is_a_setting(tmp_path, monkeypatch):
    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = Model
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    monkeypatch.delitem(sys.modules, "responsa.index.transformers", raising=False)
    monkeypatch.setattr("responsa.index.encoders.find_spec", lambda _: True)
    found = encoder_of(setting(tmp_path, "sentence-transformers:some/model"))
    assert (found.name, found.dims, found.encode([]).shape) == ("st-some-model", 3, (0, 3))
    assert found.encode(["a"])[0].tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0])
    with pytest.raises(ResponsaError, match="none: is no model"):
        encoder_of(setting(tmp_path, "sentence-transformers:none"))


@pytest.fixture
def server():
    """An endpoint that gives [length, 1] for a text, after the answers queued in ``broken``."""
    seen, broken = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append((self.path, self.headers.get("Authorization"), body))
            status, reply = broken.pop(0) if broken else (200, None)
            rows = [{"index": at, "embedding": [len(text), 1.0]} for at, text in enumerate(body["input"])]
            data = json.dumps({"data": rows[::-1]}).encode() if reply is None else reply
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    found = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{found.server_port}/v1", seen, broken
    found.shutdown()
    thread.join()
    found.server_close()


def test_an_endpoint_is_a_setting_and_its_key_comes_from_the_environment(tmp_path, server, monkeypatch):
    base, seen, _ = server
    monkeypatch.setenv(KEY, "secret")
    found = encoder_of(setting(tmp_path, base, "m"))
    assert found.encode(["abc", ""])[0].tolist() == pytest.approx([3 / 10**0.5, 1 / 10**0.5])
    assert seen[-1] == ("/v1/embeddings", "Bearer secret", {"model": "m", "input": ["abc", " "]})
    assert (found.dims, found.encode([]).shape, "secret" in found.name) == (2, (0, 2), False)


def test_many_texts_go_in_batches(server):
    base, seen, _ = server
    assert Endpoint(base, "m").encode(["x"] * 130).shape == (130, 2)
    assert [len(body["input"]) for *_, body in seen[1:]] == [64, 64, 2]


def test_a_busy_endpoint_is_asked_again(server):
    base, _, broken = server
    broken += [(429, b""), (503, b"")]
    waited = []
    assert Endpoint(base, "m", wait=waited.append).dims == 2
    assert waited == [0.25, 0.5]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((401, b""), "answered with status 401"),
        ((302, b""), "answered with status 302"),
        ((200, b"garbage"), "gave no embeddings"),
        ((200, b'{"data": []}'), "gave 0 embeddings for 1 texts"),
        ((200, b'{"data": [{"index": 0, "embedding": [1e999, 1]}]}'), "embeddings"),
    ],
)
def test_an_endpoint_that_fails_is_named(server, reply, told):
    base, _, broken = server
    broken += [reply]
    with pytest.raises(ResponsaError, match=told):
        Endpoint(base, "m")


def test_an_endpoint_that_is_not_there_is_named():
    with pytest.raises(ResponsaError, match="does not answer"):
        Endpoint("http://127.0.0.1:9/v1", "m", wait=lambda _: None)


@pytest.mark.parametrize(
    ("base", "model", "told"),
    [("ftp://x", "m", "expected an address"), ("http://example.org", "m", "only to https"), ("https://x", "", "model")],
)
def test_an_address_that_cannot_be_meant_is_refused(base, model, told):
    with pytest.raises(UsageError, match=told):
        Endpoint(base, model)

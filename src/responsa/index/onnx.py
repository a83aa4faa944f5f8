"""A sentence encoder in a folder: an ONNX graph with its tokenizer, as sentence-transformers exports it."""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from responsa.errors import ResponsaError, UsageError
from responsa.index.encoder import Floats, unit
from responsa.shards import cores

EMBEDDED: Final = Path(__file__).parent / "model"
"""all-MiniLM-L6-v2 as int8, made by tools/make_encoder.py."""
TOKENS: Final = 128
_RANK_OF_TOKENS: Final = 3
_GRAPHS: Final = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")


class Onnx:
    """Runs the graph a text at a time, on as many threads as there are processors.

    Int8 graphs scale activations by the largest value of a whole batch, so a text encoded in company gets another
    vector than alone. A batch of one costs nothing here: no padding makes up for it.
    """

    def __init__(self, folder: Path = EMBEDDED, threads: int | None = None) -> None:
        graph, tokenizer = _graph(folder), folder / "tokenizer.json"
        if not tokenizer.is_file():
            raise UsageError(f"{tokenizer}: no such file; an encoder's folder holds model.onnx and tokenizer.json")
        self._tokenizer: Any = _tokenizer(tokenizer, _tokens(folder))
        self._session: Any = _session(graph)
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self._first_token = _pools_first_token(folder)
        self.threads = threads or cores()
        self.name = f"{folder.name}-{_digest(graph, tokenizer)}"
        self.dims = int(self.encode(["?"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, a row a text."""
        if not texts:
            return np.zeros((0, self.dims), np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        if len(tokens) == 1 or self.threads == 1:
            return unit(np.stack([self._vector(ids) for ids in tokens]))
        with ThreadPoolExecutor(self.threads) as pool:
            return unit(np.stack(list(pool.map(self._vector, tokens))))

    def _vector(self, ids: list[int]) -> Floats:
        row = np.array([ids], np.int64)
        values = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        found = self._session.run(None, {name: values[name] for name in self._inputs})[0]
        if found.ndim < _RANK_OF_TOKENS:
            return np.asarray(found[0], np.float32)
        return np.asarray(found[0, 0] if self._first_token else found[0].mean(axis=0), np.float32)


def _graph(folder: Path) -> Path:
    for name in _GRAPHS:
        if (folder / name).is_file():
            return folder / name
    raise UsageError(f"{folder}: holds no encoder; expected model.onnx and tokenizer.json there")


def _session(graph: Path) -> Any:  # noqa: ANN401 - the library is untyped
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ResponsaError(f"{graph}: is no ONNX graph that can be run: {error}") from error


def _tokenizer(path: Path, tokens: int) -> Any:  # noqa: ANN401 - the library is untyped
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise ResponsaError(f"{path}: is no tokenizer: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(tokens)
    return tokenizer


def _tokens(folder: Path) -> int:
    """How much of a text the encoder reads, in tokens."""
    for name, key in (("encoder.json", "tokens"), ("sentence_bert_config.json", "max_seq_length")):
        value = _json(folder / name).get(key)
        if isinstance(value, int) and value > 1:
            return min(value, 512)
    return TOKENS


def _pools_first_token(folder: Path) -> bool:
    return bool(_json(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token"))


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(*paths: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()

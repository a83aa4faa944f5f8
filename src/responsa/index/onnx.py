"""A sentence encoder in a folder: an ONNX graph with its tokenizer, as sentence-transformers exports it."""

import hashlib
import json
import re
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
TOGETHER: Final = 320
"""Tokens run at once: more of them no longer fit the processor's cache."""
FEW: Final = 4
"""Batches from which starting threads pays."""
_RANK_OF_TOKENS: Final = 3
_GRAPHS: Final = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")


class Onnx:
    """Runs texts of equal length together, on as many threads as there are processors.

    No padding, so nothing of a text's company reaches it. Where a graph does not promise (``alone`` in encoder.json)
    that its rows are quantised one by one, texts run singly: most int8 graphs scale by the largest value of a batch.
    """

    def __init__(self, folder: Path = EMBEDDED, threads: int | None = None) -> None:
        graph, tokenizer = _graph(folder), folder / "tokenizer.json"
        if not tokenizer.is_file():
            raise UsageError(f"{tokenizer}: no such file; an encoder's folder holds model.onnx and tokenizer.json")
        _verify(folder, graph, tokenizer)
        self._tokenizer: Any = _tokenizer(tokenizer, _tokens(folder))
        self._session: Any = _session(graph)
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self._first_token = _pools_first_token(folder)
        self._together = TOGETHER if _json(folder / "encoder.json").get("alone") is True else 1
        self.threads = threads or cores()
        self.name = f"{plain_name(folder.name)}-{_digest(graph, tokenizer)}"
        self.dims = int(self._vectors([[0]]).shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, a row a text."""
        if len(texts) == 1:
            # A query: nothing to sort or to share out.
            return unit(self._vectors([self._tokenizer.encode(texts[0]).ids]))
        vectors = np.zeros((len(texts), self.dims), np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        batches = _batches([len(ids) for ids in tokens], self._together)

        def run(batch: list[int]) -> None:
            vectors[batch] = self._vectors([tokens[at] for at in batch])

        if len(batches) < FEW or self.threads == 1:
            for batch in batches:
                run(batch)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(run, batches))
        return unit(vectors)

    def _vectors(self, tokens: list[list[int]]) -> Floats:
        rows = np.array(tokens, np.int64)
        values = {"input_ids": rows, "attention_mask": np.ones_like(rows), "token_type_ids": np.zeros_like(rows)}
        found = self._session.run(None, {name: values[name] for name in self._inputs})[0]
        if found.ndim < _RANK_OF_TOKENS:
            return np.asarray(found, np.float32)
        return np.asarray(found[:, 0] if self._first_token else found.mean(axis=1), np.float32)


def _batches(lengths: list[int], together: int) -> list[list[int]]:
    """Positions of texts of one length, at most so many tokens in all but at least one text, longest first."""
    alike: dict[int, list[int]] = {}
    for position, length in enumerate(lengths):
        alike.setdefault(length, []).append(position)
    batches: list[list[int]] = []
    for length in sorted(alike, reverse=True):
        size = max(1, together // max(1, length))
        batches += [alike[length][at : at + size] for at in range(0, len(alike[length]), size)]
    return batches


def _verify(folder: Path, *paths: Path) -> None:
    """Raises where a file is not the one that the folder's checksums name."""
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        return
    lines = (line.split() for line in sums.read_text(encoding="utf-8").splitlines() if line.strip())
    told = {name: digest for digest, name in lines}
    for path in paths:
        expected = told.get(str(path.relative_to(folder)))
        if expected and hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise ResponsaError(f"{path}: is not the file that {sums.name} tells of; install Responsa again")


def plain_name(name: str) -> str:
    """A folder's name as part of a file's."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", name)[-40:].strip("-.") or "encoder"


def has_graph(folder: Path) -> bool:
    """Whether the folder holds what ``Onnx`` runs."""
    return (folder / "tokenizer.json").is_file() and any((folder / name).is_file() for name in _GRAPHS)


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

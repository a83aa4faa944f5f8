"""Static vectors: a text is the mean of its tokens' vectors, as model2vec distils them. Fastest, and least exact."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from tokenizers import Tokenizer

from responsa.errors import ResponsaError
from responsa.index.encoder import Floats, unit

_TYPES: Final = {"F32": np.float32, "F16": np.float16, "I8": np.int8}
_LENGTH = 8


class Static:
    """The vectors of a folder with ``model.safetensors`` (tensor ``embeddings``) and ``tokenizer.json``."""

    def __init__(self, folder: Path) -> None:
        table = folder / "model.safetensors"
        self._vectors = _embeddings(table)
        tokens = folder / "tokenizer.json"
        try:
            self._tokenizer: Any = Tokenizer.from_file(str(tokens))
        except Exception as error:
            raise ResponsaError(f"{tokens}: is no tokenizer: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.dims = int(self._vectors.shape[1])
        self.name = f"static-{hashlib.blake2b(table.read_bytes(), digest_size=6).hexdigest()}"

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, a row a text; a text without a known token is a row of zeros."""
        rows = np.zeros((len(texts), self.dims), np.float32)
        for row, encoding in zip(
            rows, self._tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True
        ):
            known = [token for token in encoding.ids if token < len(self._vectors)]
            if known:
                row[:] = self._vectors[known].astype(np.float32).mean(axis=0)
        return unit(rows)


def _embeddings(path: Path) -> Any:  # noqa: ANN401 - float or int8, by the file
    """The tensor, memory-mapped. The format: header length as u64, JSON header, data."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_LENGTH), "little")
            entry = json.loads(file.read(length))["embeddings"]
        shape, start = entry["shape"], _LENGTH + length + entry["data_offsets"][0]
        return np.memmap(path, _TYPES[entry["dtype"]], "r", start, tuple(shape))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResponsaError(f"{path}: holds no tensor `embeddings` that can be read: {error}") from error

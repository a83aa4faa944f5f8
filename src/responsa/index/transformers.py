"""An encoder of the library sentence-transformers, by its name or folder."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer

from responsa.errors import ResponsaError
from responsa.index.encoder import Floats, unit
from responsa.index.onnx import plain_name


class Transformers:
    """Runs texts one by one: padding in company would change the last digits of a vector."""

    def __init__(self, name: str) -> None:
        try:
            self._model: Any = SentenceTransformer(name)
        except Exception as error:
            raise ResponsaError(f"{name}: is no model that sentence-transformers can load: {error}") from error
        self.name = f"st-{plain_name(name)}"
        self.dims = int(self._model.get_sentence_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, a row a text."""
        if not texts:
            return np.zeros((0, self.dims), np.float32)
        return unit(np.asarray(self._model.encode(list(texts), batch_size=1, show_progress_bar=False), np.float32))

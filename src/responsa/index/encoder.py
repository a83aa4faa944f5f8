"""What turns a text into a vector of its meaning."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TINY: Final = 1e-12


class Encoder(Protocol):
    """Any sentence encoder. ``name`` changes whenever its vectors would; ``dims`` is their length.

    The vector of a text must depend on that text alone, not on what else is encoded with it: an index that is
    brought up to date then equals one made anew.
    """

    name: str
    dims: int

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape ``(len(texts), dims)``."""
        ...


def unit(vectors: Floats) -> Floats:
    """Rows scaled to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, TINY), np.float32)

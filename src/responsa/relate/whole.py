"""Whole numbers in floats: sums of their products are exact, so they are the same in any order and on any machine.

What is compared anew after an edit must give, to the last bit, what comparing everything gives. Sums of fractions do
not: they depend on the size of the block and on the processor.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

EXACT: Final = 1 << 24
"""Below this, 32-bit floats hold every whole number."""
SPARE: Final = 0.97
"""Of it that is used: rounding can make a vector a little longer than it should be."""


def side(*weights: float) -> float:
    """How long vectors may be so that what is summed of them, weighed like this, stays exact."""
    return float(int((EXACT * SPARE / sum(weights)) ** 0.5))


def whole(vectors: Floats, length: float) -> Floats:
    """Unit vectors as vectors of about ``length``, in whole numbers. An error of 0.0002 in a cosine, at 2,600."""
    return np.asarray(np.rint(vectors * np.float32(length)), np.float32)

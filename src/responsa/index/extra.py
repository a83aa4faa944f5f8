"""Whether the parts that searching needs are installed; imports none of them."""

from importlib.util import find_spec
from typing import Final

from responsa.errors import MissingExtraError

PARTS: Final = ("numpy", "onnxruntime", "simsimd", "Stemmer", "tokenizers")


def required() -> None:
    """Raises ``MissingExtraError`` where the extra ``search`` is not installed. Called before anything heavy."""
    for part in PARTS:
        if find_spec(part) is None:
            raise MissingExtraError(f"{part}, which searching needs,", "search")

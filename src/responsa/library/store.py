"""An article as bytes, so that no command parses a file again that has not changed."""

from pathlib import PurePosixPath
from typing import Any, Final

import msgspec

from responsa.article import Article


def _plain(value: Any) -> str:  # noqa: ANN401 - msgspec's hook
    if isinstance(value, PurePosixPath):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} is no value of a record")


def _path(_kind: Any, value: Any) -> PurePosixPath:  # noqa: ANN401 - msgspec's hook
    return PurePosixPath(value)


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_plain)
_DECODER: Final = msgspec.msgpack.Decoder(Article, dec_hook=_path)


def packed(article: Article) -> bytes | None:
    """The article as MessagePack; ``None`` where it holds what that cannot say (half a surrogate, a huge integer)."""
    try:
        return _ENCODER.encode(article)
    except (UnicodeEncodeError, OverflowError, NotImplementedError, ValueError, TypeError):
        return None


def unpacked(data: bytes) -> Article:
    """The article that ``packed`` gave. Raises ``msgspec.DecodeError`` for other bytes."""
    return _DECODER.decode(data)

"""``sources/_retracted.json``: which cited works were withdrawn, for files that cannot say so themselves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import structs

from responsa.article import Source
from responsa.evidence.readers.found import SourceError
from responsa.evidence.remote.identifier import identifiers

NAME: Final = "_retracted.json"
"""Beside the sources; a name that opens with a line is no source."""


def read_retractions(folder: Path) -> dict[str, str]:
    """`pmid:1` or `doi:10.1000/x` with the notice that withdrew it. Raises ``SourceError`` for a damaged file."""
    file = folder / NAME
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"expected one JSON object of texts: {error}") from error


def encode(retractions: Mapping[str, str]) -> bytes:
    """In the order of numbers, one a line."""
    held = dict(sorted(retractions.items()))
    return msgspec.json.format(msgspec.json.encode(held), indent=2) + b"\n"


def marked(meta: Source, retractions: Mapping[str, str]) -> Source:
    """The source, retracted where a number of it is named."""
    if meta.retracted or not retractions:
        return meta
    named = any(str(one) in retractions for one in identifiers(meta))
    return structs.replace(meta, retracted=True) if named else meta

"""The encoder that the settings name."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from responsa.errors import UsageError
from responsa.index.encoder import Encoder
from responsa.index.hub import fetched
from responsa.library.library import Library

KEY: Final = "RESPONSA_ENCODER_KEY"
"""The environment variable with an endpoint's key: no file and no message holds it."""


def encoder_of(library: Library) -> Encoder:
    """What ``[index] encoder`` of responsa.toml names: ``minilm``, one of the kinds of model below, or a url."""
    setting, model = library.config.index.encoder, library.config.index.model
    if setting.startswith(("http://", "https://")):
        from responsa.index.endpoint import Endpoint  # noqa: PLC0415 - parts of an extra, loaded where they are wanted

        return Endpoint(setting, model, os.environ.get(KEY, ""))
    kind, _, name = setting.partition(":")
    return _KINDS[kind](library.folder, name)


def _minilm(_: Path, __: str) -> Encoder:
    from responsa.index.onnx import Onnx  # noqa: PLC0415

    return Onnx()


def _onnx(folder: Path, name: str) -> Encoder:
    from responsa.index.onnx import Onnx  # noqa: PLC0415

    return Onnx(_folder(folder, name))


def _hub(_: Path, name: str) -> Encoder:
    from responsa.index.onnx import Onnx  # noqa: PLC0415

    return Onnx(fetched(name))


def _static(folder: Path, name: str) -> Encoder:
    from responsa.index.static import Static  # noqa: PLC0415

    return Static(_folder(folder, name))


def _sentence_transformers(folder: Path, name: str) -> Encoder:
    """A folder of sentence-transformers runs by its ONNX graph where it has one; a name needs the library itself."""
    from responsa.index.onnx import Onnx, has_graph  # noqa: PLC0415

    local = folder / Path(name).expanduser()
    if local.is_dir() and has_graph(local):
        return Onnx(local)
    if find_spec("sentence_transformers") is None:
        raise UsageError("sentence-transformers is not installed: pip install sentence-transformers")
    from responsa.index.transformers import Transformers  # noqa: PLC0415

    return Transformers(str(local) if local.is_dir() else name)


def _folder(library: Path, name: str) -> Path:
    path = library / Path(name).expanduser()
    if not path.is_dir():
        raise UsageError(f"{path}: no such folder; `index.encoder` in responsa.toml names it")
    return path


_KINDS: Final[dict[str, Callable[[Path, str], Encoder]]] = {
    "minilm": _minilm,
    "onnx": _onnx,
    "hub": _hub,
    "static": _static,
    "sentence-transformers": _sentence_transformers,
}

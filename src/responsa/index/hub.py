"""A model by its name on the Hugging Face hub: its ONNX graph and what belongs to it, fetched once and kept.

What is kept is used without asking again, so that a run says the same tomorrow; `@REVISION` names one version for good.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from responsa.errors import MissingExtraError, ResponsaError, UsageError

GRAPHS: Final = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
"""Where a repository keeps its graph; the first that is there is taken."""
BESIDE: Final = ("tokenizer.json", "config.json")
OPTIONAL: Final = ("sentence_bert_config.json", "1_Pooling/config.json")
"""What some sentence encoders say of themselves."""
_NAME: Final = re.compile(r"[\w.-]+/[\w.-]+(?:@[\w./-]+)?")


def fetched(name: str) -> Path:
    """The folder of the model ``OWNER/NAME`` or ``OWNER/NAME@REVISION``.

    Raises ``UsageError`` for what is no such name, ``MissingExtraError`` without the extra ``hub``, ``ResponsaError``
    where the hub does not answer or has no ONNX graph of the model.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        raise UsageError(f"hub:{name}: expected hub:OWNER/NAME or hub:OWNER/NAME@REVISION")
    if find_spec("huggingface_hub") is None:
        raise MissingExtraError("huggingface_hub, which fetches models by name,", "hub")
    model, _, revision = name.partition("@")
    return _kept(model, revision or None) or _loaded(model, revision or None)


def is_whole(folder: Path) -> bool:
    """Whether a folder holds a graph and what belongs to it."""
    return any((folder / graph).is_file() for graph in GRAPHS) and all((folder / one).is_file() for one in BESIDE)


def _kept(model: str, revision: str | None) -> Path | None:
    beside = _hub().try_to_load_from_cache(model, BESIDE[0], revision=revision)
    folder = Path(beside).parent if isinstance(beside, str) else None
    return folder if folder and is_whole(folder) else None


def _loaded(model: str, revision: str | None) -> Path:
    hub = _hub()
    try:
        listed = hub.HfApi().list_repo_files(model, revision=revision)
        wanted = _wanted(listed)
        folder = Path(hub.snapshot_download(model, revision=revision, allow_patterns=wanted)) if wanted else None
    except Exception as error:
        said = " ".join(str(error).split())[:300]
        raise ResponsaError(f"hub:{model}: cannot be fetched: {type(error).__name__}: {said}") from error
    if folder is None or not is_whole(folder):
        needed = f"{GRAPHS[0]} or {GRAPHS[1]}, with {' and '.join(BESIDE)}"
        raise ResponsaError(f"hub:{model}: has no {needed}; export the model to ONNX and use onnx:FOLDER")
    return folder


def _wanted(listed: Iterable[str]) -> list[str]:
    """The files to fetch: of several graphs one, with the weights that lie beside a large one."""
    there = set(listed)
    graph = next((one for one in GRAPHS if one in there), None)
    return [one for one in (graph, f"{graph}_data", *BESIDE, *OPTIONAL) if one in there] if graph else []


def _hub() -> Any:  # noqa: ANN401 - part of an extra, loaded where it is wanted
    return import_module("huggingface_hub")

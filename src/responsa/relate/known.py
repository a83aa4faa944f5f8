"""What relating worked out last time: derived, disposable, sealed, brought up to date where articles changed.

Arrays in a folder that one small file names; renaming that file into place is the only commit. A kill leaves the last
whole state; what is damaged or made by another version or encoder is made again.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from responsa.errors import ResponsaError
from responsa.index import seal
from responsa.library.lock import private
from responsa.relate.nearest import Pools
from responsa.relate.neighbours import Neighbours
from responsa.relate.questions import Questions
from responsa.relate.rank import Order
from responsa.relate.roll import Hashes, Roll

FOLDER: Final = "related"
NAME: Final = "state.json"
VERSION: Final = 8
_POOLS: Final = ("rows", "scores", "sure")
_ORDER: Final = ("best", "worth")


class Known(Struct, frozen=True):
    """``stamp`` is the catalogue's when it was worked out; ``marks`` say what each row was compared by."""

    stamp: str
    roll: Roll
    questions: Questions
    marks: Hashes
    found: Neighbours


class _State(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    encoder: str
    stamp: str
    folder: str
    seals: seal.Seals


def load(folder: Path, encoder: str) -> Known | None:
    """What is kept of the library in ``folder``, if it is whole and made with this encoder."""
    home = private(folder) / FOLDER
    with suppress(OSError, ValueError, KeyError, TypeError):
        state = msgspec.json.decode(seal.committed(home / NAME), type=_State)
        if (state.version, state.encoder) == (VERSION, encoder):
            return _known(state.stamp, seal.load(home / state.folder, state.seals))
    return None


def save(folder: Path, encoder: str, known: Known) -> None:
    """Keep it; a kill leaves the old state or the new one."""
    home = private(folder) / FOLDER
    try:
        if home.is_symlink():
            raise ResponsaError(f"{home}: is a link; remove it")
        home.mkdir(exist_ok=True)
        name = _unused(home)
        seals = seal.save(home / name, _arrays(known))
        seal.commit(home / NAME, msgspec.json.encode(_State(VERSION, encoder, known.stamp, name, seals)))
    except OSError as error:
        raise ResponsaError(f"{home}: cannot be written: {error.strerror}") from error
    for path in home.iterdir():
        # What another process has mapped stays readable to it.
        if path.name not in {NAME, name}:
            shutil.rmtree(path, ignore_errors=True)


def _unused(home: Path) -> str:
    taken = [int(path.name) for path in home.iterdir() if path.name.isdecimal()]
    return str(max(taken, default=0) + 1)


def _arrays(known: Known) -> dict[str, NDArray[Any]]:
    found = known.found
    kept: dict[str, NDArray[Any]] = {"marks": known.marks}
    kept |= {f"page_{name}": values for name, values in known.roll.arrays().items()}
    kept |= {f"question_{name}": values for name, values in known.questions.arrays().items()}
    kept |= {f"pool_{name}": getattr(found.kept, name) for name in _POOLS}
    return kept | {f"order_{name}": getattr(found.order, name) for name in _ORDER}


def _known(stamp: str, arrays: Mapping[str, NDArray[Any]]) -> Known:
    """From what was kept. Raises where parts are missing or do not fit together."""

    def part(kind: str) -> dict[str, NDArray[Any]]:
        return {name.removeprefix(kind): values for name, values in arrays.items() if name.startswith(kind)}

    questions, kept = Questions(**part("question_")), Pools(**part("pool_"))
    found = Neighbours(kept, Order(**part("order_")))
    lengths = {len(questions), len(arrays["marks"]), len(kept.rows), len(found.order.best), len(found.order.worth)}
    if len(lengths) > 1 or len(questions.start) != len(questions) + 1:
        raise ValueError("the parts of what relating keeps do not fit together")
    return Known(stamp, Roll(part("page_")), questions, np.asarray(arrays["marks"]), found)

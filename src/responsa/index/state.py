"""What the index is now: one small file that names the others. Renaming it into place is the only commit."""

import shutil
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from responsa.errors import ResponsaError
from responsa.index.seal import Seals, commit, committed

NAME: Final = "state.json"


class State(Struct, frozen=True, forbid_unknown_fields=True):
    """``made_by`` tells version, encoder and language apart; ``stamp`` is the catalogue's.

    ``words`` are the segments by folder, oldest first; ``deep``: every listed answer has a vector.
    """

    made_by: str = ""
    stamp: str = ""
    words: dict[str, Seals] = {}
    view: dict[str, Seals] = {}
    documents: dict[str, Seals] = {}
    shelves: list[str] = []
    next: int = 1
    deep: bool = False

    @property
    def folders(self) -> set[str]:
        """All that is in use."""
        return {*self.words, *self.view, *self.documents}


def kept(folder: Path) -> State:
    """The state in ``folder``; an empty one where there is none or what is there is damaged."""
    try:
        return msgspec.json.decode(committed(folder / NAME), type=State)
    except (OSError, ValueError):
        return State()


def keep(folder: Path, state: State) -> None:
    """Make ``state`` the one that counts, durably."""
    try:
        commit(folder / NAME, msgspec.json.encode(state))
    except OSError as error:
        raise ResponsaError(f"{folder / NAME}: cannot be written: {error.strerror}") from error


def unused(folder: Path, kind: str) -> Path:
    """A folder name that nothing has yet."""
    taken = [int(path.name.rpartition("-")[2]) for path in folder.glob(f"{kind}-*") if path.name[-1:].isdecimal()]
    return folder / f"{kind}-{max(taken, default=0) + 1}"


def tidy(folder: Path, state: State) -> None:
    """Remove what ``state`` does not name. What other processes have mapped stays readable to them."""
    for kind in ("words", "view", "documents"):
        for path in folder.glob(f"{kind}-*"):
            if path.name not in state.folders:
                shutil.rmtree(path, ignore_errors=True)

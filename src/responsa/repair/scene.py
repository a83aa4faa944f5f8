"""What a rule of repair looks at: a library as its files are now."""

from collections.abc import Callable

from msgspec import Struct

from responsa.library.catalogue import Catalogue
from responsa.library.library import Library

Progress = Callable[[int, int], None]


def silent(_done: int, _all: int) -> None:
    """Tells nobody how far it is."""


class Scene(Struct, frozen=True):
    """``subject``: the slug of the only shelf to be mended, or nothing for all."""

    library: Library
    catalogue: Catalogue
    subject: str = ""
    progress: Progress = silent

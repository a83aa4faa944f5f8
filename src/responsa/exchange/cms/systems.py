"""The systems that there are configurations for."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from responsa.errors import UsageError
from responsa.exchange.cms import cloudcannon, decap
from responsa.exchange.cms.keys import Keys, complete, scan
from responsa.exchange.exports.place import whole_file
from responsa.library.create import New
from responsa.library.library import Library

SYSTEMS: Final[dict[str, Callable[[Keys, Library], list[New]]]] = {
    "cloudcannon": cloudcannon.files,
    "decap": decap.files,
    "sveltia": decap.files,
}


def write(library: Library, system: str, *, force: bool) -> tuple[list[Path], Keys]:
    """The files of the configuration, and the keys they name. Nothing is written where one of them is there already."""
    if system not in SYSTEMS:
        raise UsageError(f"--cms {system}: no such system; known are {', '.join(SYSTEMS)}")
    found = complete(scan(library), library)
    made = SYSTEMS[system](found, library)
    targets = [library.folder / one.path for one in made]
    if not force and (there := [target for target in targets if target.exists()]):
        raise UsageError(f"{there[0]}: is there already; --force replaces it")
    for target, one in zip(targets, made, strict=True):
        if not target.parent.resolve().is_relative_to(library.folder.resolve()):
            raise UsageError(f"{target}: a link leads out of the library; nothing was written")
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target, force=force) as half:
            half.write_bytes(one.data)
    return targets, found

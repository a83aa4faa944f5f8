"""What mends one thing in a library: edits, and files that may go once the edits are written."""

from pathlib import PurePosixPath

from msgspec import Struct

from responsa.article import Edit, Url


class Repair(Struct, frozen=True):
    """``about`` is the article it is for; ``note`` says in a sentence what is done."""

    about: Url
    note: str
    edits: tuple[Edit, ...]
    gone: tuple[PurePosixPath, ...] = ()

"""What check says: one thing that is wrong, where, and the edit that mends it where only one is right."""

from enum import Enum
from pathlib import PurePosixPath

from msgspec import Struct

from responsa.article import Edit


class Severity(Enum):
    """How bad a problem is for a reader of the published page."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 is worst."""
        return list(Severity).index(self)


class Problem(Struct, frozen=True):
    """One thing wrong at ``path:line``. ``edit`` is there where one repair is right without asking anybody."""

    rule: str
    path: PurePosixPath
    line: int
    message: str
    severity: Severity
    edit: Edit | None = None
    url: str = ""

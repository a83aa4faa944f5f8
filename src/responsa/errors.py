"""What can go wrong, as a tree.

    ResponsaError
    ├── UsageError            the command line or an argument cannot be meant        exit 2
    │   └── ConfigError       responsa.toml: unknown key, wrong type                 exit 2
    ├── UnreadableError       a file that should be a record is none                 exit 3
    ├── EditError             an edit that cannot be carried out without harm        exit 3
    ├── LockedError           another command is writing this library                exit 3
    ├── GitError              Git refuses what it was asked                          exit 3
    └── MissingExtraError     a part that is not installed; names the extra          exit 2

Every message says where, what is wrong and what to do, in one sentence or two, without a traceback:
``medicine/liver.md:1: expected front matter between two lines of ---``.
"""

from pathlib import PurePath


class ResponsaError(Exception):
    """Anything that Responsa reports to a person. ``exit_code`` is what a command ends with."""

    exit_code = 3


class UsageError(ResponsaError):
    """The command line or an argument cannot be meant."""

    exit_code = 2


class ConfigError(UsageError):
    """``responsa.toml`` says something that cannot be meant."""


class UnreadableError(ResponsaError):
    """A file that should be a record is none. Carries ``path``, ``line`` (from 1) and ``problem``."""

    def __init__(self, path: PurePath | None, line: int, problem: str) -> None:
        self.path = path
        self.line = line
        self.problem = problem
        super().__init__(f"{path or '<text>'}:{line}: {problem}")

    def __reduce__(self) -> tuple[type["UnreadableError"], tuple[PurePath | None, int, str]]:
        # Raised in worker processes: the default would pickle the message as the only argument.
        return type(self), (self.path, self.line, self.problem)


class EditError(ResponsaError):
    """An edit that cannot be carried out without touching more than it means to."""


class LockedError(ResponsaError):
    """Another command is writing this library."""


class GitError(ResponsaError):
    """Git is missing or refuses; the message holds what it said."""


class MissingExtraError(UsageError):
    """A part that is not installed. The message names the extra and the command that installs it."""

    def __init__(self, part: str, extra: str) -> None:
        self.part, self.extra = part, extra
        super().__init__(f"{part} is not installed: pip install 'responsa[{extra}]'")

    def __reduce__(self) -> tuple[type["MissingExtraError"], tuple[str, str]]:
        return type(self), (self.part, self.extra)

"""One article as a rule sees it, and how a rule says what it found."""

import datetime
from collections.abc import Callable
from pathlib import PurePosixPath

from msgspec import Struct

from responsa.article import Absent, Article, Edit, Url, Value
from responsa.check.problem import Problem
from responsa.check.rules import RULES
from responsa.library.card import Card
from responsa.library.config import Config
from responsa.library.subjects import SubjectInfo, Subjects


class Case(Struct, frozen=True):
    """``known`` are the articles that related links lead to, ``moved`` earlier addresses, ``shelves`` by slug.

    ``line`` tells where a key of the file stands.
    """

    path: PurePosixPath
    article: Article
    config: Config
    subjects: Subjects
    shelves: dict[str, SubjectInfo]
    known: dict[Url, Card]
    moved: dict[str, str]
    today: datetime.date
    line: Callable[[str], int]

    def found(self, rule: str, field: str, message: str, edit: Edit | None = None) -> Problem:
        """The problem at the line of ``field`` (Responsa's name of a key)."""
        line = self.line(self.config.layout.key(field))
        return Problem(rule, self.path, line, message, RULES[rule].severity, edit, self.article.url)

    def edit(self, field: str, after: Value | Absent, reason: str) -> Edit:
        """A repair of this article."""
        return Edit(self.article.url, field, after, reason)

    def states(self, field: str) -> bool:
        """Whether the file itself holds something under ``url``, ``question`` or ``subject``."""
        return field not in self.article.unstated

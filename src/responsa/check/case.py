"""One article as a rule sees it, and how a rule says what it found."""

import datetime
from pathlib import PurePosixPath

from msgspec import Struct

from responsa.article import Absent, Article, Edit, Url, Value
from responsa.check.problem import Problem
from responsa.check.rules import RULES
from responsa.library.card import Card
from responsa.library.config import Config
from responsa.library.subjects import SubjectInfo, Subjects
from responsa.records.record import Record


class Case(Struct, frozen=True):
    """``known`` are the articles that related links lead to, ``moved`` earlier addresses, ``shelves`` by slug."""

    path: PurePosixPath
    record: Record
    article: Article
    config: Config
    subjects: Subjects
    shelves: dict[str, SubjectInfo]
    known: dict[Url, Card]
    moved: dict[str, str]
    today: datetime.date

    def found(self, rule: str, field: str, message: str, edit: Edit | None = None) -> Problem:
        """The problem at the line of ``field`` (Responsa's name of a key)."""
        line = self.record.line(self.config.layout.key(field))
        return Problem(rule, self.path, line, message, RULES[rule].severity, edit, self.article.url)

    def edit(self, field: str, after: Value | Absent, reason: str) -> Edit:
        """A repair of this article."""
        return Edit(self.article.url, field, after, reason)

    def states(self, field: str) -> bool:
        """Whether the file itself holds something under the key."""
        value: object = self.record.values
        for step in self.config.layout.key(field).split("."):
            value = value.get(step) if isinstance(value, dict) else None
        return value is not None and str(value).strip() != ""

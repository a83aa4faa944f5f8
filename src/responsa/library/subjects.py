"""Subjects: many spellings, one shelf."""

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from responsa.library.config import Subject
from responsa.library.urls import slugify


class SubjectInfo(Struct, frozen=True):
    """A shelf: its title, the last part of its page's address, and whether lists show it."""

    title: str
    slug: str
    listed: bool = True


class Subjects:
    """Which subject a spelling means. Case and punctuation never make another one."""

    def __init__(self, configured: Iterable[Subject]) -> None:
        self._by_fold: dict[str, SubjectInfo] = {}
        for subject in configured:
            info = SubjectInfo(subject.title, subject.slug or _slug(subject.title), subject.listed)
            for spelling in (subject.title, *subject.spellings):
                self._by_fold.setdefault(_slug(spelling), info)

    def of(self, spelling: str) -> SubjectInfo:
        """The subject that ``spelling`` means; one that no setting names has the spelling as its title."""
        slug = _slug(spelling)
        return self._by_fold.get(slug) or SubjectInfo(spelling.strip() or "Others", slug)

    def named(self, spelling: str, names: Iterable[str]) -> bool:
        """Whether one of ``names`` is the subject that ``spelling`` means."""
        slug = self.of(spelling).slug
        return any(self.of(name).slug == slug for name in names)

    def all(self) -> list[SubjectInfo]:
        """Those that the settings name, in their order."""
        return list(dict.fromkeys(self._by_fold.values()))


@lru_cache(maxsize=4096)
def _slug(spelling: str) -> str:
    return slugify(spelling) if spelling.strip() else "others"

"""The settings as they are read: every problem of the file is told at once, with its line."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from responsa.errors import ConfigError
from responsa.library.config import NAME, SECTIONS, Config, LayoutSettings, Subject
from responsa.library.guess import layout_of
from responsa.library.meanings import DERIVED, MEANINGS, anything, unknown
from responsa.library.toml_position import Step, line_of
from responsa.library.urls import slugify

_AT: Final = re.compile(r" - at `\$(?:\[\.\.\.\]|\[\d+\])?`$")
"""Where in a value msgspec found it, which the key and the value tell."""


def load(folder: Path) -> Config:
    """The settings of the library in ``folder``; its shape is guessed where they do not state it."""
    text = _text(folder / NAME)
    return parse(text, folder)


def parse(text: str, folder: Path, name: str = NAME) -> Config:
    """The settings that ``text`` states. Raises one ``ConfigError`` that lists all problems, a line each."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{name}: brackets within brackets too deep to be read") from error
    _refuse(text, name, _problems(raw))
    written = msgspec.convert(raw.pop("layout", {}), LayoutSettings)
    config = msgspec.convert(raw, Config)
    config = msgspec.structs.replace(config, layout=layout_of(written, folder))
    _refuse(text, name, _conflicts(config))
    return config


def _refuse(text: str, name: str, found: Iterable[tuple[tuple[Step, ...], str]]) -> None:
    """Raises where anything was found, with the line of each."""
    problems = sorted((line_of(text, path), problem) for path, problem in found)
    if problems:
        raise ConfigError("\n".join(f"{name}:{line}: {problem}" for line, problem in problems))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if path.is_symlink():
            raise ConfigError(f"{path}: is a link to nothing; mend or remove it") from None
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name}: not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def _problems(raw: dict[str, Any]) -> Iterator[tuple[tuple[Step, ...], str]]:
    for section, value in raw.items():
        if section not in SECTIONS:
            yield (section,), unknown(section, "", SECTIONS)
        elif section == "subjects":
            yield from _subject_problems(value)
        elif not isinstance(value, dict):
            yield (section,), f"`{section}` must be a section [{section}]"
        else:
            yield from _table_problems(value, SECTIONS[section], (section,), section)


def _subject_problems(value: object) -> Iterator[tuple[tuple[Step, ...], str]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        yield ("subjects",), "`subjects` must be written as [[subjects]] sections"
        return
    for number, entry in enumerate(value):
        yield from _table_problems(entry, Subject, ("subjects", number), "subjects")
        if "title" not in entry:
            yield ("subjects", number), "a [[subjects]] section needs a `title`"


def _table_problems(
    table: dict[str, Any], kind: type[Struct], path: tuple[Step, ...], name: str
) -> Iterator[tuple[tuple[Step, ...], str]]:
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        if key not in fields:
            yield (*path, key), unknown(key, f"{name}.", fields)
            continue
        try:
            msgspec.convert(value, fields[key])
        except msgspec.ValidationError as error:
            yield (*path, key), f"`{name}.{key}`: {_AT.sub('', str(error))}"
            continue
        if meaning := MEANINGS.get(f"{name}.{key}", anything)(value):
            yield (*path, key), f"`{name}.{key}`: {meaning}"


def _conflicts(config: Config) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Settings that are right alone and cannot be meant together."""
    yield from _subjects_at_odds(config.subjects)
    content, own = Path(config.layout.content), Path(config.draft.folder)
    if own in (content, *content.parents):
        yield ("draft", "folder"), f"`draft.folder`: all articles lie in {content}; expected a folder of its own"
    for key in ("static", "templates"):
        folder = Path(getattr(config.build, key) or "nowhere")
        if folder in (content, *content.parents) or folder.parts[0] in DERIVED:
            yield ("build", key), f"`build.{key}`: expected a folder of its own such as `{key}`"


def _subjects_at_odds(subjects: list[Subject]) -> Iterator[tuple[tuple[Step, ...], str]]:
    slugs: dict[str, str] = {}
    spellings: dict[str, str] = {}
    for number, subject in enumerate(subjects):
        slug = subject.slug or slugify(subject.title)
        if slug in slugs:
            yield ("subjects", number), f"the slug `{slug}` is that of {slugs[slug]!r} already; give it another one"
        slugs.setdefault(slug, subject.title)
        for spelling in dict.fromkeys(map(slugify, (subject.title, *subject.spellings))):
            if spelling in spellings:
                told = f"{spelling!r} means {spellings[spelling]!r} already; a spelling means one subject"
                yield ("subjects", number), told
            spellings.setdefault(spelling, subject.title)

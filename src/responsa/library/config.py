"""``responsa.toml``: every setting of a library, typed. A folder without one is a library all the same."""

import difflib
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from responsa.errors import ConfigError
from responsa.library.toml_position import Step, line_of
from responsa.library.urls import is_address, slugify
from responsa.records.layout import FIELDS, PRESETS, SEED, Layout

NAME: Final = "responsa.toml"
MOST: Final = 1_000_000_000
_DERIVED: Final = frozenset((".responsa", "evidence", "sources"))
"""Folders of a library that hold neither articles nor parts of the site."""
_PARENTS: Final = frozenset(name.partition(".")[0] for name in FIELDS)
SEED_KEYS: Final = (b"\nrelated_article1:", b"\npost_on_text:", b"\narticle_title:")


class Site(Struct, frozen=True, forbid_unknown_fields=True):
    """What the site is called and says about itself. ``promo`` and ``analytics`` are paths of HTML files."""

    name: str = "Questions and answers"
    base_url: str = ""
    language: str = "en"
    description: str = ""
    author: str = ""
    logo: str = ""
    tagline: str = ""
    promo: str = ""
    analytics: str = ""
    notice: str = ""


class Subject(Struct, frozen=True, forbid_unknown_fields=True):
    """A shelf. ``spellings`` are further names under which records file articles there."""

    title: str
    slug: str = ""
    spellings: list[str] = []
    listed: bool = True


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """What is published and how it is marked up. ``require_review`` and ``require_sources`` list subjects.

    ``min_score_of`` are scores by subject, which win over ``min_score``. ``unmet`` says what becomes of an article
    that lacks what is asked: it is held back, or published without being listed or indexed.
    """

    structured_data: Literal["article", "qapage", "medicalwebpage", "none"] = "article"
    review_years: int = 3
    require_review: list[str] = []
    require_sources: list[str] = []
    min_score: float | None = None
    min_score_of: dict[str, float] = {}
    unmet: Literal["hold", "noindex"] = "hold"
    refusals: Literal["hold", "publish"] = "hold"
    disclose_machine: bool = True


class BuildSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the site is built. ``templates`` and ``static`` are folders, ``style`` a file, below the library's folder."""

    page_size: int = 50
    templates: str = ""
    style: str = ""
    static: str = ""
    redirects: list[Literal["netlify", "nginx", "s3"]] = msgspec.field(default_factory=lambda: ["netlify"])
    related: Literal["stored", "filled"] = "stored"
    markdown_twins: bool = True
    search: bool = True


class IndexSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What searches by meaning. ``encoder`` as docs/search.md lists them; ``model`` is what an endpoint shall ask."""

    encoder: str = "minilm"
    model: str = ""


class DraftSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How questions become drafts. ``folder`` is where they wait; nothing in it is an article.

    ``price`` is money for a million tokens asked and a million answered. The key is never a setting.
    """

    folder: str = "drafts"
    endpoint: str = ""
    model: str = ""
    prompts: str = ""
    jobs: int = 4
    timeout: int = 120
    unsupported: Literal["cut", "mark"] = "cut"
    price: tuple[float, float] = (0.0, 0.0)


class StudySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Flashcards on the site. ``subjects`` are those that have a deck, all where it names none.

    ``new_cards`` a day and the share that a reader shall still know when a card comes back are theirs to begin with;
    ``quiz`` tells search engines what the cards are.
    """

    cards: bool = False
    subjects: list[str] = []
    new_cards: int = 20
    retention: float = 0.9
    quiz: bool = False


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings; ``layout`` is a preset (``kind``) with single keys changed."""

    site: Site = Site()
    subjects: list[Subject] = []
    layout: Layout = SEED
    policy: Policy = Policy()
    build: BuildSettings = BuildSettings()
    index: IndexSettings = IndexSettings()
    draft: DraftSettings = DraftSettings()
    study: StudySettings = StudySettings()


class LayoutSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The section ``[layout]`` as it is written: what is left out comes from the preset ``kind``."""

    kind: Literal["seed", "markdown", "hugo", "jekyll", "eleventy", ""] = ""
    content: str | None = None
    escaped_newlines: bool | None = None
    answer_in_body: bool | None = None
    keys: dict[str, str] = {}
    permalink: str | None = None


SECTIONS: Final[dict[str, type[Struct]]] = {
    "site": Site,
    "subjects": Subject,
    "layout": LayoutSettings,
    "policy": Policy,
    "build": BuildSettings,
    "index": IndexSettings,
    "draft": DraftSettings,
    "study": StudySettings,
}


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
    problems = sorted((line_of(text, path), problem) for path, problem in _problems(raw))
    if problems:
        raise ConfigError("\n".join(f"{name}:{line}: {problem}" for line, problem in problems))
    written = msgspec.convert(raw.pop("layout", {}), LayoutSettings)
    config = msgspec.convert(raw, Config)
    config = msgspec.structs.replace(config, layout=_layout(written, folder))
    problems = sorted((line_of(text, path), problem) for path, problem in _conflicts(config))
    if problems:
        raise ConfigError("\n".join(f"{name}:{line}: {problem}" for line, problem in problems))
    return config


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


def fingerprint(*parts: Struct | list[Any]) -> str:
    """The same for the same settings, in any process: a build made under another one is out of date."""
    return hashlib.blake2b(msgspec.json.encode(parts, order="deterministic"), digest_size=16).hexdigest()


def _problems(raw: dict[str, Any]) -> Iterator[tuple[tuple[Step, ...], str]]:
    for section, value in raw.items():
        if section not in SECTIONS:
            yield (section,), _unknown(section, "", SECTIONS)
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
            yield (*path, key), _unknown(key, f"{name}.", fields)
            continue
        try:
            msgspec.convert(value, fields[key])
        except msgspec.ValidationError as error:
            yield (*path, key), f"`{name}.{key}`: {_AT.sub('', str(error))}"
            continue
        if meaning := _MEANINGS.get(f"{name}.{key}", _anything)(value):
            yield (*path, key), f"`{name}.{key}`: {meaning}"


_AT: Final = re.compile(r" - at `\$(?:\[\.\.\.\]|\[\d+\])?`$")
"""Where in a value msgspec found it, which the key and the value tell."""


def _anything(_: object) -> str:
    return ""


def _below(path: str) -> str:
    outside = path.startswith(("/", "\\")) or ".." in Path(path).parts or "\0" in path
    return "expected a path inside the library's folder, without `..`" if outside else ""


def _content(path: str) -> str:
    if _DERIVED.intersection(Path(path).parts[:1]):
        return "expected the folder of the articles such as `content`"
    return _below(path)


def _keys(keys: dict[str, str]) -> str:
    for field, key in keys.items():
        if field not in FIELDS and field.partition(".")[0] not in _PARENTS:
            return _unknown(field, "layout.keys.", dict.fromkeys(sorted(FIELDS)))
        if not all(part.strip() for part in key.split(".")):
            return f"expected a key of the files for `{field}`, found {key!r}"
    return ""


def _permalink(address: str) -> str:
    plain = address.replace("{subject}", "").replace("{slug}", "")
    if "{slug}" in address and address.startswith("/") and not re.search(r"[{}?#\s]|\.\.", plain):
        return ""
    return "expected an address such as `/{subject}/{slug}`: it begins with `/` and holds `{slug}`"


def _base_url(url: str) -> str:
    """Pages link from the root of their host, and robots.txt, redirects and 404.html count only there."""
    host = re.match(r"https?://[^\s/?#<>\"'@\\]+", url)
    if not url or (host and url[host.end() :] in {"", "/"}):
        return ""
    if host and not re.search(r"[\s?#<>\"'@]", url):
        own = "give it a host of its own such as `https://answers.example.org`"
        return f"a site lies at the root of its host, not below a path: expected `{host[0]}`, or {own}"
    return "expected the site's address such as `https://example.org`"


def _language(tag: str) -> str:
    good = re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", tag)
    return "" if good else "expected a language such as `en` or `pt-BR`"


def _at_least_one(number: int) -> str:
    return "" if 1 <= number < MOST else "expected 1 or more, and less than a billion"


def _share(score: float | None) -> str:
    return "" if score is None or 0 <= score <= 1 else "expected a number from 0 to 1"


def _shares(scores: dict[str, float]) -> str:
    return next(filter(None, map(_share, scores.values())), "")


def _named(text: str) -> str:
    return "" if text.strip() else "expected a text, found an empty one"


def _segment(slug: str) -> str:
    good = not slug or (is_address(f"/{slug}") and "/" not in slug)
    return "" if good else "expected one part of an address such as `health-studies`"


def _own_folder(path: str) -> str:
    plain = Path(path).as_posix()
    if plain in {".", "", "content", "sources", "evidence", ".responsa"}:
        return "expected a folder of its own such as `drafts`"
    return ""


def _endpoint(address: str) -> str:
    good = not address or re.fullmatch(r"https?://[^\s/@?#]+(?:/[^\s@?#]*)?", address)
    return (
        "" if good else "expected an address such as `http://localhost:11434/v1`; a key belongs into RESPONSA_DRAFT_KEY"
    )


def _encoder(setting: str) -> str:
    good = re.fullmatch(r"minilm|(?:static|onnx|hub|sentence-transformers):.+|https?://[^\s/]+(?:/\S*)?", setting)
    known = "`minilm`, `static:FOLDER`, `onnx:FOLDER`, `hub:OWNER/NAME`, `sentence-transformers:NAME` or an address"
    return "" if good else f"expected {known}"


_MEANINGS: Final[dict[str, Callable[[Any], str]]] = {
    "site.base_url": _base_url,
    "site.name": _named,
    "site.language": _language,
    "site.promo": _below,
    "site.analytics": _below,
    "subjects.title": _named,
    "subjects.slug": _segment,
    "layout.content": _content,
    "layout.keys": _keys,
    "layout.permalink": _permalink,
    "policy.review_years": _at_least_one,
    "policy.min_score": _share,
    "policy.min_score_of": _shares,
    "build.page_size": _at_least_one,
    "build.templates": _below,
    "build.style": _below,
    "build.static": _below,
    "index.encoder": _encoder,
    "draft.folder": lambda path: _below(path) or _own_folder(path),
    "draft.prompts": _below,
    "draft.endpoint": _endpoint,
    "draft.jobs": lambda jobs: "" if 1 <= jobs <= 64 else "expected 1 to 64",  # noqa: PLR2004 - as --jobs
    "draft.timeout": _at_least_one,
    "study.new_cards": _at_least_one,
    "study.retention": lambda share: "" if 0.7 <= share <= 0.99 else "expected 0.7 to 0.99",  # noqa: PLR2004 - FSRS
    "draft.price": lambda price: "" if min(price) >= 0 else "expected two prices that are not below 0",
}
"""What a value must mean beyond its type: the function says what is wrong, or nothing."""


def _unknown(key: str, prefix: str, known: dict[str, Any]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean `{prefix}{near[0]}`?" if near else "known are " + ", ".join(f"`{prefix}{k}`" for k in known)
    return f"unknown key `{prefix}{key}`; {hint}"


def _conflicts(config: Config) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Settings that are right alone and cannot be meant together."""
    yield from _subjects_at_odds(config.subjects)
    content, own = Path(config.layout.content), Path(config.draft.folder)
    if own in (content, *content.parents):
        yield ("draft", "folder"), f"`draft.folder`: all articles lie in {content}; expected a folder of its own"
    for key in ("static", "templates"):
        folder = Path(getattr(config.build, key) or "nowhere")
        if folder in (content, *content.parents) or folder.parts[0] in _DERIVED:
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


def _layout(written: LayoutSettings, folder: Path) -> Layout:
    base = PRESETS[written.kind] if written.kind else None
    content = written.content if written.content is not None else content_root(folder, base)
    base = base or PRESETS[guess_kind(folder, content)]
    changed = {
        name: value
        for name in ("escaped_newlines", "answer_in_body", "permalink")
        if (value := getattr(written, name)) is not None
    }
    return msgspec.structs.replace(base, content=content, keys={**base.keys, **written.keys}, **changed)


def content_root(folder: Path, layout: Layout | None = None) -> str:
    """The folder of the articles: the layout's own, else ``content/learn`` or ``content``, else the library's."""
    likely = [layout.content] if layout else []
    return next((name for name in (*likely, "content/learn", "content") if (folder / name).is_dir()), ".")


def guess_kind(folder: Path, content: str) -> str:
    """``seed`` where the first files keep the answer as a key, else what the folder's own files say it is."""
    heads = [_head(path) for path in islice((folder / content).rglob("*.md"), 20)]
    if not heads or any(_is_seed(head.partition(b"\n---")[0]) for head in heads):
        return "seed"
    return next((kind for kind, signs in _SIGNS.items() if any((folder / sign).exists() for sign in signs)), "markdown")


def _is_seed(front: bytes) -> bool:
    return b"\nanswer:" in front or sum(key in front for key in SEED_KEYS) > 1


_SIGNS: Final = {
    "hugo": ("hugo.toml", "hugo.yaml", "archetypes"),
    "jekyll": ("_config.yml", "_posts"),
    "eleventy": (".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"),
}


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1 << 16)
    except OSError:
        return b""

"""What every page of a site shares: settings, subjects, templates, style. Its digest changes when any page might."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from msgspec import Struct, structs

import responsa
from responsa.errors import ConfigError
from responsa.library.catalogue import Catalogue
from responsa.library.config import fingerprint
from responsa.library.library import Library, shown
from responsa.library.subjects import SubjectInfo
from responsa.publish.assets import Asset, Assets, assets, hashed
from responsa.publish.own_files import OwnFile, addresses_of, leads_inside, own_files
from responsa.publish.places import shelf_url
from responsa.publish.search.script import script
from responsa.publish.study.files import FOLDER, addresses, decks
from responsa.publish.views import SiteView

PACKAGE: Final = Path(responsa.__file__).parent
ROOMS: Final = ("records", "library", "evidence", "publish")
RELATING: Final = ("index", "relate")
"""Rooms that decide it too where related questions are worked out for the site."""
PARTS: Final = ("math-core", "minijinja", "nh3", "pygments", "pyromark")
"""Libraries that decide what a page says."""


class Frame(Struct, frozen=True):
    """Everything but the articles. ``shelves`` are the subjects by slug; ``overrides`` is the templates' folder.

    ``taken`` are addresses whose page would lie where a file of the publisher's does, ``decks`` the slugs of the
    subjects that have flashcards.
    """

    library: Library
    site: SiteView
    shelves: dict[str, SubjectInfo]
    overrides: Path | None
    digest: str
    taken: frozenset[str] = frozenset()
    decks: frozenset[str] = frozenset()

    def shelf_url(self, slug: str, page: int = 1) -> str:
        """The address of a page of the subject's list."""
        return shelf_url(self.library.config.layout.permalink, slug, page)

    def reserved(self) -> frozenset[str]:
        """Addresses of subjects' lists and decks and of the publisher's own files, which no article can have."""
        return frozenset(self.shelf_url(slug) for slug in self.shelves) | self.taken | {*addresses(self.decks)}


class Files(Struct, frozen=True):
    """The publisher's own files, read once a build."""

    promo: str
    analytics: str
    style: str


def frame_of(library: Library, catalogue: Catalogue) -> tuple[Frame, Assets]:
    """The frame as settings and files are now, and the files that lie beside the pages. Raises ``ConfigError``."""
    shelves = {shelf.info.slug: shelf.info for shelf in catalogue.subjects()}
    config = library.config
    files = Files(
        promo=_text(library, "site.promo", config.site.promo),
        analytics=_text(library, "site.analytics", config.site.analytics),
        style=_text(library, "build.style", config.build.style),
    )
    logo = _logo(library)
    beside = assets(files.style)
    overrides = _folder(library, "templates", config.build.templates)
    studied = decks(config, shelves.values(), (library.subject_of(name).slug for name in config.study.subjects))
    own = _own_files(library, list(shelves), studied)
    stamps = [logo.url if logo else "", *(file.stamp for file in own), *_templates(library, overrides)]
    digest = fingerprint(config, sorted(shelves.items()), files, [_own(config.build.related), *stamps])
    site = _site(library, files, beside, logo)
    taken = frozenset(addresses_of(own))
    beside = structs.replace(beside, files=(*beside.files, *([logo] if logo else [])), own=own)
    return Frame(library, site, shelves, overrides, digest, taken, studied), beside


def _logo(library: Library) -> Asset | None:
    """The logo where it is a file of the library; an address stays what it is."""
    name = library.config.site.logo
    if not name or name.startswith(("/", "http://", "https://", "data:")):
        return None
    if ".." in Path(name).parts:
        raise ConfigError("responsa.toml: `site.logo`: expected a path inside the library's folder or an address")
    path = _inside(library, "site.logo", name)
    try:
        return hashed("logo", path.suffix.lower(), path.read_bytes())
    except OSError as error:
        raise ConfigError(f"responsa.toml: `site.logo`: {name} cannot be read: {error.strerror}") from error


def _own_files(library: Library, slugs: list[str], studied: frozenset[str]) -> tuple[OwnFile, ...]:
    config = library.config
    folder = _folder(library, "static", config.build.static)
    lists = (shelf_url(config.layout.permalink, slug) for slug in slugs)
    files = own_files(folder, lists, config.build.redirects, library.folder) if folder else ()
    for file in files if studied else ():
        if file.path.startswith(FOLDER) or file.path in (FOLDER[:-1], f"{FOLDER[:-1]}.html"):
            problem = "has a place of the flashcards; `study.cards = false` leaves them out"
            raise ConfigError(f"responsa.toml: `build.static`: {file.path} {problem}")
    return files


def _site(library: Library, files: Files, beside: Assets, logo: Asset | None) -> SiteView:
    site = library.config.site
    return SiteView(
        name=site.name,
        base_url=site.base_url.rstrip("/"),
        language=site.language,
        description=site.description,
        author=site.author,
        logo=logo.url if logo else site.logo,
        tagline=site.tagline,
        notice=site.notice,
        promo=files.promo,
        analytics=files.analytics,
        style_url=beside.style_url,
        search_url=script().url if library.config.build.search else "",
        structured_data=library.config.policy.structured_data,
    )


def _text(library: Library, key: str, name: str) -> str:
    if not name:
        return ""
    try:
        return _inside(library, key, name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise ConfigError(f"responsa.toml: `{key}`: {name} cannot be read: {problem}") from error


def _folder(library: Library, key: str, name: str) -> Path | None:
    if not name:
        return None
    folder = _inside(library, f"build.{key}", name)
    if not folder.is_dir():
        raise ConfigError(f"responsa.toml: `build.{key}`: there is no folder {name}")
    return folder


def _inside(library: Library, key: str, name: str) -> Path:
    """What a setting names. A link can come with a library from somebody else: what it leads to may be a secret."""
    path = library.folder / name
    if not leads_inside(path, library.folder):
        raise ConfigError(f"responsa.toml: `{key}`: {name} is a link out of the library; put the file itself there")
    return path


def _templates(library: Library, folder: Path | None) -> Iterator[str]:
    for path in sorted(folder.rglob("*")) if folder else []:
        if not path.is_file():
            continue
        name = path.relative_to(library.folder)
        try:
            digest = hashlib.blake2b(_inside(library, "build.templates", str(name)).read_bytes()).hexdigest()
        except OSError as error:
            raise ConfigError(f"{name}: cannot be read: {error.strerror}") from error
        yield f"{shown(str(path))} {digest}"


@cache
def _own(related: str) -> str:
    """What decides the bytes of a page in Responsa itself and in the libraries it calls."""
    digest = hashlib.blake2b(digest_size=16)
    rooms = (*ROOMS, *(RELATING if related == "filled" else ()))
    for path in sorted(path for room in rooms for path in (PACKAGE / room).rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".js", ".woff2"):
            digest.update(path.read_bytes())
    return " ".join([digest.hexdigest(), *map(version, PARTS)])

"""``responsa.toml``: every setting of a library, typed. A folder without one is a library all the same."""

import hashlib
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from responsa.records.layout import SEED, Layout

NAME: Final = "responsa.toml"


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


def fingerprint(*parts: Struct | list[Any]) -> str:
    """The same for the same settings, in any process: a build made under another one is out of date."""
    return hashlib.blake2b(msgspec.json.encode(parts, order="deterministic"), digest_size=16).hexdigest()

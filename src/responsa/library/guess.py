"""The layout of a library's files: as the settings state it, and guessed where they do not."""

from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from responsa.library.config import LayoutSettings
from responsa.records.layout import PRESETS, Layout

SEED_KEYS: Final = (b"\nrelated_article1:", b"\npost_on_text:", b"\narticle_title:")


def layout_of(written: LayoutSettings, folder: Path) -> Layout:
    """The preset that is written or guessed, with what is written in its place."""
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

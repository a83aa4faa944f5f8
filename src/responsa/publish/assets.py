"""The files beside the pages: one style sheet and what it names, each under a name that holds its own hash."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.publish.own_files import OwnFile

STATIC: Final = Path(__file__).parent / "static"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Blank space carries no meaning beside these. "+", "-" and ">" stay as they are: calc() needs the blanks.
_AROUND = re.compile(r"\s*([{};,])\s*")
_AFTER_COLON = re.compile(r"([\w-]+):\s+(?=[^{}]*[;}])")
_URL = re.compile(r"url\(\s*([\"']?)([^\"')]+)\1\s*\)")


class Asset(Struct, frozen=True):
    """A file of the site: served at ``/`` + ``path``, and safe to cache for ever as its name changes with it."""

    path: str
    content: bytes

    @property
    def url(self) -> str:
        """Where pages find it."""
        return f"/{self.path}"


class Assets(Struct, frozen=True):
    """Every file to write, and the address of the style sheet that pages link. ``own`` are the publisher's files."""

    files: tuple[Asset, ...]
    style_url: str
    own: tuple[OwnFile, ...] = ()


def assets(extra_style: str = "", static: Path = STATIC) -> Assets:
    """The bundled sheet with the publisher's ``extra_style`` after it, so that theirs wins, and fonts it names."""
    fonts = {path.name: hashed(path.stem, path.suffix, path.read_bytes()) for path in _fonts(static)}
    sheets = [path.read_text(encoding="utf-8") for path in sorted(static.glob("*.css"), key=_style_last)]
    text = _URL.sub(lambda match: _address(match, fonts), minified("\n".join(sheets)))
    style = hashed("style", ".css", f"{text}\n{extra_style}".strip().encode() + b"\n")
    return Assets((style, *fonts.values()), style.url)


@lru_cache(maxsize=8)
def minified(css: str) -> str:
    """``css`` without comments and the blank space that means nothing. Only for the bundled sheets."""
    return _AFTER_COLON.sub(r"\1:", _AROUND.sub(r"\1", _COMMENT.sub("", css))).replace(";}", "}").strip()


def _fonts(static: Path) -> Iterator[Path]:
    return (path for path in sorted(static.rglob("*")) if path.suffix in (".woff2", ".woff"))


def _style_last(path: Path) -> tuple[bool, str]:
    return path.name == "style.css", path.name


def hashed(stem: str, suffix: str, content: bytes) -> Asset:
    """A file under a name that holds its own hash."""
    return Asset(f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:10]}{suffix}", content)


def _address(match: re.Match[str], fonts: dict[str, Asset]) -> str:
    font = fonts.get(match[2].rpartition("/")[2])
    return f"url({font.url})" if font else match[0]
